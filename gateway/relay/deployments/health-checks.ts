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
  /** `down` until a probe passes. */
  readonly condition: ConditionSource
  /** Asks the upstreams of these that nobody has asked just now. */
  readonly probe: (deployments: readonly Deployment[]) => Promise<void>
  /** What a real request came to. */
  readonly note: (deployment: Deployment, outcome: AttemptOutcome) => void
  readonly start: () => void
  readonly stop: () => void
}

/** An answer this fresh is not asked for again. */
const freshMs = 2_000
/** Waits between the probes of an upstream that is down; the last one repeats. */
const localWaitsMs = [250, 500, 1_000, 2_000]
const remoteWaitsMs = [2_000, 5_000, 15_000, 60_000]

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
  /** By deployment, for the plan. */
  readonly #downById = new Map<string, string>()
  #cancelRound: (() => void) | undefined
  #stopped = false

  constructor(dependencies: HealthChecksDependencies) {
    this.#dependencies = dependencies
  }

  readonly condition: ConditionSource = (deploymentId) => {
    const reason = this.#downById.get(deploymentId)
    return reason === undefined ? undefined : { down: { reason: `is down: ${reason}` } }
  }

  readonly probe: HealthChecks['probe'] = async (asked) => {
    const { now } = this.#dependencies
    const stale = firstOfEach(asked.filter((each) => isProbed(each, true))).filter(
      (deployment) => now() - this.#targetOf(deployment).askedAt >= freshMs,
    )
    await Promise.all(stale.map((deployment) => this.#ask(deployment)))
  }

  readonly note: HealthChecks['note'] = (deployment, outcome) => {
    const down = this.#targets.get(targetKey(deployment))?.down
    if (outcome.kind === 'answered') {
      if (down !== undefined) this.#turn(deployment, undefined)
      return
    }
    const isRefused = outcome.kind === 'failed' && outcome.error.code === 'backend_unavailable'
    const isCovered = this.#dependencies.settings().scope !== 'off' && isProbed(deployment, false)
    if (isRefused && isCovered && down === undefined)
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
      for (const deployment of firstOfEach(deployments().filter((each) => isProbed(each, scope === 'all'))))
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
    target.down = reason
    for (const { id } of sharing) {
      if (reason === undefined) this.#downById.delete(id)
      else this.#downById.set(id, reason)
    }
    if (turned) {
      target.failures = 0
      this.#dependencies.onTurn(sharing, reason)
    }
    if (reason !== undefined) this.#askAgain(deployment, target)
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

function firstOfEach(deployments: readonly Deployment[]): readonly Deployment[] {
  return [...new Map(deployments.map((deployment) => [targetKey(deployment), deployment])).values()]
}

/** Whoever answers is there, be it with a refusal of the key or because it has no list. */
function downReason(answer: ModelListAnswer): string | undefined {
  if (answer.kind === 'unreachable') return answer.reason
  return answer.status >= 500 ? `it answers with status ${answer.status}` : undefined
}
