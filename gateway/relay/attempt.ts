import { GatewayError } from '../model/errors.ts'
import type { Usage } from '../model/usage.ts'
import type { CompleteAnswer, PreparedCall, StreamTap } from '../providers/provider.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { UpstreamControl, UpstreamFailure, UpstreamHeaders, UpstreamSink } from '../upstream/upstream-exchange.ts'
import { type DeadlineKind, DeadlineTimer } from './deadline-timer.ts'

/** Hears of one attempt. After `onAnswer`, `onStreamEnd` or `onFailure` nothing more comes. */
export interface AttemptListener {
  /** The stream is committed: its head may be written. */
  onStreamStart(headers: UpstreamHeaders): void
  onStreamBytes(pieces: readonly Buffer[]): void
  /** The first output is among the bytes just given. */
  onFirstOutput(): void
  onStreamEnd(terminal: Buffer): void
  onAnswer(answer: CompleteAnswer, headers: UpstreamHeaders): void
  onFailure(error: GatewayError): void
}

/** Largest error body that is read for its sentence, and largest JSON answer. */
const maxErrorBytes = 256 * 1024
const maxAnswerBytes = 256 * 1024 * 1024
/** Events before the first output wait at most this long, so that an early error can still move on, and keep-alives pass. */
const holdMs = 10_000
/** After the end marker an upstream gets this long to close its side, so that its connection can be used again. */
const lingerMs = 1_000

/** One try at one candidate: reads the answer, watches the deadlines, tells the listener what it came to. */
export class Attempt implements UpstreamSink {
  readonly candidate: Candidate
  readonly startedAt = performance.now()
  status: number | null = null
  readonly #prepared: PreparedCall
  readonly #wantsStream: boolean
  readonly #listener: AttemptListener
  readonly #deadline: DeadlineTimer
  #control: UpstreamControl | undefined
  #headers: UpstreamHeaders = {}
  #tap: StreamTap | undefined
  #held: Buffer[] = []
  #heldSince = 0
  #started = false
  #toldOutput = false
  #body: Buffer[] = []
  #bodyBytes = 0
  #over = false
  #linger: NodeJS.Timeout | undefined

  constructor(candidate: Candidate, prepared: PreparedCall, wantsStream: boolean, listener: AttemptListener) {
    this.candidate = candidate
    this.#prepared = prepared
    this.#wantsStream = wantsStream
    this.#listener = listener
    this.#deadline = new DeadlineTimer(candidate.deployment.deadlines, (kind) => this.#expire(kind))
    this.#control = prepared.send(this)
  }

  /** Usage as far as it was reported, also of an answer that broke off. */
  get usage(): Usage | null {
    return this.#tap?.usage ?? null
  }

  /** Losses that came to light inside a stream. */
  get warnings(): readonly string[] {
    return this.#tap?.warnings ?? []
  }

  /** True once bytes of this attempt went to the client. */
  get started(): boolean {
    return this.#started
  }

  /** How the stream that has begun ends with an error, where only its own writer knows. */
  fail(error: GatewayError): Buffer | undefined {
    return this.#tap?.fail?.(error)
  }

  abort(): void {
    this.#end()
    this.#control?.abort()
  }

  pause(): void {
    this.#control?.pause()
  }

  resume(): void {
    this.#control?.resume()
  }

  onHead(status: number, headers: UpstreamHeaders): void {
    this.status = status
    this.#headers = headers
    this.#deadline.sign()
    if (status < 300 && this.#wantsStream && isEventStream(headers)) this.#tap = this.#prepared.openStream()
    else if (status < 300) this.#deadline.output()
  }

  onData(chunk: Buffer): void {
    if (this.#over) return
    this.#deadline.sign()
    if (this.#tap === undefined) this.#collect(chunk)
    else this.#forward(this.#tap, this.#tap.feed(chunk))
  }

  onEnd(): void {
    clearTimeout(this.#linger)
    if (this.#over) return
    if (this.#tap !== undefined) this.#endOfStream(this.#tap)
    else this.#endOfBody()
  }

  onError(failure: UpstreamFailure): void {
    clearTimeout(this.#linger)
    if (this.#over) return
    // A refusal whose body broke off is still that refusal.
    if (this.status !== null && this.#isFailure()) this.#endOfBody()
    else this.#fail(transportError(this.candidate, failure))
  }

  #collect(chunk: Buffer): void {
    this.#bodyBytes += chunk.length
    if (this.#bodyBytes <= (this.#isFailure() ? maxErrorBytes : maxAnswerBytes)) this.#body.push(chunk)
    else if (!this.#isFailure()) {
      this.#control?.abort()
      this.#fail(invalidAnswer(this.candidate, 'an answer larger than 256 MiB'))
    }
  }

  #isFailure(): boolean {
    return this.status === null || this.status >= 300
  }

  #endOfBody(): void {
    const body = Buffer.concat(this.#body)
    try {
      if (this.#isFailure()) throw this.#prepared.readFailure(this.status ?? 502, this.#headers, body)
      const answer = this.#prepared.readAnswer(body, this.#headers)
      this.#end()
      this.#listener.onAnswer(answer, this.#headers)
    } catch (error) {
      if (this.#over || !(error instanceof GatewayError)) throw error
      this.#fail(error)
    }
  }

  #forward(tap: StreamTap, pieces: readonly Buffer[]): void {
    if (tap.sawOutput) this.#deadline.output()
    if (pieces.length > 0) this.#give(tap, pieces)
    if (tap.failure !== undefined) {
      this.#control?.abort()
      this.#fail(tap.failure)
    } else if (tap.terminated) {
      this.#complete(tap)
      this.#linger = setTimeout(() => this.#control?.abort(), lingerMs).unref()
    }
  }

  /** Gives events on, but holds the first ones back until there is output: an error may follow a role chunk. */
  #give(tap: StreamTap, pieces: readonly Buffer[]): void {
    if (this.#started) {
      this.#listener.onStreamBytes(pieces)
    } else {
      if (this.#held.length === 0) this.#heldSince = performance.now()
      this.#held.push(...pieces)
      if (tap.sawOutput || performance.now() - this.#heldSince > holdMs) this.#release()
    }
    if (tap.sawOutput && !this.#toldOutput) {
      this.#toldOutput = true
      this.#listener.onFirstOutput()
    }
  }

  #release(): void {
    if (!this.#started) {
      this.#started = true
      this.#listener.onStreamStart(this.#headers)
    }
    const held = this.#held
    this.#held = []
    if (held.length > 0) this.#listener.onStreamBytes(held)
  }

  #endOfStream(tap: StreamTap): void {
    this.#forward(tap, tap.finish())
    if (this.#over) return
    if (tap.complete) this.#complete(tap)
    else this.#fail(cutStream(this.candidate))
  }

  #complete(tap: StreamTap): void {
    this.#release()
    this.#end()
    this.#listener.onStreamEnd(tap.terminal)
  }

  #expire(kind: DeadlineKind): void {
    if (this.#over) return
    this.#control?.abort()
    this.#fail(timeoutError(this.candidate, kind))
  }

  #fail(error: GatewayError): void {
    this.#end()
    this.#listener.onFailure(error)
  }

  #end(): void {
    this.#over = true
    this.#deadline.stop()
  }
}

function isEventStream(headers: UpstreamHeaders): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && type.toLowerCase().includes('text/event-stream')
}

function label(candidate: Candidate): string {
  return `${candidate.deployment.provider} (model ${candidate.deployment.upstreamModel})`
}

function transportError(candidate: Candidate, failure: UpstreamFailure): GatewayError {
  const wasUp = failure.kind === 'reset' || failure.kind === 'invalid_response'
  return new GatewayError(
    wasUp ? 'upstream_error' : 'backend_unavailable',
    `${candidate.group}: ${label(candidate)} at ${failure.message}.`,
    { cause: failure.cause },
  )
}

function timeoutError(candidate: Candidate, kind: DeadlineKind): GatewayError {
  const { firstByteMs, idleMs, totalMs } = candidate.deployment.deadlines
  const waited = { first_output: firstByteMs, idle: idleMs, total: totalMs }[kind] / 1000
  const what = { first_output: 'sent no output within', idle: 'fell silent for', total: 'was not done after' }[kind]
  return new GatewayError('upstream_timeout', `${candidate.group}: ${label(candidate)} ${what} ${waited} s.`)
}

function cutStream(candidate: Candidate): GatewayError {
  return new GatewayError(
    'upstream_stream_cut',
    `${candidate.group}: the stream of ${label(candidate)} ended before the answer was complete.`,
  )
}

function invalidAnswer(candidate: Candidate, what: string): GatewayError {
  return new GatewayError('upstream_invalid_answer', `${candidate.group}: ${label(candidate)} sent ${what}.`)
}
