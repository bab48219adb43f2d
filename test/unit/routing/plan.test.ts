import { describe, expect, test } from 'vitest'
import { plan } from '../../../gateway/routing/plan.ts'
import {
  makeDeployment,
  makeFacts,
  makeRouter,
  makeSnapshot,
  makeTarget,
  refusalOf,
  seedPrompts,
} from './routing-fixtures.ts'

const groupsOf = (planned: ReturnType<typeof plan>) =>
  planned.candidates.map(({ group, chainIndex }) => [group, chainIndex])
const idsOf = (planned: ReturnType<typeof plan>) => planned.candidates.map(({ deployment }) => deployment.id)

describe('names', () => {
  const deployments = [
    makeDeployment('small', { id: 'a' }),
    makeDeployment('small', { id: 'b' }),
    makeDeployment('large'),
  ]

  test('a group gives its deployments, an id exactly one, and no configured fallback then', () => {
    const snapshot = makeSnapshot({ deployments, config: { fallbacks: new Map([['*', ['large']]]) } })
    expect(idsOf(plan(makeFacts({ model: 'small' }), snapshot)).sort()).toEqual(['a', 'b', 'large-id'])
    const single = plan(makeFacts({ model: 'b' }), snapshot)
    expect(idsOf(single)).toEqual(['b'])
    expect(single.candidates[0]?.group).toBe('small')
    expect(single.decision).toBeUndefined()
    expect(single.features).toBeUndefined()
  })

  test('an alias stands for its group or router, hidden or not', () => {
    const aliases = new Map([
      ['big', { group: 'large', hidden: true }],
      ['auto', { group: 'router', hidden: false }],
    ])
    const snapshot = makeSnapshot({ config: { aliases } })
    expect(groupsOf(plan(makeFacts({ model: 'big' }), snapshot))).toEqual([['large', 0]])
    const routed = plan(makeFacts({ model: 'auto' }), snapshot)
    expect(routed.asked).toBe('auto')
    expect(routed.decision?.router).toBe('router')
  })

  test('an unknown name is refused with the nearest names and the way to the list', () => {
    const refusal = refusalOf(() => plan(makeFacts({ model: 'smal' }), makeSnapshot()))
    expect(refusal).toMatchObject({ code: 'model_not_found', status: 400, param: 'model', shouldRetry: false })
    expect(refusal.message).toContain('Invalid model name passed in model=smal.')
    expect(refusal.message).toContain('/v1/models')
    expect(refusal.message).toContain('Nearest: small.')
  })

  test('a hostile name is shown short and without control characters', () => {
    const { message } = refusalOf(() =>
      plan(makeFacts({ model: `a\n\u202Eb\u0000${'x'.repeat(100_000)}` }), makeSnapshot()),
    )
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(message.length).toBeLessThan(500)
  })

  test.each(['https://evil.example/v1', 'HTTP://x', 'file:///etc/passwd'])('the URL %s is not a model', (model) => {
    expect(refusalOf(() => plan(makeFacts({ model }), makeSnapshot()))).toMatchObject({
      code: 'invalid_field',
      param: 'model',
    })
  })

  test.each(['__proto__', 'constructor', 'toString'])('%s is an unknown name like any other', (model) => {
    expect(refusalOf(() => plan(makeFacts({ model }), makeSnapshot())).code).toBe('model_not_found')
  })
})

describe('keys with a list of models', () => {
  test('a name that is not listed is refused, whether it exists or not, and no other name is given away', () => {
    const snapshot = makeSnapshot({ snapshot: { allowedModels: ['small'] } })
    const refusals = ['large', 'no-such-model'].map((model) => refusalOf(() => plan(makeFacts({ model }), snapshot)))
    for (const [index, refusal] of refusals.entries()) {
      expect(refusal).toMatchObject({ code: 'key_model_access_denied', status: 403, param: 'model' })
      expect(refusal.message).toContain(['large', 'no-such-model'][index])
      expect(refusal.message).toContain('It may use: small.')
      expect(refusal.message).not.toMatch(/middle|thinker|router/)
    }
  })

  test('a key that may use a router may use its tiers and fallbacks, but not directly', () => {
    const snapshot = makeSnapshot({
      config: { fallbacks: new Map([['router', ['large']]]) },
      snapshot: { allowedModels: ['router'] },
    })
    expect(groupsOf(plan(makeFacts(), snapshot))).toEqual([
      ['small', 0],
      ['large', 1],
    ])
    expect(refusalOf(() => plan(makeFacts({ model: 'small' }), snapshot)).code).toBe('key_model_access_denied')
  })

  test('an alias or an id is allowed through the group it stands for', () => {
    const aliases = new Map([['big', { group: 'large', hidden: false }]])
    const snapshot = makeSnapshot({ config: { aliases }, snapshot: { allowedModels: ['large'] } })
    expect(groupsOf(plan(makeFacts({ model: 'big' }), snapshot))).toEqual([['large', 0]])
    expect(groupsOf(plan(makeFacts({ model: 'large-id' }), snapshot))).toEqual([['large', 0]])
  })

  test('fallbacks in the request are checked', () => {
    const snapshot = makeSnapshot({ snapshot: { allowedModels: ['small'] } })
    const refusal = refusalOf(() => plan(makeFacts({ model: 'small', requestFallbacks: ['large'] }), snapshot))
    expect(refusal).toMatchObject({ code: 'key_model_access_denied', param: 'fallbacks' })
  })

  test('an empty list allows nothing', () => {
    const snapshot = makeSnapshot({ snapshot: { allowedModels: [] } })
    expect(refusalOf(() => plan(makeFacts(), snapshot)).message).toContain('It may use: no model.')
  })
})

describe('fallbacks', () => {
  const chain = (entries: Record<string, string[]>, maxFallbacks = 5) => ({
    config: { fallbacks: new Map(Object.entries(entries)), maxFallbacks },
  })
  const groupsFor = (given: Parameters<typeof makeFacts>[0], parts: Parameters<typeof makeSnapshot>[0]) =>
    groupsOf(plan(makeFacts(given), makeSnapshot(parts)))

  test('follow the asked group in order, each with its place', () => {
    expect(groupsFor({ model: 'small' }, chain({ small: ['large', 'middle'] }))).toEqual([
      ['small', 0],
      ['large', 1],
      ['middle', 2],
    ])
  })

  test("come from the router's entry, else its group's, else the default", () => {
    const all = { router: ['large'], small: ['middle'], '*': ['thinker'] }
    expect(groupsFor({}, chain(all))[1]).toEqual(['large', 1])
    expect(groupsFor({}, chain({ small: ['middle'], '*': ['thinker'] }))[1]).toEqual(['middle', 1])
    expect(groupsFor({}, chain({ '*': ['thinker'] }))[1]).toEqual(['thinker', 1])
  })

  test('leave out the asked group and repeats, and end at the limit', () => {
    expect(
      groupsFor({ model: 'small' }, chain({ small: ['small', 'large', 'large', 'middle', 'thinker'] }, 2)),
    ).toEqual([
      ['small', 0],
      ['large', 1],
      ['middle', 2],
    ])
    expect(groupsFor({ model: 'small' }, chain({ small: ['large'] }, 0))).toEqual([['small', 0]])
  })

  test('of the request replace the configured ones, an empty list too', () => {
    const parts = chain({ small: ['large'] })
    expect(groupsFor({ model: 'small', requestFallbacks: ['thinker'] }, parts)[1]).toEqual(['thinker', 1])
    expect(groupsFor({ model: 'small', requestFallbacks: [] }, parts)).toEqual([['small', 0]])
  })

  test('that are not there keep their place', () => {
    const planned = plan(makeFacts({ model: 'small' }), makeSnapshot(chain({ small: ['ollama/gone', 'large'] })))
    expect(groupsOf(planned)).toEqual([
      ['small', 0],
      ['large', 2],
    ])
    expect(planned.skipped).toHaveLength(1)
    expect(planned.warnings).toEqual([])
  })

  test('that the request names and nobody knows are told to the client', () => {
    const planned = plan(makeFacts({ model: 'small', requestFallbacks: ['gone'] }), makeSnapshot())
    expect(planned.warnings).toEqual(['The fallback gone is not available.'])
  })

  test('of the default entry answer for a name that nobody knows, and say so', () => {
    const parts = chain({ '*': ['small', 'large'] })
    const planned = plan(makeFacts({ model: 'nope' }), makeSnapshot(parts))
    expect(groupsOf(planned)).toEqual([
      ['small', 1],
      ['large', 2],
    ])
    expect(planned.warnings).toEqual(['nope is not configured: the default fallbacks answer.'])
    const notFound = { code: 'model_not_found', status: 400 }
    for (const given of [{ requestFallbacks: [] }, { requestFallbacks: ['large'] }, { controls: { maxFallbacks: 0 } }])
      expect(refusalOf(() => plan(makeFacts({ model: 'nope', ...given }), makeSnapshot(parts)))).toMatchObject(notFound)
    expect(
      refusalOf(() => plan(makeFacts({ model: 'nope' }), makeSnapshot(chain({ small: ['large'] })))),
    ).toMatchObject(notFound)
    const limited = makeSnapshot({ ...parts, snapshot: { allowedModels: ['small'] } })
    expect(refusalOf(() => plan(makeFacts({ model: 'nope' }), limited))).toMatchObject({
      code: 'key_model_access_denied',
    })
  })

  test('may be a router, which stands for the tier it chooses', () => {
    expect(groupsFor({ model: 'thinker' }, chain({ thinker: ['router'] }))).toEqual([
      ['thinker', 0],
      ['small', 1],
    ])
    const off = { snapshot: { switches: new Map([['router', { mode: 'off' } as const]]) } }
    const planned = plan(makeFacts({ model: 'thinker' }), makeSnapshot({ ...chain({ thinker: ['router'] }), ...off }))
    expect(groupsOf(planned)).toEqual([['thinker', 0]])
    expect(planned.skipped).toEqual([{ model: 'router', reason: 'is off' }])
  })
})

describe('missing provider keys', () => {
  const missing = (...names: string[]) => ({ apiKey: { kind: 'missing', names } as const })

  test('take a deployment out while another one is there', () => {
    const deployments = [
      makeDeployment('small', { id: 'a', ...missing('KEY_A') }),
      makeDeployment('small', { id: 'b' }),
    ]
    const planned = plan(makeFacts({ model: 'small' }), makeSnapshot({ deployments }))
    expect(idsOf(planned)).toEqual(['b'])
    expect(planned.skipped).toEqual([{ model: 'small', reason: 'KEY_A is not set', deploymentId: 'a' }])
    expect(planned.warnings).toEqual([])
  })

  test('of a whole group leave its fallbacks, with a warning', () => {
    const deployments = [makeDeployment('small', missing('KEY_A')), makeDeployment('large')]
    const fallbacks = new Map([['small', ['large']]])
    const planned = plan(makeFacts({ model: 'small' }), makeSnapshot({ deployments, config: { fallbacks } }))
    expect(groupsOf(planned)).toEqual([['large', 1]])
    expect(planned.warnings).toEqual(['small was skipped: KEY_A is not set.'])
  })

  test('of everything are a refusal that names the variables', () => {
    const deployments = [makeDeployment('small', missing('KEY_A', 'KEY_B')), makeDeployment('large', missing('KEY_C'))]
    const fallbacks = new Map([['small', ['large']]])
    const refusal = refusalOf(() =>
      plan(makeFacts({ model: 'small' }), makeSnapshot({ deployments, config: { fallbacks } })),
    )
    expect(refusal).toMatchObject({ code: 'provider_key_missing', status: 401, shouldRetry: false })
    expect(refusal.message).toContain('no provider key for small, large: set one of KEY_A, KEY_B, KEY_C in')
    expect(refusal.message).toContain('at Settings, Secrets, where a locked store of keys is unlocked too.')
  })
})

describe('demo models', () => {
  const none = { deployments: [], routers: [] }

  test('answer by name while listed or callable, and are unknown when off', () => {
    for (const demo of ['listed', 'callable'] as const) {
      const planned = plan(makeFacts({ model: 'demo-simple' }), makeSnapshot({ ...none, snapshot: { demo } }))
      expect(planned.candidates[0]?.deployment).toMatchObject({
        adapter: 'demo',
        provider: 'demo',
        modelName: 'demo-simple',
      })
    }
    const off = makeSnapshot({ ...none, snapshot: { demo: 'off' } })
    for (const model of ['demo-simple', 'demo-router']) {
      expect(refusalOf(() => plan(makeFacts({ model }), off)).code).toBe('model_not_found')
    }
  })

  test.each([
    [seedPrompts.simple, 'demo-simple', -0.2],
    [seedPrompts.medium, 'demo-medium', 0.1],
    [seedPrompts.complex, 'demo-complex', 0.25],
    [seedPrompts.reasoning, 'demo-reasoning', 0.595],
  ])('the demo router sends %j to %s', (userText, group, score) => {
    const planned = plan(makeFacts({ model: 'demo-router', userText }), makeSnapshot(none))
    expect(groupsOf(planned)).toEqual([[group, 0]])
    expect(planned.decision?.score).toBeCloseTo(score, 12)
  })

  test('the demo router has a switch', () => {
    const switches = new Map([['demo-router', { mode: 'off' } as const]])
    const snapshot = makeSnapshot({ ...none, snapshot: { switches } })
    expect(refusalOf(() => plan(makeFacts({ model: 'demo-router' }), snapshot)).code).toBe('router_disabled')
  })

  test('no configured chain, tier or default leads to them, and they lead to nothing else', () => {
    const tiers = { SIMPLE: [makeTarget('demo-simple')], MEDIUM: [makeTarget('middle')] }
    const fallbacks = new Map([
      ['middle', ['demo-medium']],
      ['*', ['middle', 'demo-complex']],
    ])
    const snapshot = makeSnapshot({ routers: [makeRouter({ tiers })], config: { fallbacks } })
    expect(groupsOf(plan(makeFacts({ model: 'middle' }), snapshot))).toEqual([['middle', 0]])
    expect(groupsOf(plan(makeFacts(), snapshot)).flat()).not.toContain('demo-simple')
    expect(groupsOf(plan(makeFacts({ model: 'demo-simple' }), snapshot))).toEqual([['demo-simple', 0]])
  })

  test('a model of the same name in the file comes first', () => {
    const snapshot = makeSnapshot({ deployments: [makeDeployment('demo-simple')], routers: [] })
    expect(idsOf(plan(makeFacts({ model: 'demo-simple' }), snapshot))).toEqual(['demo-simple-id'])
  })
})
