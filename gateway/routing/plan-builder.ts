import type { Deployment } from '../config/gateway-config.ts'
import type { GatewayError } from '../model/errors.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import { estimateInputTokens, probablyTooLong } from './context-fit.ts'
import type { CostLimit } from './cost-limit.ts'
import { findHindrance, type Hindrance, tagHindrance } from './deployment-states.ts'
import { type OrderingFacts, orderDeployments } from './order-deployments.ts'
import { type HinderedCandidate, refusePlan } from './plan-refusal.ts'
import type {
  Candidate,
  HinderedDeployment,
  RoutingSnapshot,
  SkippedCandidate,
  WaitingCandidate,
} from './plan-types.ts'
import { createRandomSource, type RandomSource } from './seeded-random.ts'
import { filterByTags } from './tag-filter.ts'

/** Deployments to add at one place of a chain. */
export interface AddedGroup {
  readonly group: string
  readonly deployments: readonly Deployment[]
  readonly chainIndex: number
  /** Win over a deployment's own defaults. */
  readonly tierDefaults?: Readonly<Record<string, JsonValue>>
  readonly costLimit?: CostLimit | undefined
  /** Fields that take the place of the request's own. */
  readonly changes?: JsonObject | undefined
}

/** What was collected. */
export interface CollectedPlan {
  readonly candidates: readonly Candidate[]
  readonly skipped: readonly SkippedCandidate[]
  readonly warnings: readonly string[]
  readonly waiting: readonly WaitingCandidate[]
  readonly hindered?: readonly HinderedDeployment[]
  /** Set when there is nothing to try. */
  readonly refusal: GatewayError | undefined
}

/** Collects the candidates of one chain; each deployment once. */
export interface PlanBuilder {
  add(added: AddedGroup): void
  skip(model: string, reason: string): void
  warn(warning: string): void
  readonly candidates: readonly Candidate[]
  /** True when something was left out because the request is too long for it, and nothing else is left. */
  readonly isTooLong: boolean
  /** `asked` for sentences. With `failFast` one candidate is left and nothing is waited for. */
  finish(asked: string, failFast: boolean): CollectedPlan
}

/** The same facts and snapshot give the same plan: `snapshot.random` decides what chance decides. */
export function createPlanBuilder(facts: RequestFacts, snapshot: RoutingSnapshot): PlanBuilder {
  return new CollectingBuilder(facts, snapshot)
}

/**
 * A class, since a getter in an object literal costs V8 a hidden class for each object: those are old at birth, and each
 * kept its request with its body until the next full collection (measured: 13 kB of every request of 13 kB).
 */
class CollectingBuilder implements PlanBuilder {
  readonly candidates: Candidate[] = []
  readonly #facts: RequestFacts
  readonly #snapshot: RoutingSnapshot
  readonly #source: RandomSource
  readonly #hindered: HinderedCandidate[] = []
  readonly #skipped: SkippedCandidate[] = []
  readonly #warnings: string[] = []
  readonly #seen = new Set<string>()

  constructor(facts: RequestFacts, snapshot: RoutingSnapshot) {
    this.#facts = facts
    this.#snapshot = snapshot
    this.#source = createRandomSource(snapshot.random)
  }

  add(added: AddedGroup): void {
    const { deployments, chainIndex } = added
    const { config } = this.#snapshot
    // A selector is no model's name: what answers is one of those that it stands for.
    const isSelector = config.selectors?.has(added.group) === true
    const place = (deployment: Deployment): Candidate =>
      candidateOf(deployment, isSelector ? deployment.modelName : added.group, added)
    const tagged = filterByTags(deployments, this.#facts.tags, config.tagFiltering)
    const usable: Deployment[] = []
    const lasting: Hindrance[] = []
    for (const deployment of deployments) {
      if (this.#seen.has(deployment.id)) continue
      this.#seen.add(deployment.id)
      const hindrance = tagged.includes(deployment)
        ? this.#hindranceOf(deployment, added)
        : tagHindrance(this.#facts.tags)
      if (hindrance === undefined) usable.push(deployment)
      else {
        if (hindrance.kind === 'no_key' || hindrance.kind === 'too_long') lasting.push(hindrance)
        this.#hinder(place(deployment), hindrance)
      }
    }
    for (const deployment of this.#inOrder(usable)) this.candidates.push(place(deployment))
    // A fallback that nobody needs is not worth a warning on every answer.
    if (usable.length > 0 || chainIndex > 0) return
    for (const { reason } of lasting) this.warn(`${added.group} was skipped: ${reason}.`)
  }

  skip(model: string, reason: string): void {
    this.#skipped.push({ model, reason })
  }

  warn(warning: string): void {
    if (!this.#warnings.includes(warning)) this.#warnings.push(warning)
  }

  get isTooLong(): boolean {
    return this.candidates.length === 0 && this.#hindered.some(({ hindrance }) => hindrance.kind === 'too_long')
  }

  finish(asked: string, failFast: boolean): CollectedPlan {
    const { candidates } = this
    const { now, config } = this.#snapshot
    const hindered = this.#hindered
    const skipped = this.#skipped
    const spare = candidates.length === 0 ? lastInPlay(hindered) : undefined
    const { group, deployment } = spare?.candidate ?? {}
    if (spare !== undefined) {
      candidates.push(spare.candidate)
      this.warn(`${group} ${spare.hindrance.reason}, and is tried because nothing else is left.`)
    }
    return {
      candidates: failFast ? candidates.slice(0, 1) : candidates,
      skipped: spare === undefined ? skipped : skipped.filter(({ deploymentId }) => deploymentId !== deployment?.id),
      warnings: this.#warnings,
      waiting: failFast || config.signalbox.queueMs <= 0 ? nothing : waitingOf(hindered, spare),
      ...(hindered.length === 0 ? {} : { hindered: hindered.filter((one) => one !== spare).map(shown) }),
      refusal: candidates.length > 0 ? undefined : refusePlan(asked, hindered, skipped, now),
    }
  }

  #hindranceOf(deployment: Deployment, { costLimit, changes }: AddedGroup): Hindrance | undefined {
    // How long a changed request is nobody has counted.
    const facts = changes === undefined ? this.#facts : withoutLength(this.#facts)
    const snapshot = this.#snapshot
    return (
      dearness(deployment, costLimit) ?? findHindrance(deployment, facts, snapshot, snapshot.condition(deployment.id))
    )
  }

  #hinder(candidate: Candidate, hindrance: Hindrance): void {
    this.#hindered.push({ candidate, hindrance })
    const { deployment, group } = candidate
    this.#skipped.push({ model: group, reason: hindrance.reason, deploymentId: deployment.id })
  }

  #inOrder(usable: readonly Deployment[]): readonly Deployment[] {
    if (usable.length < 2) return usable
    return orderDeployments(usable, orderingFacts(this.#facts, this.#snapshot), this.#source)
  }
}

const nothing: readonly WaitingCandidate[] = []

function shown({ candidate, hindrance }: HinderedCandidate): HinderedDeployment {
  const { kind, reason } = hindrance
  const until = 'until' in hindrance ? hindrance.until : undefined
  return until === undefined ? { candidate, kind, reason } : { candidate, kind, reason, until }
}

function candidateOf(
  deployment: Deployment,
  group: string,
  { chainIndex, tierDefaults, changes }: AddedGroup,
): Candidate {
  const defaults = tierDefaults === undefined ? deployment.defaults : { ...deployment.defaults, ...tierDefaults }
  const candidate = { deployment, group, chainIndex, defaults }
  return changes === undefined ? candidate : { ...candidate, changes }
}

function withoutLength({ leastInputTokens: _counted, ...facts }: RequestFacts): RequestFacts {
  return facts
}

function dearness(deployment: Deployment, limit: CostLimit | undefined): Hindrance | undefined {
  const reason = limit?.refuse(deployment)
  return reason === undefined ? undefined : { kind: 'too_dear', reason }
}

function orderingFacts(facts: RequestFacts, snapshot: RoutingSnapshot): OrderingFacts {
  const { config, condition, priceOf, bytesPerToken } = snapshot
  return {
    strategy: config.routing.strategy,
    strategyArgs: config.routing.strategyArgs,
    stream: facts.stream,
    condition,
    priceOf,
    estimatedTokens: ({ id }) => estimateInputTokens(facts, bytesPerToken(id)),
    isTight: (deployment) => probablyTooLong(facts, deployment, bytesPerToken(deployment.id)),
  }
}

/**
 * The one deployment that stays in play although it is cooled after failures, or its window is presumed to be too small,
 * when nothing else is left: trying it may help, a refusal cannot. Of the earliest group the one whose pause ends first.
 */
function lastInPlay(hindered: readonly HinderedCandidate[]): HinderedCandidate | undefined {
  const earliest = (ones: readonly HinderedCandidate[]): HinderedCandidate | undefined =>
    ones.toSorted(
      (left, right) => left.candidate.chainIndex - right.candidate.chainIndex || untilOf(left) - untilOf(right),
    )[0]
  const cooled = earliest(hindered.filter(({ hindrance }) => hindrance.kind === 'cooled'))
  return cooled ?? earliest(hindered.filter(isPresumedTooLong))
}

/** A list's figure may be wrong: its upstream has the last word. */
function isPresumedTooLong({ candidate, hindrance }: HinderedCandidate): boolean {
  return hindrance.kind === 'too_long' && candidate.deployment.windowIsPresumed === true
}

/** What a request may wait for, soonest first; a slot that any running request may free comes before every clock time. */
function waitingOf(
  hindered: readonly HinderedCandidate[],
  spare: HinderedCandidate | undefined,
): readonly WaitingCandidate[] {
  return hindered
    .filter((one) => one !== spare && isPassing(one.hindrance))
    .toSorted((left, right) => untilOf(left) - untilOf(right))
    .map(({ candidate, hindrance }) => {
      const until = 'until' in hindrance ? hindrance.until : undefined
      const rateLimited = hindrance.kind !== 'cooled'
      return until === undefined ? { candidate, rateLimited } : { candidate, until, rateLimited }
    })
}

function isPassing({ kind }: Hindrance): boolean {
  return kind === 'full' || kind === 'rate_limited' || kind === 'cooled'
}

function untilOf({ hindrance }: HinderedCandidate): number {
  return ('until' in hindrance ? hindrance.until : undefined) ?? 0
}
