import type { Deployment } from '../../config/gateway-config.ts'
import type { GatewayError } from '../../model/errors.ts'
import type { Usage } from '../../model/usage.ts'
import type { DeploymentCondition } from '../../routing/plan-types.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { DeploymentEntry } from './deployment-entry.ts'

/** What is known of every deployment from its own traffic, and who may use it next. Nothing here waits or throws. */
export interface DeploymentBoard {
  /** Takes a slot of every limit of the deployment (requests per minute, tokens, concurrency, daily window) or says why not. */
  take(deployment: Deployment, estimatedTokens: number): AttemptTicket | TakeRefusal
  /** For `RoutingSnapshot.condition`; undefined = never used. */
  readonly condition: (deploymentId: string) => DeploymentCondition | undefined
  /** For `RoutingSnapshot.bytesPerToken`. */
  readonly bytesPerToken: (deploymentId: string) => number | undefined
}

/** A slot that was taken. To be told what comes of it. */
export interface AttemptTicket {
  /** Status and headers came: rate-limit headers are learned from. */
  head(status: number, headers: UpstreamHeaders): void
  /** The first output; ms from the attempt's start. */
  firstToken(ms: number): void
  /** Exactly once; later calls do nothing. Cooldowns, latency, quotas and passive health follow from it. */
  ended(outcome: AttemptOutcome, usage: Usage | null, durationMs: number): void
}

/** `aborted` is nobody's fault: the client left, another candidate won, the gateway stops. */
export type AttemptOutcome =
  | { readonly kind: 'answered' | 'aborted' }
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
}

export function createDeploymentBoard({ now }: BoardDependencies): DeploymentBoard {
  const entries = new Map<string, DeploymentEntry>()
  return {
    take(deployment, estimatedTokens) {
      const entry = entries.get(deployment.id) ?? new DeploymentEntry()
      entries.set(deployment.id, entry)
      return entry.refusal(deployment, estimatedTokens, now()) ?? entry.take(estimatedTokens, now)
    },
    condition: (deploymentId) => entries.get(deploymentId)?.condition(now()),
    bytesPerToken: () => undefined,
  }
}
