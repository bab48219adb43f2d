import type { Deployment } from '../../config/gateway-config.ts'
import type { DeliverySettings } from '../../config/delivery-settings.ts'
import type { ModelListAnswer, ModelListReader } from '../../providers/model-list.ts'
import type { ConditionSource } from './compose-conditions.ts'
import type { AttemptOutcome } from './deployment-board.ts'
import { isLocalAddress } from './local-address.ts'
import { ProbeTarget, targetKey } from './probe-target.ts'

export interface HealthChecksDependencies {
  readonly settings: () => DeliverySettings['healthChecks']
  /** All deployments of the configuration in effect. */
  readonly deployments: () => readonly Deployment[]
  readonly readList: ModelListReader
  /** ms since the epoch. */
  readonly now: () => number
  readonly after: (ms: number, action: () => void) => () => void
  /** A probe reached the upstream of these. `models`: its list, where it gave one. */
  readonly onReached: (deployments: readonly Deployment[], models: readonly string[] | undefined) => void
  /** An upstream went down or came back: told once each time. */
  readonly onTurn: (deployments: readonly Deployment[], down: string | undefined) => void
}

export interface HealthChecks {
  /** `down` until a probe passes, for upstreams that are asked by themselves. */
  readonly condition: ConditionSource
  /** What the last probe found wrong, of any upstream: a sentence part such as `is down: …`. */
  readonly problem: (deploymentId: string) => string | undefined
  /** Asks the upstreams of these that nobody has asked just now. */
  readonly probe: (deployments: readonly Deployment[]) => Promise<void>
  /** The network knows that these are reached again: what kept them out because they were not is over. */
  readonly reached: (deployments: readonly Deployment[]) => void
  /** What a real request came to. */
  readonly note: (deployment: Deployment, outcome: AttemptOutcome) => void
  readonly start: () => void
  readonly stop: () => void
}

/** An answer this fresh is not asked for again. */
const freshMs = 2_000
/** Waits between the probes of an upstream that is down; the last one repeats. */
const localWaitsMs = [250, 500, 1_000, 2_000]
const remoteWaitsMs = [2_000, 5_000, 15_000]

export function createHealthChecks(dependencies: HealthChecksDependencies): HealthChecks {
  return new Probes(dependencies)
}

/**
 * Asks upstreams for their lists of models, which is free, to know which are there. One question serves all deployments of
 * one address and key. An upstream that cannot be reached, or answers with 5xx, is down until a probe passes; a connection
 * that a real request was refused by a server of one's own means the same. What is down is asked again soon and often.
 */
class Probes implements HealthChecks {
  readonly #dependencies: HealthChecksDependencies
  readonly #targets = new Map<string, ProbeTarget>()
  readonly #problems = new Map<string, { readonly reason: string; readonly isCovered: boolean }>()
  #cancelRound: (() => void) | undefined
  #stopped = false

  constructor(dependencies: HealthChecksDependencies) {
    this.#dependencies = dependencies
  }

  readonly condition: ConditionSource = (deploymentId) => {
    const problem = this.#problems.get(deploymentId)
    return problem?.isCovered === true ? { down: { reason: `is down: ${problem.reason}` } } : undefined
  }

  readonly problem: HealthChecks['problem'] = (deploymentId) => {
    const problem = this.#problems.get(deploymentId)
    return problem === undefined ? undefined : `is down: ${problem.reason}`
  }

  readonly probe: HealthChecks['probe'] = async (asked) => {
    const { now } = this.#dependencies
    const stale = firstOfEach(asked.filter((each) => isProbed(each, true))).filter(
      (deployment) => now() - this.#targetOf(deployment).askedAt >= freshMs,
    )
    await Promise.all(stale.map((deployment) => this.#ask(deployment)))
  }

  readonly reached: HealthChecks['reached'] = (deployments) => {
    for (const deployment of firstOfEach(deployments)) {
      if (this.#targets.get(targetKey(deployment))?.down !== undefined) this.#turn(deployment, undefined)
      this.#dependencies.onReached(this.#sharing(deployment), undefined)
    }
  }

  readonly note: HealthChecks['note'] = (deployment, outcome) => {
    const down = this.#targets.get(targetKey(deployment))?.down
    if (outcome.kind === 'answered') {
      if (down !== undefined) this.#turn(deployment, undefined)
      return
    }
    const isRefused = outcome.kind === 'failed' && outcome.error.code === 'backend_unavailable'
    if (isRefused && this.#isCovered(deployment) && isLocalAddress(deployment.baseUrl) && down === undefined)
      this.#turn(deployment, `${new URL(deployment.baseUrl).host} could not be reached`)
  }

  readonly start = (): void => {
    const { after, settings } = this.#dependencies
    this.#cancelRound = after(settings().intervalMs, () => this.#round())
  }

  readonly stop = (): void => {
    this.#stopped = true
    this.#cancelRound?.()
    for (const target of this.#targets.values()) target.cancelRetry?.()
  }

  #round(): void {
    const { deployments, now, settings } = this.#dependencies
    const { scope, intervalMs } = settings()
    const due = (deployment: Deployment): boolean => now() - this.#targetOf(deployment).askedAt >= intervalMs / 2
    if (scope !== 'off')
      for (const deployment of firstOfEach(deployments().filter((each) => isWatched(each, scope === 'all'))))
        if (due(deployment)) void this.#ask(deployment)
    this.start()
  }

  /** Joins a question that is under way. */
  #ask(deployment: Deployment): Promise<void> {
    const target = this.#targetOf(deployment)
    target.running ??= this.#askNow(deployment, target).finally(() => {
      target.running = undefined
    })
    return target.running
  }

  async #askNow(deployment: Deployment, target: ProbeTarget): Promise<void> {
    const { now, onReached, readList } = this.#dependencies
    target.cancelRetry?.()
    const answer = await readList(deployment)
    if (this.#stopped) return
    target.askedAt = now()
    const reason = downReason(answer)
    this.#turn(deployment, reason)
    if (reason === undefined && answer.kind === 'answered') onReached(this.#sharing(deployment), answer.models)
  }

  #turn(deployment: Deployment, reason: string | undefined): void {
    const target = this.#targetOf(deployment)
    const turned = (target.down === undefined) !== (reason === undefined)
    const sharing = this.#sharing(deployment)
    const isCovered = this.#isCovered(deployment)
    target.down = reason
    for (const { id } of sharing) {
      if (reason === undefined) this.#problems.delete(id)
      else this.#problems.set(id, { reason, isCovered })
    }
    if (turned) {
      target.failures = 0
      this.#dependencies.onTurn(sharing, reason)
    }
    if (reason !== undefined && isCovered) this.#askAgain(deployment, target)
  }

  /** Only what is asked again by itself may be left out: else nobody would notice that it is back. */
  #isCovered(deployment: Deployment): boolean {
    const { scope } = this.#dependencies.settings()
    const group = [deployment, ...this.#sharing(deployment)]
    return scope !== 'off' && group.some((each) => isWatched(each, scope === 'all'))
  }

  #askAgain(deployment: Deployment, target: ProbeTarget): void {
    const waits = isLocalAddress(deployment.baseUrl) ? localWaitsMs : remoteWaitsMs
    const waitMs = waits[Math.min(target.failures, waits.length - 1)] ?? freshMs
    target.failures += 1
    target.cancelRetry?.()
    target.cancelRetry = this.#dependencies.after(waitMs, () => {
      // One that left the config is asked no more.
      if (!this.#stopped && this.#sharing(deployment).length > 0) void this.#ask(deployment)
    })
  }

  #targetOf(deployment: Deployment): ProbeTarget {
    const key = targetKey(deployment)
    const target = this.#targets.get(key) ?? new ProbeTarget()
    this.#targets.set(key, target)
    return target
  }

  #sharing(deployment: Deployment): readonly Deployment[] {
    const key = targetKey(deployment)
    return this.#dependencies.deployments().filter((other) => targetKey(other) === key)
  }
}

/** Deployments without a key are known to be out, the demo has no upstream. `everywhere`: providers on the internet too. */
function isProbed({ adapter, apiKey, baseUrl }: Deployment, everywhere: boolean): boolean {
  if (adapter === 'demo' || apiKey.kind === 'missing') return false
  return everywhere || isLocalAddress(baseUrl)
}

/** Asked by itself too: an entry may say that it is not to be (`model_info.disable_background_health_check`). */
function isWatched(deployment: Deployment, everywhere: boolean): boolean {
  return deployment.modelInfo.disable_background_health_check !== true && isProbed(deployment, everywhere)
}

function firstOfEach(deployments: readonly Deployment[]): readonly Deployment[] {
  return [...new Map(deployments.map((deployment) => [targetKey(deployment), deployment])).values()]
}

/** Whoever answers is there, be it with a refusal of the key or because it has no list. */
function downReason(answer: ModelListAnswer): string | undefined {
  if (answer.kind === 'unreachable') return answer.reason
  return answer.status >= 500 ? `it answers with status ${answer.status}` : undefined
}
