import { describe, expect, it } from 'vitest'
import type { RouterDefinition } from '../../../gateway/config/gateway-config.ts'
import type { RouterDraft } from '../../../gateway/contract/router-draft.ts'
import { defaultBoundaries, defaultWeights } from '../../../gateway/model/complexity.ts'
import { scoringSettings } from '../../../gateway/routing/complexity/scoring-settings.ts'
import { editRouter } from '../../../gateway/routing/edited-router.ts'
import { testConfig } from '../../integration/http/harness.ts'

const smart = testConfig().routers.get('smart') as RouterDefinition
const names = new Set(['cheap', 'vendor/strong', 'middle'])
const edit = (draft: RouterDraft, router = smart) => editRouter(router, draft, names)
const settings = (draft: RouterDraft, router = smart) => scoringSettings(edit(draft, router).complexity)

describe('edited settings of a router', () => {
  it('leave everything as it is where they say nothing', () => {
    expect(edit({})).toEqual(smart)
  })

  it('change single weights and boundaries of those that hold', () => {
    const { weights, boundaries } = settings({
      dimension_weights: { codePresence: 0.5 },
      tier_boundaries: { medium_complex: 0.4 },
    })
    expect(weights).toEqual({ ...defaultWeights, codePresence: 0.5 })
    expect(boundaries).toEqual({ ...defaultBoundaries, medium_complex: 0.4 })
  })

  it('go back to the default with null', () => {
    const edited = edit({
      dimension_weights: { codePresence: 9 },
      tier_boundaries: { simple_medium: 0 },
      no_signal_tier: 'MEDIUM',
    })
    const back = settings({ dimension_weights: null, tier_boundaries: null, no_signal_tier: null }, edited)
    expect(back).toEqual(scoringSettings(smart.complexity))
  })

  it('replace a chain, keep the fields of a model that stays, and take a tier away', () => {
    const withFields = {
      ...smart,
      tiers: { ...smart.tiers, SIMPLE: [{ model: 'cheap', state: 'configured', defaults: { temperature: 0 } }] },
    } as const satisfies RouterDefinition
    const { tiers } = edit({ tiers: { SIMPLE: ['middle', 'cheap', 'middle'], COMPLEX: null } }, withFields)
    expect(tiers.SIMPLE).toEqual([
      { model: 'middle', state: 'configured', defaults: {} },
      { model: 'cheap', state: 'configured', defaults: { temperature: 0 } },
    ])
    expect(tiers.COMPLEX).toBeUndefined()
  })

  it.each([
    [{ tiers: { SIMPLE: ['midle'] } }, 'draft.tiers.SIMPLE', /"midle", which is no model here\. Did you mean middle\?/],
    [{ tiers: { SIMPLE: null, COMPLEX: null } }, 'draft.tiers', /No tier has a model/],
    [{ tier_boundaries: { simple_medium: 0.5 } }, 'draft.tier_boundaries', /must rise .*got 0\.5, 0\.35, 0\.6/],
  ] as const)('refuse %j', (draft, param, message) => {
    try {
      edit(draft as unknown as RouterDraft)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_field', param })
      expect((error as Error).message).toMatch(message)
    }
  })
})
