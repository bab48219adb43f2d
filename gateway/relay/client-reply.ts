import type { ServerResponse } from 'node:http'
import type { JsonObject } from '../model/json.ts'
import type { AnswerRecorder } from './answer-recorder.ts'

type HeaderMap = Readonly<Record<string, string>>

const streamHeaders: HeaderMap = {
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
}

/** Larger bodies are not copied for the sake of one write. */
const mostJoinedBytes = 16 * 1024

/** What is slowed down while the client reads more slowly than we write. */
export interface Flow {
  pause(): void
  resume(): void
}

/** Writes to one client. Knows the state of the response, so that nothing is written twice or after its end. */
export class ClientReply {
  readonly #response: ServerResponse
  readonly #flow: Flow
  readonly #recorder: AnswerRecorder | undefined
  #waiting: Buffer[] = []
  #ended = false

  constructor(response: ServerResponse, flow: Flow, recorder?: AnswerRecorder) {
    this.#response = response
    this.#flow = flow
    this.#recorder = recorder
  }

  /** False once the client has gone or everything was written. */
  get open(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded
  }

  get headSent(): boolean {
    return this.#response.headersSent
  }

  startStream(headers: HeaderMap, form: 'sse' | 'json-array' = 'sse'): void {
    if (!this.open) return
    const contentType = form === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/json; charset=utf-8'
    const head = { ...headers, ...streamHeaders, 'content-type': contentType }
    this.#response.writeHead(200, head)
    this.#recorder?.head(200, head)
  }

  /** Sends what is given in one turn as one piece: an upstream's read often holds many events. */
  write(pieces: readonly Buffer[]): void {
    if (!this.open) return
    if (this.#recorder !== undefined) for (const piece of pieces) this.#recorder.piece(piece)
    this.#enqueue(pieces)
  }

  /** Keeps the client's idle timer from running out; no part of the answer. */
  writeLifeSign(sign: Buffer): void {
    if (this.open) this.#enqueue([sign])
  }

  #enqueue(pieces: readonly Buffer[]): void {
    if (this.#waiting.length === 0) process.nextTick(() => this.#flush())
    for (const piece of pieces) this.#waiting.push(piece)
  }

  #flush(): void {
    const pieces = this.#waiting
    if (pieces.length === 0) return
    this.#waiting = []
    const [first] = pieces
    if (!this.open || first === undefined) return
    if (this.#response.write(pieces.length === 1 ? first : Buffer.concat(pieces))) return
    this.#flow.pause()
    this.#response.once('drain', () => this.#flow.resume())
  }

  /** `complete`: see AnswerRecorder. */
  endStream(terminal: Buffer, complete: boolean): void {
    this.#flush()
    const { open } = this
    if (open) {
      this.#recorder?.piece(terminal)
      this.#response.end(terminal)
    }
    this.#tellEnd(open && complete)
  }

  sendBody(status: number, headers: HeaderMap, body: Buffer, contentType = 'application/json; charset=utf-8'): void {
    if (this.open) this.#sendWhole(status, { ...headers, 'content-type': contentType }, body)
    else this.#tellEnd(false)
  }

  #sendWhole(status: number, headers: HeaderMap, body: Buffer): void {
    const head = { ...headers, 'content-length': String(body.length), 'x-content-type-options': 'nosniff' }
    this.#recorder?.head(status, head)
    this.#recorder?.piece(body)
    this.#response.writeHead(status, head)
    if (body.length > mostJoinedBytes) this.#response.end(body)
    // As text of one character per byte it goes out with the head in one write, where two buffers need a gathering one.
    else this.#response.end(body.toString('latin1'), 'latin1')
    this.#tellEnd(status < 300)
  }

  #tellEnd(complete: boolean): void {
    if (this.#ended) return
    this.#ended = true
    this.#recorder?.end(complete)
  }

  /** An error before the head is a JSON answer with its status. */
  sendError(status: number, headers: HeaderMap, body: JsonObject): void {
    this.sendBody(status, headers, Buffer.from(JSON.stringify(body)))
  }
}
