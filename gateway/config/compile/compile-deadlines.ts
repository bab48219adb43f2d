import type { Deadlines } from '../gateway-config.ts'

export interface TimeoutSettings {
  /** Seconds. */
  readonly timeout: number | undefined
  /** Seconds. */
  readonly streamTimeout: number | undefined
}

export const defaultDeadlines: Deadlines = {
  connectMs: 10_000,
  firstByteMs: 600_000,
  idleMs: 300_000,
  totalMs: 3_600_000,
}

/** Node's timers hold at most this; a longer wait is no deadline at all. */
const longestMs = 2_147_483_647

/**
 * Deadlines from LiteLLM's seconds; the first of `levels` (deployment, then router, then general) that sets a value wins.
 * `timeout` bounds the wait for an answer to begin, which for an answer in one piece is all of it; a stream that runs is
 * not cut by it, as in LiteLLM, whose timeout is per read. `stream_timeout` bounds each silence of a stream, the one before
 * its first output included: there the nearest level that sets either counts, and `stream_timeout` before `timeout`.
 */
export function compileDeadlines(levels: readonly TimeoutSettings[]): Deadlines {
  const timeout = toMs(levels.find((level) => level.timeout !== undefined)?.timeout)
  const silence = toMs(levels.find((level) => level.streamTimeout !== undefined)?.streamTimeout)
  const firstByteMs = timeout ?? defaultDeadlines.firstByteMs
  const nearest = levels.find((level) => level.timeout !== undefined || level.streamTimeout !== undefined)
  const streamFirstByteMs = toMs(nearest?.streamTimeout) ?? firstByteMs
  return {
    connectMs: Math.min(defaultDeadlines.connectMs, firstByteMs),
    firstByteMs,
    idleMs: silence ?? defaultDeadlines.idleMs,
    totalMs: Math.max(defaultDeadlines.totalMs, firstByteMs, streamFirstByteMs),
    ...(streamFirstByteMs === firstByteMs ? {} : { streamFirstByteMs }),
  }
}

function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.max(1, Math.min(longestMs, Math.round(seconds * 1000)))
}
