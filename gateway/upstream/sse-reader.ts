import { EventSplitter } from './event-splitter.ts'

/** One server-sent event. `data` joins its data lines; an event without any has an empty text. */
export interface SseEvent {
  readonly event: string | undefined
  readonly data: string
}

/**
 * Reads a stream of server-sent events out of bytes, however they are cut and whatever the line ends
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). Comments are dropped. An upstream that ends without
 * the last blank line still gets its last event read.
 */
export class SseReader {
  readonly #splitter = new EventSplitter()

  /** Throws RangeError when one event exceeds 32 MiB. */
  feed(chunk: Buffer): SseEvent[] {
    const batch = this.#splitter.push(chunk)
    if (batch === undefined) return []
    const events: SseEvent[] = []
    let start = 0
    for (const end of batch.ends) {
      events.push(...readEvent(batch.bytes.toString('utf8', start, end)))
      start = end
    }
    return events
  }

  finish(): SseEvent[] {
    return readEvent(this.#splitter.rest().toString('utf8'))
  }
}

/** None for a comment or an empty block. */
function readEvent(text: string): SseEvent[] {
  const data: string[] = []
  let event: string | undefined
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1)
    if (field === 'data') data.push(value)
    else if (field === 'event') event = value
  }
  return data.length === 0 && event === undefined ? [] : [{ event, data: data.join('\n') }]
}
