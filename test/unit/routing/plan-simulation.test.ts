import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { outline } from '../../../gateway/routing/plan.ts'
import type { Candidate, Plan } from '../../../gateway/routing/plan-types.ts'
import { resolveModel } from '../../../gateway/routing/resolve-model.ts'
import { randomSituation, type Situation } from './random-situations.ts'

const runs = 10_000
const start = 1_700_000_000_000

interface Planned extends Situation {
  readonly planned: Plan
}

/** Situations that are planned at all: a name that is unknown, denied or a router without a tier is no matter here. */
const situations: readonly Planned[] = [...planMany()]

function* planMany(): Generator<Planned> {
  for (let seed = 0, planned = 0; planned < runs; seed += 1) {
    const situation = randomSituation(seed / (3 * runs), start + seed * 1000)
    const outcome = outlineOrNothing(situation)
    if (outcome === undefined) continue
    planned += 1
    yield { ...situation, planned: outcome }
  }
}

function outlineOrNothing({ facts, snapshot }: Situation): Plan | undefined {
  try {
    return outline(facts, snapshot)
  } catch (error) {
    if (error instanceof GatewayError) return undefined
    throw error
  }
}

const chainsOf = ({ planned }: Planned) => [planned.candidates, planned.onContextWindow, planned.onContentPolicy]
const idOf = ({ deployment }: Candidate) => deployment.id

/** The judgement of the rules in the plainest words, apart from the code under test. */
function isOut({ facts, snapshot, conditions }: Situation, deployment: Deployment): string | undefined {
  const condition = conditions.get(deployment.id)
  const { now } = snapshot
  if (deployment.apiKey.kind === 'missing') return 'key'
  const window = deployment.contextWindow ?? Infinity
  if ((facts.leastInputTokens?.() ?? 0) > window && facts.bodyBytes / 2 > window) return 'small'
  if (condition?.down !== undefined) return 'down'
  if (condition?.overBudget !== undefined) return 'budget'
  if (condition?.cooledUntil !== undefined && condition.cooledUntil > now) {
    return condition.cooledBy === 'rate_limit' ? 'limited' : 'cooled'
  }
  return condition?.full !== undefined && (condition.full.until ?? Infinity) > now ? 'full' : undefined
}

function breaksTags({ snapshot, facts, deployments }: Situation, { deployment }: Candidate): boolean {
  const { enabled, matchAny } = snapshot.config.tagFiltering
  if (!enabled) return false
  const matches = ({ tags }: Deployment) =>
    matchAny ? facts.tags.some((tag) => tags.includes(tag)) : facts.tags.every((tag) => tags.includes(tag))
  const isDefault = ({ tags }: Deployment) => tags.includes('default')
  const breaksIn = (group: readonly Deployment[]) => {
    if (facts.tags.length > 0) return group.some(matches) ? !matches(deployment) : !isDefault(deployment)
    return group.some(isDefault) && !isDefault(deployment)
  }
  const ofModel = deployments.filter(({ modelName }) => modelName === deployment.modelName)
  // A deployment named by its id is a group of one, and so is what a pattern brings.
  const alone = deployment.id === 'a-0' || deployment.id === 'w'
  return breaksIn(ofModel) && !(alone && !breaksIn([deployment]))
}

describe(`${runs} random situations under a simulated clock`, () => {
  test('are of every kind', () => {
    expect(situations).toHaveLength(runs)
    const counts = {
      chosen: situations.filter(({ planned }) => planned.candidates.length > 0).length,
      refused: situations.filter(({ planned }) => planned.refusal !== undefined).length,
      waiting: situations.filter(({ planned }) => planned.waiting.length > 0).length,
      fallbacks: situations.filter(({ planned }) => planned.candidates.some(({ chainIndex }) => chainIndex > 0)).length,
      tooLong: situations.filter(({ planned }) => planned.refusal?.code === 'context_length_exceeded').length,
      limited: situations.filter(({ planned }) => planned.refusal?.code === 'rate_limited').length,
      down: situations.filter(({ planned }) => planned.refusal?.code === 'backend_unavailable').length,
      contexts: situations.filter(({ planned }) => planned.onContextWindow.length > 0).length,
      policies: situations.filter(({ planned }) => planned.onContentPolicy.length > 0).length,
      lastOnes: situations.filter((one) =>
        one.planned.candidates.some((candidate) => isOut(one, candidate.deployment) === 'cooled'),
      ).length,
    }
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(50)
  })

  test('no chain repeats a deployment', () => {
    for (const one of situations) {
      for (const chain of chainsOf(one)) expect(new Set(chain.map(idOf)).size).toBe(chain.length)
    }
  })

  test('nothing without a key, too small, down, over budget or full is tried; what is cooled only as the last one', () => {
    for (const one of situations) {
      const [main = [], ...others] = chainsOf(one)
      for (const candidate of others.flat()) expect(isOut(one, candidate.deployment)).toBeUndefined()
      const reasons = main.map(({ deployment }) => isOut(one, deployment)).filter((reason) => reason !== undefined)
      expect(reasons.length === 0 || (main.length === 1 && reasons[0] === 'cooled')).toBe(true)
    }
  })

  test('nothing leaves the tags of the request', () => {
    for (const one of situations) {
      for (const candidate of chainsOf(one).flat()) expect(breaksTags(one, candidate)).toBe(false)
    }
  })

  test('nothing is dearer than the file allows', () => {
    for (const one of situations) {
      const ratio = one.snapshot.config.signalbox.fallbacks.maxCostRatio
      if (ratio === undefined) continue
      for (const { deployment, chainIndex } of chainsOf(one).flat()) {
        if (chainIndex === 0) continue
        expect(deployment.weight ?? Infinity).toBeLessThanOrEqual(3 * ratio)
      }
    }
  })

  test('a limited key never gets what it did not ask for by an allowed name', () => {
    for (const { facts, snapshot, planned } of situations) {
      const allowed = snapshot.allowedModels
      if (allowed === undefined) continue
      expect(allowed.some((entry) => [facts.model, resolveModel(facts.model, snapshot)?.name].includes(entry))).toBe(
        true,
      )
      // The owner's chain for long requests may stand before the request's own.
      if (facts.requestFallbacks === undefined || planned.skipped.some(({ reason }) => reason.includes('has room')))
        continue
      for (const { group, deployment, chainIndex } of planned.candidates) {
        const ways = [group, deployment.id, 'router', ...(group === 'b' ? ['alias'] : [])]
        if (chainIndex > 0) expect(ways.some((way) => allowed.includes(way))).toBe(true)
      }
    }
  })

  test('places in a chain never fall and never pass the limits', () => {
    for (const one of situations) {
      const most = Math.min(one.snapshot.config.maxFallbacks, one.facts.controls.maxFallbacks ?? Infinity)
      for (const chain of chainsOf(one)) {
        const places = chain.map(({ chainIndex }) => chainIndex)
        expect(places).toEqual(places.toSorted((left, right) => left - right))
        expect(Math.max(0, ...places)).toBeLessThanOrEqual(most)
      }
    }
  })

  test('the order of the file is kept within a group, and what is slow comes after its equals', () => {
    for (const one of situations) {
      const tight = ({ deployment }: Candidate) =>
        deployment.contextWindow !== undefined && one.facts.bodyBytes / 4 > deployment.contextWindow
      const rank = (candidate: Candidate) => [
        candidate.deployment.order,
        tight(candidate) ? 1 : 0,
        one.conditions.get(candidate.deployment.id)?.slow === true ? 1 : 0,
      ]
      for (const [index, candidate] of one.planned.candidates.entries()) {
        const next = one.planned.candidates[index + 1]
        if (next?.group !== candidate.group || next.chainIndex !== candidate.chainIndex) continue
        expect(rank(candidate).join('') <= rank(next).join('')).toBe(true)
      }
    }
  })

  test('a plan is refused only when nothing that was asked for can be tried, and says so rightly', () => {
    for (const one of situations) {
      const { planned, facts, snapshot } = one
      expect(planned.refusal === undefined).toBe(planned.candidates.length > 0)
      if (planned.refusal === undefined) continue
      const asked = resolveModel(facts.model, snapshot)
      const deployments = asked?.kind === 'group' ? asked.deployments : []
      const usable = deployments.filter(
        (deployment) =>
          isOut(one, deployment) === undefined &&
          !breaksTags(one, { deployment, group: '', chainIndex: 0, defaults: {} }) &&
          !deployment.modelName.startsWith('wild'),
      )
      expect(usable).toEqual([])
      const skipped = planned.skipped.map(({ reason }) => reason)
      if (skipped.includes('is down')) expect(planned.refusal.status).toBe(503)
      if (planned.refusal.code === 'rate_limited') {
        expect(skipped.some((reason) => /is full|is rate-limited/.test(reason))).toBe(true)
        expect(skipped.some((reason) => /is down|budget/.test(reason))).toBe(false)
        expect(planned.refusal.retryAfterMs).toBeGreaterThan(0)
      }
    }
  })

  test('fail_fast means at most one try and no other way', () => {
    const fast = situations.filter(({ planned }) => planned.failFast)
    expect(fast.length).toBeGreaterThan(20)
    for (const { planned } of fast) {
      expect(planned.candidates.length).toBeLessThanOrEqual(1)
      expect([planned.waiting, planned.onContextWindow, planned.onContentPolicy]).toEqual([[], [], []])
      expect(planned.candidates.every(({ chainIndex }) => chainIndex === 0)).toBe(true)
    }
  })

  test('the same seed gives the same plan', () => {
    for (const { facts, snapshot, planned } of situations.slice(0, 2000)) {
      expect(outline(facts, snapshot)).toEqual(planned)
    }
  })

  test('what is waited for comes soonest first, and is a candidate once its time has come', () => {
    let returned = 0
    for (const { facts, snapshot, planned, conditions } of situations) {
      const untils = planned.waiting.map(({ until }) => until ?? 0)
      expect(untils).toEqual(untils.toSorted((left, right) => left - right))
      for (const { candidate, until } of planned.waiting) {
        const condition = conditions.get(candidate.deployment.id)
        const others = [
          condition?.cooledUntil ?? 0,
          condition?.full?.until ?? (condition?.full === undefined ? 0 : Infinity),
        ]
        const free = Math.max(until ?? Infinity, ...others)
        if (free === Infinity) continue
        const later = outline(facts, { ...snapshot, now: free })
        expect(later.candidates.some(({ deployment }) => deployment.id === candidate.deployment.id)).toBe(true)
        returned += 1
      }
    }
    expect(returned).toBeGreaterThan(500)
  })
})
