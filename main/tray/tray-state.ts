import type { BackendView } from '../../gateway/contract/backends.ts'
import type { GatewayEvent } from '../../gateway/contract/events.ts'
import type { NetworkView } from '../../gateway/contract/network.ts'
import type { RequestView } from '../../gateway/contract/requests.ts'
import type { RouterView } from '../../gateway/contract/routers.ts'
import type { GatewayStatus } from '../../gateway/contract/status.ts'
import type { SupervisorState } from '../gateway/supervisor-state.ts'
import type { Limit } from './limits.ts'

/** What the gateway last told. Running requests are all kept; of the finished ones as many as the menu shows. */
export interface GatewaySnapshot {
  readonly status: GatewayStatus
  readonly routers: readonly RouterView[]
  /** Newest first. */
  readonly requests: readonly RequestView[]
  readonly backends: readonly BackendView[]
  /** Undefined until it was asked for. */
  readonly network: NetworkView | undefined
  /** Budgets and long quotas, fullest first; undefined until they were asked for. */
  readonly limits: readonly Limit[] | undefined
}

/** Everything that icon, tooltip, menu and notices are made from. */
export interface TrayState {
  readonly gateway: SupervisorState
  /** Undefined until the first snapshot of a running gateway. */
  readonly snapshot: GatewaySnapshot | undefined
  /** True while a request has been running long enough to show it. */
  readonly working: boolean
}

export const initialTrayState: TrayState = { gateway: { phase: 'stopped' }, snapshot: undefined, working: false }

const finishedKept = 5

/** The snapshot after one event. Events before the first snapshot have nothing to change and are dropped. */
export function applyGatewayEvent(
  snapshot: GatewaySnapshot | undefined,
  event: GatewayEvent,
): GatewaySnapshot | undefined {
  if (event.type === 'snapshot') {
    const { status, routers, backends } = event
    const requests = keepRecent(event.requests)
    // The stream does not repeat these: what was known before a gap holds until it is asked for again.
    return { status, routers, requests, backends, network: snapshot?.network, limits: snapshot?.limits }
  }
  if (snapshot === undefined) return undefined
  switch (event.type) {
    case 'status':
      return { ...snapshot, status: event.status }
    case 'backends':
      return { ...snapshot, backends: event.backends }
    case 'network':
      return { ...snapshot, network: event.network }
    case 'routers':
      return { ...snapshot, routers: event.routers }
    case 'request': {
      const others = snapshot.requests.filter((request) => request.id !== event.request.id)
      return { ...snapshot, requests: keepRecent([event.request, ...others]) }
    }
  }
}

/** True while the gateway runs and refuses requests because somebody paused it. */
export function isPaused({ gateway, snapshot }: TrayState): boolean {
  return gateway.phase === 'running' && snapshot?.status.pausedSince !== undefined
}

function keepRecent(requests: readonly RequestView[]): RequestView[] {
  let finished = 0
  return requests
    .toSorted((one, other) => other.startedAt - one.startedAt)
    .filter((request) => {
      if (request.phase === 'finished') finished += 1
      return request.phase === 'running' || finished <= finishedKept
    })
}
