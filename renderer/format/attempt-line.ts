import type { Attempt } from '../contract.ts'

export interface AttemptSpan {
  /** `held`: waiting by rule before it began; `silent`: waiting for the first token; `told`: the answer comes. */
  readonly kind: 'held' | 'failed' | 'silent' | 'told'
  /** Percent of the axis. */
  readonly left: number
  readonly width: number
}

/** The length of the time axis, ms. */
export function axisLength(attempts: readonly Attempt[]): number {
  return Math.max(1, ...attempts.map((attempt) => attempt.startedMs + attempt.durationMs))
}

/**
 * One attempt on the axis of all of them. `firstTokenMs` is that of the request; it belongs to the attempt in whose time it
 * lies. What went before it and had ended is what it waited for.
 */
export function layoutAttempt(
  attempts: readonly Attempt[],
  index: number,
  firstTokenMs: number | null,
): readonly AttemptSpan[] {
  const attempt = attempts[index]
  if (attempt === undefined) return []
  const length = axisLength(attempts)
  const start = attempt.startedMs
  const end = start + attempt.durationMs
  const span = (kind: AttemptSpan['kind'], from: number, to: number): readonly AttemptSpan[] =>
    to > from || kind !== 'held' ? [{ kind, left: (from / length) * 100, width: ((to - from) / length) * 100 }] : []
  const endings = attempts.slice(0, index).map((before) => before.startedMs + before.durationMs)
  const held = index === 0 ? [] : span('held', Math.max(...endings), start)
  if (attempt.outcome !== 'answered') return [...held, ...span('failed', start, end)]
  if (firstTokenMs === null || firstTokenMs <= start || firstTokenMs >= end)
    return [...held, ...span('told', start, end)]
  return [...held, ...span('silent', start, firstTokenMs), ...span('told', firstTokenMs, end)]
}
