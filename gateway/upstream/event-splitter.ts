/** Largest single event that is kept in memory while it is incomplete. */
const maxEventBytes = 32 * 1024 * 1024

/** A run of complete events: bytes, the same bytes one character each, and the end of each event in them. */
export interface EventBatch {
  readonly bytes: Buffer
  readonly text: string
  readonly ends: readonly number[]
}

/**
 * Cuts a stream of server-sent events at their blank lines, whatever the line ends (LF, CRLF, CR) and wherever the
 * network cut the bytes. Works on bytes: nothing is decoded, so no character can break.
 */
export class EventSplitter {
  #pending: Buffer[] = []
  #pendingBytes = 0
  /** The last bytes of what is pending, as a blank line may begin there. */
  #tail = ''

  /** Takes bytes and gives the events they complete, or undefined. Throws RangeError when one event exceeds 32 MiB. */
  push(chunk: Buffer): EventBatch | undefined {
    const text = chunk.toString('latin1')
    if (!hasBoundary(this.#tail + text)) {
      this.#keep(chunk, text)
      return undefined
    }
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([...this.#pending, chunk])
    const wholeText = this.#pending.length === 0 ? text : bytes.toString('latin1')
    const ends = boundaries(wholeText)
    const end = ends.at(-1) ?? 0
    this.#pending = []
    this.#pendingBytes = 0
    this.#tail = ''
    if (end < bytes.length) this.#keep(bytes.subarray(end), wholeText.slice(end))
    return { bytes: bytes.subarray(0, end), text: wholeText, ends }
  }

  /** What is left at the end of the stream: an event without its blank line, or nothing. */
  rest(): Buffer {
    return Buffer.concat(this.#pending)
  }

  #keep(chunk: Buffer, text: string): void {
    this.#pending.push(chunk)
    this.#pendingBytes += chunk.length
    this.#tail = (this.#tail + text).slice(-3)
    if (this.#pendingBytes > maxEventBytes) throw new RangeError('an event of the stream exceeds 32 MiB')
  }
}

/** Blank lines in any mixture of line ends. `\r\n` alone is no boundary; the longer forms stand first. */
const blankLine = /\r\n\r\n|\n\r\n|\r\n\n|\n\n|\r\r/g

function hasBoundary(text: string): boolean {
  return text.includes('\r') ? text.search(blankLine) !== -1 : text.includes('\n\n')
}

/** One past each blank line. */
function boundaries(text: string): number[] {
  const ends: number[] = []
  if (text.includes('\r')) {
    for (const match of text.matchAll(blankLine)) ends.push(match.index + match[0].length)
    return ends
  }
  for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n', at + 2)) ends.push(at + 2)
  return ends
}
