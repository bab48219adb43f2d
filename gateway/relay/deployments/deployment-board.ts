import type { Deployment, GatewayConfig } from '../../config/gateway-config.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { Usage } from '../../model/usage.ts'
import type { DeploymentCondition } from '../../routing/plan-types.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { AccountLimits } from './account-limits.ts'
import type { DayUse } from './day-count.ts'
import { DeploymentEntry, type PassiveHealth } from './deployment-entry.ts'
import type { LimitView } from './limit-view.ts'

/** What is known of every deployment from its own traffic, and who may use it next. Nothing here waits or throws. */
export interface DeploymentBoard {
  /**
   * Takes a slot of every limit of the deployment (requests per minute, tokens, concurrency, daily window) or says why not.
   * `requestBytes`: size of the request's JSON where it is all text; its bytes per token are learned from it.
   */
  take(deployment: Deployment, estimatedTokens: number, requestBytes?: number): AttemptTicket | TakeRefusal
  /** For `RoutingSnapshot.condition`; undefined = never used. */
  readonly condition: (deploymentId: string) => DeploymentCondition | undefined
  /** For `RoutingSnapshot.bytesPerToken`. */
  readonly bytesPerToken: (deploymentId: string) => number | undefined
}

/** The board with what its owner and the reports need. */
export interface OpenBoard extends DeploymentBoard {
  /** The last word of its own traffic; undefined = not used since the start. */
  readonly health: (deploymentId: string) => PassiveHealth | undefined
  /** The end of its pause after failures, in ms since the epoch; undefined = none. Asked after every attempt. */
  readonly cooledUntil: (deploymentId: string) => number | undefined
  /** What is left of every limit that is known. */
  readonly limits: (deployment: Deployment) => readonly LimitView[]
  /** Of a deployment, or of an account that several share. */
  readonly dayUse: (id: string) => DayUse | undefined
  /** A probe reached it: that it could not be reached is forgotten. */
  readonly reachable: (deploymentId: string) => void
  /** After a change of the config: forgets all others, and what the refusal of a key meant for one that has another now. */
  readonly retain: (deployments: readonly Deployment[]) => void
}

/** A slot that was taken. To be told what comes of it. */
export interface AttemptTicket {
  /** Sentences for `x-signalbox-warning` about the deployment itself. */
  readonly warnings: readonly string[]
  /** Status and headers came: rate-limit headers are learned from. */
  head(status: number, headers: UpstreamHeaders): void
  /** The first output; ms from the attempt's start. */
  firstToken(ms: number): void
  /** Exactly once; later calls do nothing. Cooldowns, latency, quotas and passive health follow from it. */
  ended(outcome: AttemptOutcome, usage: Usage | null, durationMs: number): void
}

/** `aborted` is nobody's fault: the client left, another candidate won, the gateway stops. */
export type AttemptOutcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly error: GatewayError }

export interface TakeRefusal {
  /** What is full: `requests per minute`. */
  readonly limit: string
  /** From when there is room again, in ms since the epoch; absent when only a running request's end makes some. */
  readonly until?: number
}

export function isRefusal(taken: AttemptTicket | TakeRefusal): taken is TakeRefusal {
  return 'limit' in taken
}

export interface BoardDependencies {
  /** ms since the epoch. */
  readonly now: () => number
  readonly config: () => Pick<GatewayConfig, 'cooldown'>
  /** What was used of running days before the start, by deployment. */
  readonly dayUse?: ReadonlyMap<string, DayUse>
  /** A sentence that everybody who uses the deployment should read. */
  readonly warningOf?: (deploymentId: string) => string | undefined
  /** Hears of every slot that was given back and every day's count that changed. Must be quick and not throw. */
  readonly onChange?: (change: BoardChange) => void
}

export interface BoardChange {
  readonly deployment: Deployment
  /** A slot came back, or a cooldown ended or began. */
  readonly ended?: AttemptOutcome
}

/** A clock that goes back by more was set. Smaller steps are those of clocks that are kept in time. */
const clockStepMs = 1_000

export function createDeploymentBoard(dependencies: BoardDependencies): OpenBoard {
  const entries = new Map<string, DeploymentEntry>()
  const accounts = new Map<string, AccountLimits>()
  let lastNow = -Infinity
  const now = (): number => {
    const time = dependencies.now()
    if (time < lastNow - clockStepMs)
      for (const each of [...entries.values(), ...accounts.values()]) each.shift(time - lastNow)
    lastNow = time < lastNow - clockStepMs ? time : Math.max(lastNow, time)
    return lastNow
  }
  const accountOf = ({ account }: Deployment): AccountLimits | undefined => {
    if (account === undefined) return undefined
    const known = accounts.get(account.id)
    known?.renew(account)
    const limits = known ?? new AccountLimits(account, dependencies.dayUse?.get(account.id))
    accounts.set(account.id, limits)
    return limits
  }
  const entryOf = (deployment: Deployment): DeploymentEntry => {
    const known = entries.get(deployment.id)
    const account = accountOf(deployment)
    known?.renew(deployment, account)
    const entry = known ?? new DeploymentEntry(deployment, dependencies.dayUse?.get(deployment.id), account)
    entries.set(deployment.id, entry)
    return entry
  }
  const change = (deployment: Deployment, ended?: AttemptOutcome): void =>
    dependencies.onChange?.(ended === undefined ? { deployment } : { deployment, ended })

  return {
    take(deployment, estimatedTokens, requestBytes) {
      const entry = entryOf(deployment)
      const tokens = Math.ceil(estimatedTokens)
      const refusal = entry.refusal(tokens, now())
      if (refusal !== undefined) return refusal
      const attempt = entry.begin(tokens, requestBytes, now())
      change(deployment)
      let over = false
      const warning = dependencies.warningOf?.(deployment.id)
      return {
        warnings: warning === undefined ? [] : [warning],
        head: (status, headers) => {
          if (!over) entry.head(attempt, status, headers, now())
        },
        firstToken: (ms) => entry.firstToken(ms),
        ended: (outcome, usage, durationMs) => {
          if (over) return
          over = true
          entry.end(attempt, outcome, usage, durationMs, dependencies.config().cooldown, now())
          change(deployment, outcome)
        },
      }
    },
    condition: (deploymentId) => entries.get(deploymentId)?.condition(now()),
    cooledUntil: (deploymentId) => entries.get(deploymentId)?.cooledUntil(now()),
    bytesPerToken: (deploymentId) => entries.get(deploymentId)?.bytesPerToken,
    health: (deploymentId) => entries.get(deploymentId)?.health,
    limits: (deployment) => entryOf(deployment).limits(now()),
    dayUse: (id) => (entries.get(id) ?? accounts.get(id))?.dayUse,
    reachable: (deploymentId) => entries.get(deploymentId)?.reachable(now()),
    retain: (deployments) => {
      const kept = new Map(deployments.map((deployment) => [deployment.id, deployment]))
      for (const [id, entry] of entries) {
        const deployment = kept.get(id)
        if (deployment === undefined) entries.delete(id)
        else entry.renew(deployment, accountOf(deployment))
      }
    },
  }
}
