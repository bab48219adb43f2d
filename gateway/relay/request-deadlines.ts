import type { Deadlines } from '../config/gateway-config.ts'
import type { RequestFacts } from '../model/request-facts.ts'

/**
 * The deadlines of one attempt: the deployment's, but for what the request itself says. Its `timeout` is the wait for the
 * first output, which for an answer in one piece is all of it; its `stream_timeout` each silence of a stream. Pure.
 */
export function requestDeadlines(deadlines: Deadlines, { controls, stream }: RequestFacts): Deadlines {
  const { timeoutMs, streamTimeoutMs } = controls
  if (timeoutMs === undefined && streamTimeoutMs === undefined) return deadlines
  const firstByteMs = timeoutMs ?? deadlines.firstByteMs
  return {
    connectMs: deadlines.connectMs,
    firstByteMs,
    idleMs: stream ? (streamTimeoutMs ?? deadlines.idleMs) : deadlines.idleMs,
    totalMs: stream || timeoutMs === undefined ? Math.max(deadlines.totalMs, firstByteMs) : timeoutMs,
  }
}
