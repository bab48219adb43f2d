import type { ServerResponse } from 'node:http'
import type { GatewayError } from '../model/errors.ts'
import { chatErrorBody, chatErrorEvent } from '../dialects/chat-completions/error-body.ts'

type HeaderMap = Readonly<Record<string, string>>

const streamHeaders: HeaderMap = {
  'content-type': 'text/event-stream; charset=utf-8',
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

  startStream(headers: HeaderMap): void {
    this.#response.writeHead(200, { ...headers, ...streamHeaders })
  }

  /** False when the client reads more slowly than we write; `onDrain` tells when to go on. */
  write(pieces: readonly Buffer[]): boolean {
    if (!this.open) return true
    const response = this.#response
    // Node collects what is written in one turn, and the head before it, into one system call; to cork and uncork here
    // would make it one for each call.
    for (const piece of pieces) response.write(piece)
    if (!response.writableNeedDrain) return true
    response.once('drain', this.#onDrain)
    return false
  }

  endStream(terminal: Buffer): void {
    if (this.open) this.#response.end(terminal)
  }

  sendJson(status: number, headers: HeaderMap, body: Buffer): void {
    if (!this.open) return
    this.#response.writeHead(status, {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(body.length),
      'x-content-type-options': 'nosniff',
    })
    if (body.length > mostJoinedBytes) this.#response.end(body)
    // As text of one character per byte it goes out with the head in one write, where two buffers need a gathering one.
    else this.#response.end(body.toString('latin1'), 'latin1')
  }

  /** An error before the head is a JSON answer with its status, after it an event that ends the stream. */
  sendError(error: GatewayError, headers: HeaderMap): void {
    if (!this.open) return
    if (this.headSent) this.#response.end(chatErrorEvent(error))
    else this.sendJson(error.status, headers, Buffer.from(JSON.stringify(chatErrorBody(error))))
  }
}
