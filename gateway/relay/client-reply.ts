import type { ServerResponse } from 'node:http'
import type { JsonObject } from '../model/json.ts'

type HeaderMap = Readonly<Record<string, string>>

const streamHeaders: HeaderMap = {
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
}

/** Larger bodies are not copied for the sake of one write. */
const mostJoinedBytes = 16 * 1024

/** Writes to one client. Knows the state of the response, so that nothing is written twice or after its end. */
export class ClientReply {
  readonly #response: ServerResponse
  readonly #onDrain: () => void

  constructor(response: ServerResponse, onDrain: () => void) {
    this.#response = response
    this.#onDrain = onDrain
  }

  /** False once the client has gone or everything was written. */
  get open(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded
  }

  get headSent(): boolean {
    return this.#response.headersSent
  }

  startStream(headers: HeaderMap, form: 'sse' | 'json-array' = 'sse'): void {
    const contentType = form === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/json; charset=utf-8'
    this.#response.writeHead(200, { ...headers, ...streamHeaders, 'content-type': contentType })
  }

  /** False when the client reads more slowly than we write; `onDrain` tells when to go on. */
  write(pieces: readonly Buffer[]): boolean {
    if (!this.open) return true
    const response = this.#response
    if (pieces.length > 1) response.cork()
    for (const piece of pieces) response.write(piece)
    // Uncorking may emit `drain` at once, so what counts is the state after it and not what each write returned.
    if (pieces.length > 1) response.uncork()
    if (!response.writableNeedDrain) return true
    response.once('drain', this.#onDrain)
    return false
  }

  endStream(terminal: Buffer): void {
    if (this.open) this.#response.end(terminal)
  }

  sendBody(status: number, headers: HeaderMap, body: Buffer, contentType = 'application/json; charset=utf-8'): void {
    if (!this.open) return
    this.#response.writeHead(status, {
      ...headers,
      'content-type': contentType,
      'content-length': String(body.length),
      'x-content-type-options': 'nosniff',
    })
    if (body.length > mostJoinedBytes) this.#response.end(body)
    // As text of one character per byte it goes out with the head in one write, where two buffers need a gathering one.
    else this.#response.end(body.toString('latin1'), 'latin1')
  }

  /** An error before the head is a JSON answer with its status. */
  sendError(status: number, headers: HeaderMap, body: JsonObject): void {
    this.sendBody(status, headers, Buffer.from(JSON.stringify(body)))
  }
}
