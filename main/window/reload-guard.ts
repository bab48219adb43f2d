import type { Clock } from '../clock.ts'

const windowMs = 60_000
const most = 3

/** Says whether a page that died may be loaded again: at most three times a minute, so that a broken page cannot spin. */
export function createReloadGuard(clock: Clock): () => boolean {
  let reloads: number[] = []
  return () => {
    const now = clock.now()
    reloads = reloads.filter((at) => now - at < windowMs)
    if (reloads.length >= most) return false
    reloads.push(now)
    return true
  }
}
