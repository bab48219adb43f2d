import type { HttpDependencies } from '../../gateway/http/http-dependencies.ts'

/** A main switch that keeps nothing. */
export function pauseDouble(): HttpDependencies['pause'] {
  let since: number | null = null
  const view = () => ({ paused: since !== null, since })
  return {
    view,
    async set(paused) {
      since = paused ? (since ?? 1) : null
      return view()
    },
  }
}
