import type { MarkState } from './mark-state.ts'
import { formatClockShort } from '../format/time.ts'
import { strings } from '../strings.ts'
import type { LiveState } from './live-state.ts'

/** The gateway's state in words, for the line under the name. */
export function stateWords(live: LiveState): string {
  if (live.connection === 'connecting') return strings.state.connecting
  if (live.connection !== 'live' || live.status === null) return strings.state.stopped
  if (live.status.phase === 'draining') return strings.state.draining
  const { pausedSince } = live.status
  if (pausedSince !== undefined) return strings.state.paused(formatClockShort(pausedSince))
  if (live.status.demo === 'listed' && live.status.inFlight === 0) return strings.state.demo
  return strings.state.running(live.status.inFlight)
}

/** Which lamps of the mark are lit. */
export function markState(live: LiveState): MarkState {
  if (live.connection !== 'live' || live.status === null) return 'off'
  if (live.status.pausedSince !== undefined) return 'off'
  if (live.status.config.refused) return 'degraded'
  return live.status.inFlight > 0 ? 'working' : 'ok'
}

/** What stands under a router's name in the panel. */
export function routerWords(router: LiveState['routers'][number], demo: boolean): string {
  const words = strings.routers
  if (router.position.mode === 'off') return words.off
  if (router.position.mode === 'pinned') {
    const { tier } = router.position
    const model = router.tiers.find((candidate) => candidate.tier === tier)?.models[0]
    return words.held(model?.name ?? tier)
  }
  const tail = demo ? words.pretend : words.today(router.requestsToday)
  return `${words.tiers(router.tiers.length)} · ${tail}`
}

/** True when every model of the router is one of the built-in pretend ones. */
export function isDemoRouter(router: LiveState['routers'][number]): boolean {
  const names = router.tiers.flatMap((tier) => tier.models.map((model) => model.name))
  return names.length > 0 && names.every((name) => name.startsWith('demo-'))
}
