import type { AttemptRecord, RequestRecord } from '../ledger/request-record.ts'

/** What is known of a deployment from the requests it was given; nothing is ever asked for this. */
export interface DeploymentState {
  readonly healthy: boolean
  /** One sentence, without secrets, when it is not. */
  readonly error: string | undefined
  /** ms since the epoch. */
  readonly lastSeenAt: number | undefined
}

export interface DeploymentStates {
  /** Undefined = not used since the start. */
  readonly of: (deploymentId: string) => DeploymentState | undefined
  note(record: RequestRecord): void
}

/** Ends that say nothing about the deployment: the client left, the gateway stopped, or the request itself was at fault. */
const neutralOutcomes = new Set([
  'aborted',
  'content_policy_violation',
  'context_length_exceeded',
  'upstream_bad_request',
  'upstream_unprocessable',
])

/** Remembers the last attempt at each deployment: the passive health of `GET /health`. */
export function createDeploymentStates(): DeploymentStates {
  const states = new Map<string, DeploymentState>()
  return {
    of: (deploymentId) => states.get(deploymentId),
    note: (record) => {
      for (const attempt of record.attempts) {
        if (!neutralOutcomes.has(attempt.outcome))
          states.set(attempt.deploymentId, stateAfter(attempt, record.startedAt))
      }
    },
  }
}

function stateAfter(attempt: AttemptRecord, startedAt: number): DeploymentState {
  const lastSeenAt = startedAt + attempt.startedMs + attempt.durationMs
  if (attempt.outcome === 'answered') return { healthy: true, error: undefined, lastSeenAt }
  const status = attempt.status === null ? 'no answer' : `status ${attempt.status}`
  return { healthy: false, error: `The last attempt ended with ${attempt.outcome} (${status}).`, lastSeenAt }
}
