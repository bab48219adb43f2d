import type { GatewayEvent } from '../../gateway/contract/events.ts'
import type { BackendView, GatewayStatus, NetworkView, RequestView, RouterView } from '../contract.ts'

/** As many requests as the list shows and the gateway's snapshot carries. */
export const requestLimit = 200

export type Connection =
  /** No snapshot was seen yet. */
  | 'connecting'
  | 'live'
  /** The stream broke; the last data stays on screen. */
  | 'away'
  /** The gateway does not accept this session any more. */
  | 'refused'

export interface LiveState {
  readonly connection: Connection
  /** When the gateway was last heard, ms since the epoch. */
  readonly lastHeardAt: number | null
  readonly status: GatewayStatus | null
  readonly routers: readonly RouterView[]
  /** Newest first. */
  readonly requests: readonly RequestView[]
  /** Local servers: named ones in the order of the file, then the others by name. */
  readonly backends: readonly BackendView[]
  /** False when servers of this machine are not looked for. */
  readonly discovery: boolean
  /** The last that was told of the paths since the stream began; null = nothing has changed on them. */
  readonly network: NetworkView | null
}

export const initialLiveState: LiveState = {
  connection: 'connecting',
  lastHeardAt: null,
  status: null,
  routers: [],
  requests: [],
  backends: [],
  discovery: true,
  network: null,
}

/** Applies a batch of events in order. A snapshot replaces everything that was known. */
export function applyEvents(state: LiveState, events: readonly GatewayEvent[], now: number): LiveState {
  if (events.length === 0) return state
  const next = events.reduce(applyEvent, state)
  return { ...next, lastHeardAt: now }
}

/** The state with another router in place of the one of the same name. */
export function replaceRouter(state: LiveState, router: RouterView): LiveState {
  return { ...state, routers: state.routers.map((known) => (known.name === router.name ? router : known)) }
}

/** Reads one event's data; undefined for anything this version does not know. */
export function parseEvent(data: string): GatewayEvent | undefined {
  try {
    const event = JSON.parse(data) as { type?: unknown } | null
    const known = ['snapshot', 'request', 'routers', 'backends', 'network', 'status']
    return known.includes(String(event?.type)) ? (event as GatewayEvent) : undefined
  } catch {
    return undefined
  }
}

function applyEvent(state: LiveState, event: GatewayEvent): LiveState {
  switch (event.type) {
    case 'snapshot':
      return {
        ...state,
        connection: 'live',
        status: event.status,
        routers: event.routers,
        requests: [...event.requests].sort(newestFirst).slice(0, requestLimit),
        backends: event.backends,
        discovery: event.discovery,
        network: null,
      }
    case 'request':
      return { ...state, requests: withRequest(state.requests, event.request) }
    case 'routers':
      return { ...state, routers: event.routers }
    case 'backends':
      return { ...state, backends: event.backends, discovery: event.discovery }
    case 'network':
      return { ...state, network: event.network }
    case 'status':
      return { ...state, status: event.status }
  }
}

/** Keeps a finished request finished: a late event of its running time changes nothing. */
function withRequest(requests: readonly RequestView[], request: RequestView): readonly RequestView[] {
  const place = requests.findIndex((known) => known.id === request.id)
  if (place >= 0) {
    if (requests[place]?.phase === 'finished' && request.phase === 'running') return requests
    return requests.with(place, request)
  }
  const before = requests.findIndex((known) => known.startedAt <= request.startedAt)
  const next = [...requests]
  next.splice(before < 0 ? requests.length : before, 0, request)
  return next.slice(0, requestLimit)
}

function newestFirst(one: RequestView, other: RequestView): number {
  return other.startedAt - one.startedAt
}
