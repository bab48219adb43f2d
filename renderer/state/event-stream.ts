import { createParser } from 'eventsource-parser'
import type { GatewayEvent } from '../../gateway/contract/events.ts'
import { parseEvent } from './live-state.ts'

const firstDelayMs = 500
const longestDelayMs = 15_000
/** The gateway sends a comment every 15 s: three missed ones mean a dead connection that nobody closed. */
const silenceLimitMs = 45_000

export type StreamEnd = 'refused' | 'broken'

export interface EventStreamDependencies {
  /** Opens `/api/events`; rejects with an error that has a `status` when the gateway refuses. */
  readonly open: (signal: AbortSignal) => Promise<Response>
  readonly onEvent: (event: GatewayEvent) => void
  /** Anything was heard, a comment too. */
  readonly onHeard: () => void
  readonly onEnd: (end: StreamEnd) => void
  readonly after: (delayMs: number, callback: () => void) => () => void
  /** 0 to 1, spreads the reconnects of several pages. */
  readonly random: () => number
}

/** Delay before reconnect number `attempt` (from 0), ms: 0.5 s doubling to 15 s, with up to a fifth taken off. */
export function reconnectDelay(attempt: number, random: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** attempt) * (1 - 0.2 * random)
}

/** Reads the gateway's events until stopped, reconnecting with back-off. A refused session (401, 403) ends it. */
export function createEventStream(dependencies: EventStreamDependencies) {
  let stopped = false
  let attempt = 0
  let abort: AbortController | undefined
  let clearRetry: (() => void) | undefined

  const connect = async (): Promise<void> => {
    clearRetry = undefined
    const controller = new AbortController()
    abort = controller
    const end = await readOnce(dependencies, controller, () => {
      attempt = 0
    })
    if (stopped) return
    dependencies.onEnd(end)
    if (end === 'refused') return
    clearRetry = dependencies.after(reconnectDelay(attempt, dependencies.random()), () => void connect())
    attempt += 1
  }
  return {
    start() {
      void connect()
    },
    /** Skips the wait before the next try; nothing while connected. */
    retryNow() {
      if (clearRetry === undefined || stopped) return
      clearRetry()
      attempt = 0
      void connect()
    },
    stop() {
      stopped = true
      clearRetry?.()
      abort?.abort()
    },
  }
}

async function readOnce(
  dependencies: EventStreamDependencies,
  controller: AbortController,
  onFirstEvent: () => void,
): Promise<StreamEnd> {
  let clearSilence = dependencies.after(silenceLimitMs, () => controller.abort())
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = parseEvent(data)
      if (event === undefined) return
      onFirstEvent()
      dependencies.onEvent(event)
    },
  })
  try {
    const response = await dependencies.open(controller.signal)
    if (response.body === null) return 'broken'
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearSilence()
      clearSilence = dependencies.after(silenceLimitMs, () => controller.abort())
      dependencies.onHeard()
      parser.feed(chunk.value)
    }
    return 'broken'
  } catch (error) {
    const status = (error as { status?: unknown }).status
    return status === 401 || status === 403 ? 'refused' : 'broken'
  } finally {
    clearSilence()
  }
}
