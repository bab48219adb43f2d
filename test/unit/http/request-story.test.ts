import { describe, expect, it } from 'vitest'
import { requestStory, type StorySources } from '../../../gateway/http/control/request-story.ts'
import type { RouterDefinition } from '../../../gateway/config/gateway-config.ts'
import { promptFeatures } from '../../../gateway/routing/features.ts'
import { compileRouter } from '../../../gateway/routing/complexity/compiled-router.ts'
import { classify } from '../../../gateway/routing/complexity/classify.ts'
import type { RequestFacts } from '../../../gateway/model/request-facts.ts'
import { testConfig } from '../../integration/http/harness.ts'
import { recordDouble } from '../ledger/record-double.ts'

const config = testConfig()
const smart = config.routers.get('smart') as RouterDefinition
const { measure, settings } = compileRouter(smart)
const signals = measure('why does this function fail? step by step, refactor the class and the database schema', '')
const { score } = classify(signals, settings)
const features = promptFeatures(signals, { toolCount: 0, hasImages: false, bodyBytes: 10 } as unknown as RequestFacts)

const sources: StorySources = {
  config,
  router: smart,
  priceOf: (deployment) =>
    deployment.modelName === 'cheap'
      ? { costNanoUsd: 5, source: 'catalogue', billing: 'billed', provenance: 'list' }
      : { costNanoUsd: null, source: 'unknown', billing: 'billed', provenance: '' },
  session: undefined,
  label: undefined,
}
const record = recordDouble({ id: 'r', router: 'smart', tier: 'SIMPLE', score, features, modelName: 'cheap' })

describe('why a tier', () => {
  it('is the score taken apart again, with the words that fired', () => {
    const { why } = requestStory(record, sources)
    expect(why).toMatchObject({ cause: 'score', score, settings: 'as then' })
    expect(why?.dimensions).toHaveLength(7)
    expect(why?.dimensions.find(({ name }) => name === 'codePresence')?.fired).toContain('function')
  })

  it('says so when the settings are others by now, or the router is gone', () => {
    const changed = { ...smart, complexity: { ...smart.complexity, dimensionWeights: { codePresence: 9 } } }
    expect(requestStory(record, { ...sources, router: changed }).why?.settings).toBe('changed')
    expect(requestStory(record, { ...sources, router: undefined }).why).toMatchObject({
      settings: 'gone',
      dimensions: [],
    })
    const damaged = { ...record, features: { v: 99 } }
    expect(requestStory(damaged, sources).why?.settings).toBe('gone')
  })

  it('is nothing without a router, and a pin where nothing was scored', () => {
    expect(requestStory({ ...record, router: null, tier: null }, { ...sources, router: undefined }).why).toBeNull()
    expect(requestStory({ ...record, score: null }, sources).why).toMatchObject({ cause: 'pinned', score: null })
  })
})

describe('the candidates', () => {
  it('are told in order: left out, asked, not needed', () => {
    const tiers = {
      SIMPLE: ['other', 'cheap', 'last'].map((model) => ({ model, state: 'configured', defaults: {} }) as const),
    }
    const attempts = [
      { deploymentId: 'x', model: 'cheap', status: 500, outcome: 'upstream_error', startedMs: 0, durationMs: 1 },
      { deploymentId: 'x', model: 'cheap', status: 200, outcome: 'answered', startedMs: 1, durationMs: 1 },
    ]
    const skipped = [{ model: 'other', reason: 'is down: connection refused' }]
    const story = requestStory({ ...record, attempts, skipped }, { ...sources, router: { ...smart, tiers } })
    expect(story.candidates.map(({ model, outcome }) => `${model} ${outcome}`)).toEqual([
      'other skipped',
      'cheap answered',
      'last not needed',
    ])
    expect(story.candidates[0]?.reason).toContain('refused')
    expect(story.candidates[1]?.reason).toBe('asked, 2 times')
  })
})

describe('the same tokens', () => {
  it('cost what each tier’s first model costs, unknown where that is', () => {
    expect(requestStory(record, sources).sameTokens?.tiers).toEqual([
      { tier: 'SIMPLE', model: 'cheap', costNanoUsd: 5, billing: 'billed', chosen: true },
      { tier: 'COMPLEX', model: 'vendor/strong', costNanoUsd: null, billing: 'billed', chosen: false },
    ])
    expect(requestStory({ ...record, usage: null }, sources).sameTokens).toBeNull()
  })
})
