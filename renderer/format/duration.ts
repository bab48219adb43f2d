import { thinSpace } from './figures.ts'

/** A finished duration in ms: `4 ms`, `0.9 s`, `38.5 s`, `2 min 10 s`, `1 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds))
  if (whole < 100) return `${whole}${thinSpace}ms`
  const tenths = Math.round(whole / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}${thinSpace}s`
  return formatMinutes(Math.round(whole / 1_000))
}

/** A duration that still runs: tenths below 10 s, whole seconds after, so that it changes as often as it is redrawn. */
export function formatRunning(milliseconds: number): string {
  const elapsed = Math.max(0, milliseconds)
  if (elapsed < 10_000) return `${(Math.floor(elapsed / 100) / 10).toFixed(1)}${thinSpace}s`
  const seconds = Math.floor(elapsed / 1_000)
  return seconds < 60 ? `${seconds}${thinSpace}s` : formatMinutes(seconds)
}

function formatMinutes(totalSeconds: number): string {
  const minutes = Math.floor(totalSeconds / 60)
  if (minutes < 60) return `${minutes}${thinSpace}min ${totalSeconds % 60}${thinSpace}s`
  return `${Math.floor(minutes / 60)}${thinSpace}h ${minutes % 60}${thinSpace}min`
}
