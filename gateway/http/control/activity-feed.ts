import type { RequestView } from '../../contract/requests.ts'
import type { RequestRecord } from '../../ledger/request-record.ts'
import { requestView, runningView, withFirstToken } from '../../ledger/request-view.ts'
import type { ActivityListener, RunningRequest } from '../../relay/activity.ts'

/** What changed since the last call: whole requests, each once, in the order of their first change. */
export interface FeedChange {
  readonly requests: readonly RequestView[]
  readonly routers: boolean
  readonly status: boolean
  readonly backends: boolean
  readonly network: boolean
}

/** Listens to the relay and keeps the last requests in memory, for the live view. */
export interface ActivityFeed extends ActivityListener {
  /** Newest first, running ones included, at most 200. */
  recent(): readonly RequestView[]
  /** To be called when a switch was set or the configuration was replaced. */
  routersChanged(): void
  /** To be called when the state of the gateway itself changed: configuration problems, draining. */
  statusChanged(): void
  /** To be called when a local server came, went or changed. */
  backendsChanged(): void
  /** To be called when the path to a host was lost, came back or changed. */
  networkChanged(): void
  /** Changes in batches, at most every 100 ms. Gives the way to end it. */
  subscribe(listener: (change: FeedChange) => void): () => void
}

export const mostRequests = 200
/** So many more are kept before the oldest go, all at once: the first of a map is dear to find after many have gone. */
const spareRequests = 100
const batchMs = 100

/** @param earlier what the ledger holds from before this start, newest first: a restart empties no list */
export function createActivityFeed(earlier: readonly RequestRecord[] = []): ActivityFeed {
  const requests = new Map<string, Kept>(earlier.toReversed().map((record) => [record.id, { finished: record }]))
  const listeners = new Set<(change: FeedChange) => void>()
  const batch = createBatch(() => {
    const change = batch.take()
    for (const listener of listeners) listener(change)
  })
  const keep = (id: string, kept: Kept): void => {
    requests.set(id, kept)
    if (requests.size > mostRequests + spareRequests) dropOldest(requests)
    if (listeners.size > 0) batch.request(id, kept)
  }

  return {
    started: (request) => keep(request.id, { running: request, firstTokenMs: undefined }),
    firstToken(id, firstTokenMs) {
      const kept = requests.get(id)
      if (kept?.running !== undefined) keep(id, { running: kept.running, firstTokenMs })
    },
    finished: (record) => keep(record.id, { finished: record }),
    recent() {
      dropOldest(requests)
      return [...requests.values()].map(viewOf).sort((first, second) => second.startedAt - first.startedAt)
    },
    routersChanged() {
      if (listeners.size > 0) batch.routers()
    },
    statusChanged() {
      if (listeners.size > 0) batch.status()
    },
    backendsChanged() {
      if (listeners.size > 0) batch.backends()
    },
    networkChanged() {
      if (listeners.size > 0) batch.network()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) batch.clear()
      }
    },
  }
}

/** A request as it was told of. It becomes a view only when somebody looks: most of the time nobody does. */
type Kept =
  | { readonly running: RunningRequest; readonly firstTokenMs: number | undefined }
  | { readonly running?: undefined; readonly finished: RequestRecord }

function viewOf(kept: Kept): RequestView {
  if (kept.running === undefined) return requestView(kept.finished)
  const view = runningView(kept.running)
  return kept.firstTokenMs === undefined ? view : withFirstToken(view, kept.firstTokenMs)
}

/** Collects changes and asks for a flush once per 100 ms while there are any. */
function createBatch(flush: () => void) {
  let requests = new Map<string, Kept>()
  let flags = { routers: false, status: false, backends: false, network: false }
  let timer: NodeJS.Timeout | undefined
  const schedule = (): void => {
    timer ??= setTimeout(flush, batchMs).unref()
  }
  const clear = (): void => {
    clearTimeout(timer)
    timer = undefined
    requests = new Map()
    flags = { routers: false, status: false, backends: false, network: false }
  }
  return {
    clear,
    request(id: string, kept: Kept) {
      requests.set(id, kept)
      schedule()
    },
    routers() {
      flags.routers = true
      schedule()
    },
    status() {
      flags.status = true
      schedule()
    },
    backends() {
      flags.backends = true
      schedule()
    },
    network() {
      flags.network = true
      schedule()
    },
    take(): FeedChange {
      const change = { requests: [...requests.values()].map(viewOf), ...flags }
      clear()
      return change
    },
  }
}

/** Leaves at most 200: the oldest finished ones go first, running ones only when there are too many of those. */
function dropOldest(requests: Map<string, Kept>): void {
  for (const [id, kept] of requests) {
    if (requests.size <= mostRequests) return
    if (kept.running === undefined) requests.delete(id)
  }
  for (const id of requests.keys()) {
    if (requests.size <= mostRequests) return
    requests.delete(id)
  }
}
