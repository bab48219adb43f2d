import { describe, expect, test } from 'vitest'
import type { RequestFacts } from '../../../gateway/model/request-facts.ts'
import { plan, planQuestion } from '../../../gateway/routing/plan.ts'
import type { Plan } from '../../../gateway/routing/plan-types.ts'
import {
  makeDeployment,
  makeFacts,
  makeRouter,
  makeSnapshot,
  makeTarget,
  refusalOf,
  type SnapshotParts,
} from './routing-fixtures.ts'

const small = makeDeployment('small', { contextWindow: 1000 })
const middle = makeDeployment('middle', { contextWindow: 5000 })
const large = makeDeployment('large', { contextWindow: 100_000 })
const open = makeDeployment('open')
const all = [small, middle, large, open]

const groups = (candidates: Plan['candidates']) => candidates.map(({ group, chainIndex }) => [group, chainIndex])
/** A request of at least so many tokens. */
const long = (tokens: number, given: Partial<RequestFacts> = {}) =>
  makeFacts({ model: 'small', bodyBytes: tokens * 4, leastInputTokens: () => tokens, ...given })
const planFor = (facts: RequestFacts, parts: SnapshotParts = {}) =>
  plan(facts, makeSnapshot({ deployments: all, routers: [], ...parts }))
const chains = (config: SnapshotParts['config']): SnapshotParts => ({ config: { ...config } })

describe('a request that is provably too long', () => {
  test('leaves out what has no room, and goes on to what has', () => {
    const two = [small, makeDeployment('small', { id: 'roomy', contextWindow: 8000 })]
    const planned = planFor(long(1001), { deployments: two })
    expect(planned.candidates.map(({ deployment }) => deployment.id)).toEqual(['roomy'])
    expect(planned.skipped[0]?.reason).toBe('has room for 1000 tokens, the request has at least 1001')
    expect(planned.warnings).toEqual([])
  })

  test('fits when it has exactly the room', () => {
    expect(groups(planFor(long(1000)).candidates)).toEqual([['small', 0]])
  })

  test('goes to the chain for it first, then to the general one, with a word about it', () => {
    const planned = planFor(
      long(6000),
      chains({
        contextWindowFallbacks: new Map([['small', ['middle', 'large']]]),
        fallbacks: new Map([['small', ['open', 'large']]]),
      }),
    )
    expect(groups(planned.candidates)).toEqual([
      ['large', 2],
      ['open', 3],
    ])
    expect(planned.warnings).toEqual(['small was skipped: has room for 1000 tokens, the request has at least 6000.'])
  })

  test('goes to the general chain where there is no other', () => {
    const planned = planFor(long(6000), chains({ fallbacks: new Map([['small', ['middle', 'large']]]) }))
    expect(groups(planned.candidates)).toEqual([['large', 2]])
  })

  test('leaves out what is only presumed to have no room while something else has, and never refuses for it', () => {
    const listed = makeDeployment('small', { contextWindow: 1000, windowIsPresumed: true })
    const deployments = [listed, middle, large]
    const withChain = planFor(long(1101), { deployments, config: { fallbacks: new Map([['small', ['middle']]]) } })
    expect(groups(withChain.candidates)).toEqual([['middle', 1]])
    // Such figures are round.
    expect(groups(planFor(long(1100), { deployments }).candidates)).toEqual([['small', 0]])
    const alone = planFor(long(6000), { deployments, config: { fallbacks: new Map([['small', ['middle']]]) } })
    expect(groups(alone.candidates)).toEqual([['small', 0]])
    expect(alone.warnings.at(-1)).toBe(
      'small has room for 1000 tokens, the request has at least 6000, and is tried because nothing else is left.',
    )
  })

  test('is refused with the numbers when nothing has room', () => {
    const refusal = refusalOf(() => planFor(long(6000), chains({ fallbacks: new Map([['small', ['middle']]]) })))
    expect(refusal).toMatchObject({ code: 'context_length_exceeded', status: 400, shouldRetry: false })
    expect(refusal.message).toContain('small has room for 1000 tokens, the request has at least 6000')
    expect(refusal.message).toContain('middle has room for 5000 tokens')
  })

  test('of a router goes to the nearest tier above that has room, then below', () => {
    const routers = [
      makeRouter({
        tiers: { SIMPLE: [makeTarget('small')], COMPLEX: [makeTarget('middle')], REASONING: [makeTarget('large')] },
      }),
    ]
    const planned = planFor(long(6000, { model: 'router' }), { routers })
    expect(groups(planned.candidates)).toEqual([['large', 0]])
    expect(planned.decision).toMatchObject({ tier: 'REASONING', wantedTier: 'SIMPLE' })
    expect(planned.warnings).toContain('Router router: the request is too long for SIMPLE, REASONING is used instead.')
    const pinned = new Map([['router', { mode: 'pinned', tier: 'SIMPLE' } as const]])
    const refusal = refusalOf(() =>
      planFor(long(6000, { model: 'router' }), { routers, snapshot: { switches: pinned } }),
    )
    expect(refusal.code).toBe('context_length_exceeded')
  })

  test('counts the output asked for where the whole window is known, and the server does not cut it', () => {
    const whole = { contextWindow: 1000, totalWindow: 1000 }
    const facts = long(900, { maxOutputTokens: 200 })
    const refusal = refusalOf(() => planFor(facts, { deployments: [makeDeployment('small', whole)] }))
    expect(refusal.message).toContain('has at least 900 and asks for 200 more')
    const ollama = [makeDeployment('small', { ...whole, provider: 'ollama' })]
    expect(planFor(facts, { deployments: ollama }).candidates).toHaveLength(1)
    expect(planFor(facts, { deployments: [small] }).candidates).toHaveLength(1)
  })

  test('is not looked for when the file says so, or nothing is certain', () => {
    expect(planFor(long(6000), chains({ preCallChecks: false })).candidates).toHaveLength(1)
    const { leastInputTokens: _, ...uncertain } = long(6000)
    expect(planFor(uncertain).candidates).toHaveLength(1)
  })

  test('may still be asked about', () => {
    const planned = planQuestion(long(6000), makeSnapshot({ deployments: all, routers: [] }))
    expect(groups(planned.candidates)).toEqual([['small', 0]])
  })

  test('is not counted while its bytes already prove that it fits', () => {
    let counted = 0
    const facts = makeFacts({
      model: 'small',
      bodyBytes: 2000,
      leastInputTokens: () => {
        counted += 1
        return 9999
      },
    })
    expect(planFor(facts).candidates).toHaveLength(1)
    expect(counted).toBe(0)
  })
})

describe('a request that is probably too long', () => {
  test('is tried last where there is little room, by the ratio of the deployment', () => {
    const two = [
      makeDeployment('small', { id: 'tight', contextWindow: 1000, weight: 1 }),
      makeDeployment('small', { id: 'roomy', contextWindow: 9000, weight: 0 }),
    ]
    const facts = makeFacts({ model: 'small', bodyBytes: 4400, leastInputTokens: () => 500 })
    const first = (bytesPerToken?: number) =>
      planFor(facts, { deployments: two, snapshot: { bytesPerToken: () => bytesPerToken } }).candidates[0]?.deployment
        .id
    expect(first()).toBe('roomy')
    expect(first(5)).toBe('tight')
  })
})

describe('when an upstream says that a request is too long', () => {
  test('the chain for it is tried, of the file or of the request', () => {
    const config = { contextWindowFallbacks: new Map([['small', ['middle', 'large']]]) }
    expect(groups(planFor(makeFacts({ model: 'small' }), { config }).onContextWindow)).toEqual([
      ['middle', 1],
      ['large', 2],
    ])
    const ofRequest = makeFacts({ model: 'small', controls: { contextWindowFallbacks: ['open'] } })
    expect(groups(planFor(ofRequest, { config }).onContextWindow)).toEqual([['open', 1]])
    const none = makeFacts({ model: 'small', controls: { contextWindowFallbacks: [] } })
    expect(planFor(none, { config }).onContextWindow).toEqual([])
  })

  test('without one, what the general chain has with more room', () => {
    const config = { fallbacks: new Map([['middle', ['small', 'open', 'large']]]) }
    expect(groups(planFor(makeFacts({ model: 'middle' }), { config }).onContextWindow)).toEqual([
      ['open', 2],
      ['large', 3],
    ])
  })

  test('another deployment of the same model only where its window is known to be larger', () => {
    const two = [
      makeDeployment('m', { id: 'one', order: 1, contextWindow: 1000 }),
      makeDeployment('m', { id: 'two', order: 2, contextWindow: 2000 }),
      makeDeployment('m', { id: 'three', order: 3 }),
    ]
    const planned = planFor(makeFacts({ model: 'm' }), { deployments: two })
    expect(planned.onContextWindow.map(({ deployment }) => deployment.id)).toEqual(['two'])
  })
})

describe('when an upstream refuses the content', () => {
  const config = {
    fallbacks: new Map([['small', ['large']]]),
    contentPolicyFallbacks: new Map([['small', ['open', 'middle']]]),
  }

  test('only the chain for it is tried', () => {
    expect(groups(planFor(makeFacts({ model: 'small' }), { config }).onContentPolicy)).toEqual([
      ['open', 1],
      ['middle', 2],
    ])
    expect(planFor(makeFacts({ model: 'large' }), { config }).onContentPolicy).toEqual([])
  })

  test('the request may name it, within its key', () => {
    const facts = makeFacts({ model: 'small', controls: { contentPolicyFallbacks: ['large'] } })
    expect(groups(planFor(facts, { config }).onContentPolicy)).toEqual([['large', 1]])
    const refusal = refusalOf(() => planFor(facts, { config, snapshot: { allowedModels: ['small'] } }))
    expect(refusal).toMatchObject({ code: 'key_model_access_denied', param: 'content_policy_fallbacks' })
  })

  test('max_fallbacks of the request shortens every chain, and cannot lengthen one', () => {
    const facts = (maxFallbacks: number) => makeFacts({ model: 'small', controls: { maxFallbacks } })
    const short = planFor(facts(1), { config })
    expect(groups(short.onContentPolicy)).toEqual([['open', 1]])
    expect(planFor(facts(0), { config }).candidates).toHaveLength(1)
    expect(planFor(facts(9), { config: { ...config, maxFallbacks: 0 } }).candidates).toHaveLength(1)
  })
})
