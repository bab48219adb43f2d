import { describe, expect, test } from 'vitest'
import { plan } from '../../../gateway/routing/plan.ts'
import {
  makeDeployment,
  makeFacts,
  makeOverrides,
  makeRouter,
  makeSnapshot,
  makeTarget,
  refusalOf,
  seedPrompts,
  tunedOverrides,
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

describe('a router', () => {
  test.each([
    [seedPrompts.simple, 'small', 'SIMPLE', 'simple -0.20'],
    [seedPrompts.medium, 'middle', 'MEDIUM', 'code 0.10'],
    [seedPrompts.complex, 'large', 'COMPLEX', 'technical 0.25'],
    [seedPrompts.reasoning, 'thinker', 'REASONING', 'reasoning 0.28, technical 0.25, code 0.05, multi-step 0.015'],
  ])('sends %j to %s', (userText, group, tier, reason) => {
    const planned = plan(makeFacts({ userText }), makeSnapshot())
    expect(groupsOf(planned)).toEqual([[group, 0]])
    expect(planned.decision).toMatchObject({ router: 'router', tier, wantedTier: tier, cause: 'score', reason })
    expect(planned.warnings).toEqual([])
    expect(planned.features).toMatchObject({ v: 1 })
  })

  test('says by which rule it chose when it was not the sum', () => {
    const reasons = ['deduce and infer', 'Explain container networking', ''].map(
      (userText) => plan(makeFacts({ userText }), makeSnapshot()).decision?.reason,
    )
    expect(reasons).toEqual(['two reasoning markers', 'no signal', 'no user text'])
  })

  test('that is off refuses and says where to switch it on', () => {
    const snapshot = makeSnapshot({ snapshot: { switches: new Map([['router', { mode: 'off' }]]) } })
    const refusal = refusalOf(() => plan(makeFacts(), snapshot))
    expect(refusal).toMatchObject({ code: 'router_disabled', status: 403, shouldRetry: false })
    expect(refusal.message).toContain('Router router is off: switch it on in the tray or at Routers')
  })

  test('that is pinned scores nothing, yet keeps the features for later', () => {
    const snapshot = makeSnapshot({
      snapshot: { switches: new Map([['router', { mode: 'pinned', tier: 'COMPLEX' }]]) },
    })
    const planned = plan(makeFacts(), snapshot)
    expect(groupsOf(planned)).toEqual([['large', 0]])
    expect(planned.decision).toMatchObject({
      cause: 'pinned',
      tier: 'COMPLEX',
      score: null,
      dimensions: [],
      reason: 'pinned',
    })
    expect(planned.features).toMatchObject({ simple: { count: 1, words: ['hello'] } })
  })

  test('reads the turns with its own markers in place of the default ones', () => {
    const complexity = makeOverrides({ ...tunedOverrides, reminderMarkers: [{ open: '[[', close: ']]' }] })
    const snapshot = makeSnapshot({ routers: [makeRouter({ complexity })] })
    const facts = makeFacts({ userText: 'wrong', userTurns: ['[[deduce, infer]]', `${seedPrompts.medium} [[hello]]`] })
    expect(plan(facts, snapshot).decision?.tier).toBe('MEDIUM')
  })

  test('adds the fields of its tier over those of the deployment', () => {
    const tiers = { SIMPLE: [makeTarget('small', { defaults: { effort: 'low', b: 2 } })] }
    const deployments = [makeDeployment('small', { defaults: { effort: 'high', a: 1 } })]
    const planned = plan(makeFacts(), makeSnapshot({ deployments, routers: [makeRouter({ tiers })] }))
    expect(planned.candidates[0]?.defaults).toEqual({ effort: 'low', a: 1, b: 2 })
  })

  test('tries the models of a tier in order at one place of the chain, waiting ones left out', () => {
    const waiting = makeTarget('ollama/tiny', { state: 'waiting' })
    const tiers = { SIMPLE: [waiting, makeTarget('large'), makeTarget('small'), makeTarget('large')] }
    const planned = plan(makeFacts(), makeSnapshot({ routers: [makeRouter({ tiers })] }))
    expect(groupsOf(planned)).toEqual([
      ['large', 0],
      ['small', 0],
    ])
    expect(planned.skipped).toEqual([{ model: 'ollama/tiny', reason: 'waits for its backend' }])
  })
})

describe('a tier without a model', () => {
  const lowAndHigh = { SIMPLE: [makeTarget('small')], COMPLEX: [makeTarget('large')] }

  function tierFor(userText: string, given: Parameters<typeof makeRouter>[0]) {
    const planned = plan(makeFacts({ userText }), makeSnapshot({ routers: [makeRouter(given)] }))
    return { planned, groups: planned.candidates.map(({ group }) => group), warning: planned.warnings[0] }
  }

  test('uses the nearest tier above, then below, and says so', () => {
    const medium = tierFor(seedPrompts.medium, { tiers: lowAndHigh })
    expect(medium.groups).toEqual(['large'])
    expect(medium.planned.decision).toMatchObject({ wantedTier: 'MEDIUM', tier: 'COMPLEX' })
    expect(medium.warning).toBe('Router router has no model for MEDIUM: COMPLEX is used instead.')
    const reasoning = tierFor(seedPrompts.reasoning, { tiers: lowAndHigh })
    expect(reasoning.groups).toEqual(['large'])
    expect(reasoning.warning).toBe('Router router has no model for REASONING: COMPLEX is used instead.')
  })

  test('counts as such when all its models wait, and the warning names them', () => {
    const tiers = {
      ...lowAndHigh,
      MEDIUM: [makeTarget('ollama/a', { state: 'waiting' }), makeTarget('vllm/b', { state: 'waiting' })],
    }
    const medium = tierFor(seedPrompts.medium, { tiers })
    expect(medium.groups).toEqual(['large'])
    expect(medium.warning).toContain('only waiting models for MEDIUM (ollama/a, vllm/b): COMPLEX is used instead')
  })

  test('falls to the default model where the router follows LiteLLM', () => {
    const litellm = { missingTier: 'litellm' } as const
    const named = tierFor(seedPrompts.reasoning, { ...litellm, tiers: lowAndHigh, defaultModel: makeTarget('thinker') })
    expect(named.groups).toEqual(['thinker'])
    expect(named.warning).toContain('the default model thinker is used instead')
    const medium = tierFor(seedPrompts.reasoning, {
      ...litellm,
      tiers: { ...lowAndHigh, MEDIUM: [makeTarget('middle')] },
    })
    expect(medium.groups).toEqual(['middle'])
    const simple = tierFor(seedPrompts.reasoning, { ...litellm, tiers: lowAndHigh })
    expect(simple.groups).toEqual(['small'])
    expect(simple.planned.decision?.tier).toBe('SIMPLE')
  })

  test('is also what a pin may meet', () => {
    const switches = new Map([['router', { mode: 'pinned', tier: 'MEDIUM' } as const]])
    const planned = plan(
      makeFacts(),
      makeSnapshot({ routers: [makeRouter({ tiers: lowAndHigh })], snapshot: { switches } }),
    )
    expect(planned.decision).toMatchObject({ cause: 'pinned', wantedTier: 'MEDIUM', tier: 'COMPLEX' })
    expect(planned.warnings).toHaveLength(1)
  })

  test('everywhere is a refusal that names router, tiers and models', () => {
    const tiers = {
      SIMPLE: [makeTarget('ollama/a', { state: 'waiting' })],
      COMPLEX: [makeTarget('ollama/b', { state: 'waiting' })],
    }
    for (const userText of [seedPrompts.complex, '']) {
      const refusal = refusalOf(() => plan(makeFacts({ userText }), makeSnapshot({ routers: [makeRouter({ tiers })] })))
      expect(refusal).toMatchObject({ code: 'backend_unavailable', status: 503 })
      expect(refusal.message).toContain('Router router')
      expect(refusal.message).toContain('SIMPLE: ollama/a; COMPLEX: ollama/b')
    }
  })
})

describe('no user text', () => {
  test.each([
    ['the model named as default', { defaultModel: makeTarget('thinker') }, 'thinker', 'REASONING'],
    ['MEDIUM without one', {}, 'middle', 'MEDIUM'],
    [
      'SIMPLE without MEDIUM',
      { tiers: { SIMPLE: [makeTarget('small')], COMPLEX: [makeTarget('large')] } },
      'small',
      'SIMPLE',
    ],
    [
      'the first tier otherwise',
      { tiers: { COMPLEX: [makeTarget('large')], REASONING: [makeTarget('thinker')] } },
      'large',
      'COMPLEX',
    ],
    ['a default model of no tier as MEDIUM', { defaultModel: makeTarget('extra') }, 'extra', 'MEDIUM'],
    [
      'MEDIUM while the default waits',
      { defaultModel: makeTarget('ollama/x', { state: 'waiting' }) },
      'middle',
      'MEDIUM',
    ],
  ])('goes to %s', (_, given, group, tier) => {
    const deployments = ['small', 'middle', 'large', 'thinker', 'extra'].map((name) => makeDeployment(name))
    const planned = plan(makeFacts({ userText: ' \n' }), makeSnapshot({ deployments, routers: [makeRouter(given)] }))
    expect(planned.candidates.map((candidate) => candidate.group)).toEqual([group])
    expect(planned.decision).toMatchObject({ cause: 'no_user_text', tier, wantedTier: tier, score: null })
    expect(planned.features).toBeUndefined()
    expect(planned.warnings).toEqual([])
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

  test('that are not there keep their place and are told', () => {
    const planned = plan(makeFacts({ model: 'small' }), makeSnapshot(chain({ small: ['ollama/gone', 'large'] })))
    expect(groupsOf(planned)).toEqual([
      ['small', 0],
      ['large', 2],
    ])
    expect(planned.skipped).toHaveLength(1)
    expect(planned.warnings).toEqual(['The fallback ollama/gone is not available.'])
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
    expect(planned.skipped).toEqual([{ model: 'small', reason: 'KEY_A is not set' }])
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
    expect(refusal.message).toContain('KEY_A, KEY_B, KEY_C')
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
