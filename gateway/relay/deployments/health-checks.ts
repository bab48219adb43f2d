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

/**
 * Asks upstreams for their lists of models, which is free, to know which are there. One question serves all deployments of
 * one address and key. An upstream that cannot be reached, or answers with 5xx, is down until a probe passes; a connection
 * that a real request was refused by a server of one's own means the same. What is down is asked again soon and often.
 */
export function createHealthChecks(dependencies: HealthChecksDependencies): HealthChecks {
  const { settings, deployments, readList, now, after, onReached, onTurn } = dependencies
  const targets = new Map<string, ProbeTarget>()
  /** By deployment, for the plan. */
  const downById = new Map<string, string>()
  let cancelRound: (() => void) | undefined
  let stopped = false

  const targetOf = (deployment: Deployment): ProbeTarget => {
    const key = targetKey(deployment)
    const target = targets.get(key) ?? new ProbeTarget()
    targets.set(key, target)
    return target
  }
  const sharing = (deployment: Deployment): readonly Deployment[] => {
    const key = targetKey(deployment)
    return deployments().filter((other) => targetKey(other) === key)
  }

  const ask = async (deployment: Deployment): Promise<void> => {
    const target = targetOf(deployment)
    target.cancelRetry?.()
    const answer = await readList(deployment)
    if (stopped) return
    target.askedAt = now()
    const reason = downReason(answer)
    turn(deployment, target, reason)
    if (reason === undefined && answer.kind === 'answered') onReached(sharing(deployment), answer.models)
  }
  const askOnce = (deployment: Deployment): Promise<void> => {
    const target = targetOf(deployment)
    target.running ??= ask(deployment).finally(() => {
      target.running = undefined
    })
    return target.running
  }

  const turn = (deployment: Deployment, target: ProbeTarget, reason: string | undefined): void => {
    const before = target.down
    target.down = reason
    for (const { id } of sharing(deployment)) {
      if (reason === undefined) downById.delete(id)
      else downById.set(id, reason)
    }
    if ((before === undefined) !== (reason === undefined)) {
      target.failures = 0
      onTurn(sharing(deployment), reason)
    }
    if (reason === undefined) return
    const waits = isLocalAddress(deployment.baseUrl) ? localWaitsMs : remoteWaitsMs
    const wait = waits[Math.min(target.failures, waits.length - 1)] ?? freshMs
    target.failures += 1
    target.cancelRetry?.()
    target.cancelRetry = after(wait, () => {
      // One that left the config is asked no more.
      if (!stopped && sharing(deployment).length > 0) void askOnce(deployment)
    })
  }

  const round = (): void => {
    const { scope, intervalMs } = settings()
    if (scope !== 'off')
      for (const deployment of firstOfEach(deployments().filter((each) => isProbed(each, scope === 'all'))))
        if (now() - targetOf(deployment).askedAt >= intervalMs / 2) void askOnce(deployment)
    cancelRound = after(intervalMs, round)
  }

  return {
    condition: (deploymentId) => {
      const reason = downById.get(deploymentId)
      return reason === undefined ? undefined : { down: { reason: `is down: ${reason}` } }
    },
    probe: async (asked) => {
      const stale = firstOfEach(asked.filter((each) => isProbed(each, true))).filter(
        (deployment) => now() - targetOf(deployment).askedAt >= freshMs,
      )
      await Promise.all(stale.map((deployment) => askOnce(deployment)))
    },
    note: (deployment, outcome) => {
      const key = targetKey(deployment)
      if (outcome.kind === 'answered') {
        const target = targets.get(key)
        if (target?.down !== undefined) turn(deployment, target, undefined)
        return
      }
      const isRefused = outcome.kind === 'failed' && outcome.error.code === 'backend_unavailable'
      const isCovered = settings().scope !== 'off' && isProbed(deployment, false)
      if (isRefused && isCovered && targets.get(key)?.down === undefined)
        turn(deployment, targetOf(deployment), `${new URL(deployment.baseUrl).host} could not be reached`)
    },
    start: () => {
      cancelRound = after(settings().intervalMs, round)
    },
    stop: () => {
      stopped = true
      cancelRound?.()
      for (const target of targets.values()) target.cancelRetry?.()
    },
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
