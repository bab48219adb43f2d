import { createParser } from 'eventsource-parser'
import type { GatewayEvent } from '../../gateway/contract/events.ts'
import { createControlClient } from '../../gateway/contract/control-client.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { GatewayAddress } from '../security/forward-to-gateway.ts'

export interface EventFeedOptions {
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>
  readonly clock: Clock
  readonly logger: Logger
  readonly onEvent: (event: GatewayEvent) => void
}

const firstRetryMs = 250
const longestRetryMs = 5_000
/** Three of the gateway's heartbeats (one each 15 s): after that the connection is dead though nobody closed it. */
const silenceLimitMs = 45_000

/**
 * Follows the event stream of the gateway at one address until stopped, connecting again with growing pauses. Each
 * connection begins with a snapshot, so nothing is lost by a gap.
 */
export function createEventFeed({ fetch, clock, logger, onEvent }: EventFeedOptions) {
  let stopCurrent: (() => void) | undefined

  const follow = (address: GatewayAddress): (() => void) => {
    const client = createControlClient({ baseUrl: address.url, token: () => address.controlToken, fetch })
    const ended = new AbortController()
    let retryMs = firstRetryMs
    let cancelRetry: (() => void) | undefined

    const connect = async () => {
      const connection = new AbortController()
      const signal = AbortSignal.any([ended.signal, connection.signal])
      try {
        const response = await client.events(signal)
        retryMs = firstRetryMs
        await readEvents(response, { clock, onSilence: () => connection.abort(), onEvent: relay(logger, onEvent) })
      } catch (error) {
        if (!ended.signal.aborted) logger.info('event-feed-lost', { reason: (error as Error).name })
      }
      connection.abort()
      if (ended.signal.aborted) return
      cancelRetry = clock.after(retryMs, () => void connect())
      retryMs = Math.min(longestRetryMs, retryMs * 2)
    }

    void connect()
    return () => {
      ended.abort()
      cancelRetry?.()
    }
  }

  return {
    /** Follows this address from now on, and no other. */
    follow(address: GatewayAddress): void {
      stopCurrent?.()
      stopCurrent = follow(address)
    },
    stop(): void {
      stopCurrent?.()
      stopCurrent = undefined
    },
  }
}

/** An event that cannot be read is dropped: the next snapshot puts the picture right. */
function relay(logger: Logger, onEvent: (event: GatewayEvent) => void) {
  return (data: string) => {
    let event: GatewayEvent
    try {
      event = JSON.parse(data) as GatewayEvent
    } catch {
      logger.warn('event-unreadable', {})
      return
    }
    onEvent(event)
  }
}

interface ReadOptions {
  readonly clock: Clock
  readonly onSilence: () => void
  readonly onEvent: (data: string) => void
}

/** Reads to the end of the stream. Anything that arrives, a comment too, shows that the other side lives. */
async function readEvents(response: Response, { clock, onSilence, onEvent }: ReadOptions): Promise<void> {
  if (response.body === null) return
  const parser = createParser({ onEvent: ({ data }) => onEvent(data) })
  let cancelSilence = clock.after(silenceLimitMs, onSilence)
  try {
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      cancelSilence()
      cancelSilence = clock.after(silenceLimitMs, onSilence)
      parser.feed(text)
    }
  } finally {
    cancelSilence()
  }
}
