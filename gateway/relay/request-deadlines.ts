import type { Deadlines } from '../config/gateway-config.ts'
import type { RequestFacts } from '../model/request-facts.ts'

/**
 * The deadlines of one attempt: the deployment's, but for what the request itself says. Its `timeout` is the wait for the
 * first output, which for an answer in one piece is all of it; its `stream_timeout` each silence of a stream, the first
 * one included, as in LiteLLM. Pure.
 */
export function requestDeadlines(deadlines: Deadlines, { controls, stream }: RequestFacts): Deadlines {
  const { timeoutMs, streamTimeoutMs } = controls
  const { streamFirstByteMs, ...usual } = deadlines
  if (!stream) {
    if (timeoutMs === undefined) return deadlines
    return { ...usual, firstByteMs: timeoutMs, totalMs: timeoutMs }
  }
  if (timeoutMs === undefined && streamTimeoutMs === undefined && streamFirstByteMs === undefined) return deadlines
  const firstByteMs = streamTimeoutMs ?? timeoutMs ?? streamFirstByteMs ?? usual.firstByteMs
  return {
    connectMs: usual.connectMs,
    firstByteMs,
    idleMs: streamTimeoutMs ?? usual.idleMs,
    totalMs: Math.max(usual.totalMs, firstByteMs),
  }
}
