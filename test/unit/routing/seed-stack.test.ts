import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../gateway/config/load-config.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'
import { listModels } from '../../../gateway/routing/list-models.ts'
import { plan } from '../../../gateway/routing/plan.ts'
import type { RoutingSnapshot } from '../../../gateway/routing/plan-types.ts'
import { makeFacts, makeSnapshot, refusalOf, seedPrompts } from './routing-fixtures.ts'

const path = join(import.meta.dirname, '../../fixtures/configs/seed-stack.yaml')

/** The snapshot of the stack with every provider key but those named. */
function stackSnapshot(...without: readonly string[]): RoutingSnapshot {
  const lookup = (name: string) => (name.endsWith('_KEY') && !without.includes(name) ? `value of ${name}` : undefined)
  const { config } = loadConfig({ path, lookup, catalogue: readCatalogue() })
  if (config === undefined) throw new Error('the stack does not load')
  return makeSnapshot({ config })
}

const stack = stackSnapshot()

function answerOf(model: string, userText: string) {
  const { candidates, decision, warnings } = plan(makeFacts({ model, userText }), stack)
  return [candidates.map(({ group }) => group).join(), decision?.tier, warnings.length]
}

describe('the stack that we replace, as its file stands', () => {
  test('lists 27 models and 3 routers', () => {
    const listed = listModels({ ...stack, demo: 'callable' })
    expect(listed.filter(({ kind }) => kind === 'model')).toHaveLength(27)
    expect(listed.filter(({ kind }) => kind === 'router').map(({ name }) => name)).toEqual([
      'frontier-router',
      'mistral-router',
      'opencodego-router',
    ])
  })

  test.each([
    [seedPrompts.simple, 'opencode-deepseek-v4-flash', 'SIMPLE', -0.2],
    [seedPrompts.medium, 'opencode-deepseek-v4-pro', 'MEDIUM', 0.1],
    [seedPrompts.complex, 'opencode-kimi-k2-6', 'COMPLEX', 0.25],
    [seedPrompts.reasoning, 'opencode-mimo-v2-5-pro', 'REASONING', 0.595],
  ])('its tuned router sends %j to %s', (prompt, group, tier, score) => {
    expect(answerOf('opencodego-router', prompt)).toEqual([group, tier, 0])
    const { decision } = plan(makeFacts({ model: 'opencodego-router', userText: prompt }), stack)
    expect(decision?.score).toBeCloseTo(score, 12)
  })

  test('its router with default settings judges as LiteLLM does', () => {
    expect(Object.values(seedPrompts).map((prompt) => answerOf('frontier-router', prompt)[0])).toEqual([
      'gpt-5.4-mini',
      'claude-sonnet-4-6',
      'claude-sonnet-4-6',
      'gpt-5.5',
    ])
  })

  test('its router of two tiers goes to the nearest tier and warns', () => {
    expect(Object.values(seedPrompts).map((prompt) => answerOf('mistral-router', prompt))).toEqual([
      ['mistral-small-4', 'SIMPLE', 0],
      ['mistral-medium-3-5', 'COMPLEX', 1],
      ['mistral-medium-3-5', 'COMPLEX', 1],
      ['mistral-medium-3-5', 'COMPLEX', 0],
    ])
    const override = answerOf('mistral-router', 'analyze this step by step and think carefully')
    expect(override).toEqual(['mistral-medium-3-5', 'COMPLEX', 1])
  })

  test('a provider without its key is named, the others work', () => {
    const snapshot = stackSnapshot('MISTRAL_API_KEY')
    const refusal = refusalOf(() => plan(makeFacts({ model: 'mistral-router' }), snapshot))
    expect(refusal).toMatchObject({ code: 'provider_key_missing', status: 401 })
    expect(refusal.message).toContain('no provider key for mistral-small-4: set MISTRAL_API_KEY')
    expect(plan(makeFacts({ model: 'opencodego-router' }), snapshot).candidates).toHaveLength(1)
  })
})
