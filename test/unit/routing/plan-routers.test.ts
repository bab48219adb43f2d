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
