import type { ServerResponse } from 'node:http'
import type { GatewayEvent } from '../../contract/events.ts'
import type { BackendList } from '../../contract/backends.ts'
import type { NetworkView } from '../../contract/network.ts'
import type { RouterView } from '../../contract/routers.ts'
import type { GatewayStatus } from '../../contract/status.ts'
import type { HttpLogger } from '../error-reply.ts'
import type { ActivityFeed, FeedChange } from './activity-feed.ts'

export interface EventHubDependencies {
  readonly feed: ActivityFeed
  readonly status: () => Promise<GatewayStatus>
  readonly routers: () => Promise<readonly RouterView[]>
  readonly backends: () => BackendList
  readonly network: () => Promise<NetworkView>
  readonly logger: HttpLogger
}

/** The readers of `/api/events`. Each event is written once and sent to all. */
export interface EventHub {
  /** Writes head and snapshot to a hijacked response and keeps it until either side ends. Never rejects. */
  add(response: ServerResponse): Promise<void>
  close(): void
}

const keepAliveMs = 15_000
const statusEveryMs = 1000
/** A reader that lets this many bytes pile up is cut off; it gets a new snapshot when it comes back. */
const mostUnreadBytes = 2 * 1024 * 1024

const head = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // A reverse proxy that collects answers would hold events back.
  'x-accel-buffering': 'no',
} as const

export function createEventHub(dependencies: EventHubDependencies): EventHub {
  const { feed } = dependencies
  /** True once a reader has its snapshot; only then events reach it. */
  const readers = new Map<ServerResponse, boolean>()
  const send = (text: string): void => {
    for (const [reader, isReady] of readers) if (isReady) writeTo(reader, text)
  }
  const publisher = createPublisher(dependencies, send)
  let stopListening: (() => void) | undefined
  let keepAlive: NodeJS.Timeout | undefined
  /** Counts changes that a snapshot in the making may have missed. */
  let changes = 0

  const start = (): void => {
    stopListening ??= feed.subscribe((change) => {
      if (change.routers || change.status || change.backends) changes += 1
      publisher.publish(change)
    })
    keepAlive ??= setInterval(() => send(': keep-alive\n\n'), keepAliveMs).unref()
  }
  const stop = (): void => {
    stopListening?.()
    stopListening = undefined
    clearInterval(keepAlive)
    keepAlive = undefined
    publisher.stop()
  }
  const freshSnapshot = async (): Promise<GatewayEvent> => {
    for (;;) {
      const before = changes
      const snapshot = await takeSnapshot(dependencies)
      if (before === changes) return snapshot
    }
  }

  return {
    async add(response) {
      readers.set(response, false)
      response.once('close', () => {
        readers.delete(response)
        if (readers.size === 0) stop()
      })
      // Listening starts before anything is read, so that no change falls between the snapshot and the first event.
      start()
      const snapshot = await freshSnapshot().catch((thrown: unknown) => {
        dependencies.logger.error({ err: thrown }, 'a snapshot for the event stream could not be made')
        response.destroy()
      })
      if (snapshot === undefined || !readers.has(response)) return
      response.writeHead(200, head)
      writeTo(response, eventText(snapshot))
      readers.set(response, true)
    },
    close() {
      for (const [reader, isReady] of readers) {
        if (isReady) reader.end()
        else reader.destroy()
      }
      readers.clear()
      stop()
    },
  }
}

async function takeSnapshot({ feed, status, routers, backends }: EventHubDependencies): Promise<GatewayEvent> {
  const [statusNow, routersNow] = await Promise.all([status(), routers()])
  const parts = { status: statusNow, routers: [...routersNow], requests: [...feed.recent()] }
  return { type: 'snapshot', ...parts, ...backends() }
}

/** Turns changes of the feed into events; the status at most once a second, the last one never lost. */
function createPublisher(
  { status, routers, backends, network, logger }: EventHubDependencies,
  send: (text: string) => void,
) {
  let timer: NodeJS.Timeout | undefined
  let lastSentAt = Number.NEGATIVE_INFINITY
  const settle = (work: Promise<void>): void => {
    work.catch((thrown: unknown) => logger.error({ err: thrown }, 'an event could not be made'))
  }
  const sendStatus = async (): Promise<void> => {
    timer = undefined
    lastSentAt = performance.now()
    send(eventText({ type: 'status', status: await status() }))
  }
  const scheduleStatus = (): void => {
    const wait = Math.max(0, lastSentAt + statusEveryMs - performance.now())
    timer ??= setTimeout(() => settle(sendStatus()), wait).unref()
  }
  const sendRouters = async (): Promise<void> => send(eventText({ type: 'routers', routers: [...(await routers())] }))
  const sendNetwork = async (): Promise<void> => send(eventText({ type: 'network', network: await network() }))

  return {
    publish(change: FeedChange) {
      const texts = change.requests.map((request) => eventText({ type: 'request', request }))
      if (texts.length > 0) send(texts.join(''))
      if (change.routers) settle(sendRouters())
      if (change.backends) send(eventText({ type: 'backends', ...backends() }))
      if (change.network) settle(sendNetwork())
      scheduleStatus()
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

function eventText(event: GatewayEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

/** What is judged is what the reader left lying before this event: one long event cuts nobody off. */
function writeTo(reader: ServerResponse, text: string): void {
  if (reader.destroyed || reader.writableEnded) return
  if (reader.writableLength > mostUnreadBytes) reader.destroy()
  else reader.write(text)
}
