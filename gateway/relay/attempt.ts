import type { Deadlines, Deployment } from '../config/gateway-config.ts'
import { GatewayError } from '../model/errors.ts'
import type { Usage } from '../model/usage.ts'
import type { CompleteAnswer, PreparedCall, StreamTap } from '../providers/provider.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { UpstreamControl, UpstreamFailure, UpstreamHeaders, UpstreamSink } from '../upstream/upstream-exchange.ts'
import { cutStream, invalidAnswer, timeoutError, timeoutWords, transportError } from './attempt-errors.ts'
import { type DeadlineKind, DeadlineTimer } from './deadline-timer.ts'
import type { AttemptTicket } from './deployments/deployment-board.ts'

/** Hears of attempts, each call naming the one it is about. After `onAnswer`, `onStreamEnd` or `onFailure` nothing more comes of it. */
export interface AttemptListener {
  /** The stream is committed: its head may be written. */
  onStreamStart(attempt: Attempt, headers: UpstreamHeaders): void
  /** Whether a stream may be committed before there is output: not while another attempt runs beside it. */
  mayCommitSilent(attempt: Attempt): boolean
  onStreamBytes(pieces: readonly Buffer[]): void
  /** The first output is among the bytes just given. */
  onFirstOutput(attempt: Attempt): void
  onStreamEnd(attempt: Attempt, terminal: Buffer): void
  onAnswer(attempt: Attempt, answer: CompleteAnswer, headers: UpstreamHeaders): void
  onFailure(attempt: Attempt, error: GatewayError): void
}

/** One try: whom to ask, on which of its wires, what, and how long to wait. */
export interface AttemptTask {
  readonly candidate: Candidate
  readonly wire: Deployment
  readonly call: PreparedCall
  /** The slot it runs in. The attempt tells it what comes; whoever settles the attempt ends it. */
  readonly ticket: AttemptTicket
  readonly deadlines: Deadlines
  readonly wantsStream: boolean
  /** Why it is made, in a few words; undefined for a plan's first choice. */
  readonly reason: string | undefined
  /** A connection that is lost after the answer's end was told is no break: set where breaks are mended. */
  readonly mendsBreaks: boolean
  /** Characters of the answer that the client has from before. */
  readonly seam?: number
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
  readonly task: AttemptTask
  readonly startedAt = performance.now()
  status: number | null = null
  /** What ended it where no word of the upstream did, in a few words. */
  endedBy: string | undefined
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

  constructor(task: AttemptTask, listener: AttemptListener) {
    this.task = task
    this.#listener = listener
    this.#deadline = new DeadlineTimer(task.deadlines, (kind) => this.#expire(kind))
    this.#control = task.call.send(this)
  }

  get candidate(): Candidate {
    return this.task.candidate
  }

  /** Usage as far as it was reported, also of an answer that broke off. */
  get usage(): Usage | null {
    return this.#tap?.usage ?? null
  }

  /** Bytes of text that came of a stream. */
  get spokenBytes(): number {
    return this.#tap?.spokenBytes ?? 0
  }

  /** Losses that came to light inside a stream. */
  get warnings(): readonly string[] {
    return this.#tap?.warnings ?? []
  }

  /** A life sign in the midst of its stream, where only its own writer knows how. */
  keepAlive(): Buffer | undefined {
    return this.#tap?.keepAlive?.()
  }

  get stream(): StreamTap | undefined {
    return this.#tap
  }

  /** True once an error status came. */
  get refused(): boolean {
    return this.status !== null && this.status >= 300
  }

  /** True once there was output. */
  get spoke(): boolean {
    return this.#toldOutput
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
    this.task.ticket.head(status, headers)
    if (status < 300 && this.task.wantsStream && isEventStream(headers)) this.#tap = this.task.call.openStream()
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
    else if (!this.#endsWhole()) {
      this.endedBy = failure.message
      this.#fail(transportError(this.candidate, failure))
    }
  }

  /** True when the stream turned out to have said its end before the connection was lost. */
  #endsWhole(): boolean {
    const tap = this.#tap
    if (tap === undefined || !this.task.mendsBreaks) return false
    this.#forward(tap, tap.finish())
    if (!this.#over && tap.complete) this.#complete(tap)
    return this.#over
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
      if (this.#isFailure()) throw this.task.call.readFailure(this.status ?? 502, this.#headers, body)
      const answer = this.task.call.readAnswer(body, this.#headers)
      this.#end()
      this.#listener.onAnswer(this, answer, this.#headers)
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
      if (tap.sawOutput || this.#heldLongEnough()) this.#release()
    }
    if (tap.sawOutput && !this.#toldOutput) {
      this.#toldOutput = true
      this.task.ticket.firstToken(performance.now() - this.startedAt)
      this.#listener.onFirstOutput(this)
    }
  }

  #heldLongEnough(): boolean {
    return performance.now() - this.#heldSince > holdMs && this.#listener.mayCommitSilent(this)
  }

  #release(): void {
    if (!this.#started) {
      this.#started = true
      this.#listener.onStreamStart(this, this.#headers)
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
    this.#listener.onStreamEnd(this, tap.terminal)
  }

  #expire(kind: DeadlineKind): void {
    if (this.#over) return
    this.#control?.abort()
    this.endedBy = timeoutWords(this.task.deadlines, kind)
    this.#fail(timeoutError(this.candidate, this.task.deadlines, kind))
  }

  #fail(error: GatewayError): void {
    this.#end()
    this.#listener.onFailure(this, error)
  }

  #end(): void {
    this.#over = true
    this.#deadline.stop()
  }
}

function isEventStream(headers: UpstreamHeaders): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && /text\/event-stream|application\/x-ndjson/i.test(type)
}
