import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { plan } from '../../../gateway/routing/plan.ts'
import type { Plan } from '../../../gateway/routing/plan-types.ts'
import { makeDeployment, makeFacts, makeRouter, makeSnapshot, makeTarget, seedPrompts } from './routing-fixtures.ts'

const groupNames = ['a', 'b', 'c', 'd']
const names = [...groupNames, 'router', 'alias', 'nothing', 'demo-simple', 'a-0']
const name = fc.constantFrom(...names)

const deployment = fc.record({
  modelName: fc.constantFrom(...groupNames),
  isMissing: fc.boolean(),
  weight: fc.option(fc.constantFrom(0, 1, 5), { nil: undefined }),
  rpm: fc.option(fc.constantFrom(0, 60), { nil: undefined }),
  order: fc.constantFrom(1, 2),
})

const target = fc
  .record({ model: name, waits: fc.boolean() })
  .map(({ model, waits }) => makeTarget(model, { state: waits ? 'waiting' : 'configured' }))
const chainOfTargets = fc.array(target, { minLength: 1, maxLength: 3 })

const situation = fc
  .record({
    deployments: fc.array(deployment, { maxLength: 8 }),
    tiers: fc.record(
      { SIMPLE: chainOfTargets, MEDIUM: chainOfTargets, COMPLEX: chainOfTargets, REASONING: chainOfTargets },
      { requiredKeys: [] },
    ),
    missingTier: fc.constantFrom('nearest' as const, 'litellm' as const),
    defaultModel: fc.option(target, { nil: undefined }),
    fallbacks: fc.dictionary(fc.constantFrom(...names, '*'), fc.array(name, { maxLength: 4 })),
    maxFallbacks: fc.nat({ max: 5 }),
    requestFallbacks: fc.option(fc.array(name, { maxLength: 3 }), { nil: undefined }),
    allowedModels: fc.option(fc.array(name, { maxLength: 4 }), { nil: undefined }),
    model: name,
    userText: fc.constantFrom('', ...Object.values(seedPrompts)),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    position: fc.constantFrom(
      { mode: 'auto' } as const,
      { mode: 'off' } as const,
      { mode: 'pinned', tier: 'MEDIUM' } as const,
    ),
  })
  .map((given) => {
    const deployments = given.deployments.map(({ isMissing, ...rest }, index) =>
      makeDeployment(rest.modelName, {
        ...rest,
        id: `${rest.modelName}-${index}`,
        apiKey: isMissing ? { kind: 'missing', names: ['KEY'] } : { kind: 'none' },
      }),
    )
    const { defaultModel, missingTier, tiers, maxFallbacks, allowedModels, random } = given
    const snapshot = makeSnapshot({
      deployments,
      routers: [makeRouter({ tiers, missingTier, defaultModel })],
      config: {
        aliases: new Map([['alias', { group: 'b', hidden: false }]]),
        fallbacks: new Map(Object.entries(given.fallbacks)),
        maxFallbacks,
      },
      snapshot: { allowedModels, random, switches: new Map([['router', given.position]]) },
    })
    const { model, userText, requestFallbacks } = given
    return { facts: makeFacts({ model, userText, requestFallbacks }), snapshot }
  })

/** The plan, or undefined where a refusal is the right answer. */
function planOrRefusal(...parameters: Parameters<typeof plan>): Plan | undefined {
  try {
    return plan(...parameters)
  } catch (error) {
    if (error instanceof GatewayError) return undefined
    throw error
  }
}

test('a plan never repeats a deployment, never tries one without its key, and is never empty', () => {
  fc.assert(
    fc.property(situation, ({ facts, snapshot }) => {
      const planned = planOrRefusal(facts, snapshot)
      if (planned === undefined) return
      const ids = planned.candidates.map((candidate) => candidate.deployment.id)
      expect(ids.length).toBeGreaterThan(0)
      expect(new Set(ids).size).toBe(ids.length)
      expect(planned.candidates.filter(({ deployment: { apiKey } }) => apiKey.kind === 'missing')).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test('the same facts and snapshot give the same plan', () => {
  fc.assert(
    fc.property(situation, ({ facts, snapshot }) => {
      expect(planOrRefusal(facts, snapshot)).toEqual(planOrRefusal(facts, snapshot))
    }),
  )
})

test('places in the chain never fall and never pass the limit', () => {
  fc.assert(
    fc.property(situation, ({ facts, snapshot }) => {
      const places = planOrRefusal(facts, snapshot)?.candidates.map(({ chainIndex }) => chainIndex) ?? []
      expect(places.toSorted((left, right) => left - right)).toEqual(places)
      expect(Math.max(0, ...places)).toBeLessThanOrEqual(snapshot.config.maxFallbacks)
    }),
    { numRuns: 1000 },
  )
})

test('a limited key never gets what it did not ask for by an allowed name, and no demo model unasked', () => {
  fc.assert(
    fc.property(situation, ({ facts, snapshot }) => {
      const planned = planOrRefusal(facts, snapshot)
      if (planned === undefined) return
      const allowed = snapshot.allowedModels
      const own = facts.model === 'alias' ? 'b' : facts.model
      if (allowed !== undefined)
        expect(allowed.some((entry) => [facts.model, own, own.split('-')[0]].includes(entry))).toBe(true)
      const asksDemo = facts.model === 'demo-simple' || facts.requestFallbacks?.includes('demo-simple') === true
      if (!asksDemo) expect(planned.candidates.some((candidate) => candidate.deployment.adapter === 'demo')).toBe(false)
    }),
    { numRuns: 2000 },
  )
})
