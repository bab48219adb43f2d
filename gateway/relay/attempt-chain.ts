import { GatewayError, toGatewayError } from '../model/errors.ts'
import type { PreparedCall } from '../providers/provider.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { Attempt, AttemptListener } from './attempt.ts'
import type { AttemptLog } from './attempt-log.ts'
import { AttemptStarter } from './attempt-starter.ts'
import type { CarrierDependencies, CarrySettings } from './carrier-dependencies.ts'
import { Course } from './course.ts'
import type { AttemptTicket } from './deployments/deployment-board.ts'
import { sessionKeyOf } from './deployments/fair-queue.ts'
import { isFaultOfRequest, nextStep } from './failure-policy.ts'
import { hedgeDelay } from './hedge.ts'
import { lastWord } from './last-word.ts'
import type { CallOnWire, CallPreparer } from './prepare-call.ts'
import { createPretence, type Pretence } from './pretended-failure.ts'
import type { RelayRequest } from './relay-request.ts'
import type { Resumption } from './resume/resumption.ts'
import { retryCount } from './retry-count.ts'
import { RunningAttempts } from './running-attempts.ts'
import { WaitingRoom } from './waiting-room.ts'

/** What the chain shares with the carrier of the request. */
export interface ChainParts {
  readonly request: RelayRequest
  readonly dependencies: CarrierDependencies
  readonly settings: CarrySettings
  readonly calls: CallPreparer
  readonly log: AttemptLog
  readonly resumption: Resumption | undefined
}

export interface ChainListener extends AttemptListener {
  /** Nothing runs and nothing is left to try. */
  onNoneLeft(error: GatewayError): void
  onWarnings(warnings: readonly string[]): void
}

/**
 * Asks the candidates of a plan: one after the other, a second one beside a slow first, the last one again where that may
 * help, and a full one once it has room. Decides what follows a failure; what is done with answers is not its business.
 */
export class AttemptChain {
  readonly #parts: ChainParts
  readonly #listener: ChainListener
  readonly #course: Course
  readonly #starter: AttemptStarter
  readonly #running: RunningAttempts
  readonly #waiting: WaitingRoom
  readonly #pretence: Pretence | undefined
  readonly #hedgeMs: number | undefined
  #repeats = 0
  #repeatTimer: NodeJS.Timeout | undefined
  #hedgeTimer: NodeJS.Timeout | undefined
  #queueing: AbortController | undefined
  /** The attempt that answers, else the one begun last. */
  current: Attempt | undefined
  /** Repeats on one deployment, of all deployments. */
  retries = 0

  constructor(parts: ChainParts, listener: ChainListener) {
    const { request, dependencies, settings } = parts
    this.#parts = parts
    this.#listener = listener
    this.#course = new Course(request.plan)
    this.#starter = new AttemptStarter(request, dependencies)
    this.#running = new RunningAttempts(listener)
    this.#waiting = new WaitingRoom(request.plan.waiting)
    this.#pretence = createPretence(request)
    this.#hedgeMs = hedgeDelay(request, settings)
  }

  start(): void {
    this.tryNext(undefined)
  }

  get hasNext(): boolean {
    return this.#course.hasNext
  }

  /** True when no other attempt runs or is about to. */
  get isAlone(): boolean {
    return this.#running.count === 1 && this.#hedgeTimer === undefined
  }

  /** An attempt has ended by itself. */
  remove(attempt: Attempt): void {
    this.#running.remove(attempt)
  }

  /** The first to speak: the connections of all others are closed. Gives those. */
  win(winner: Attempt): readonly Attempt[] {
    this.#stopTimers()
    this.current = winner
    return this.#running.abortAllBut(winner)
  }

  /** Ends everything that runs or waits, and gives what ran. */
  abandon(): readonly Attempt[] {
    this.#stopTimers()
    this.#queueing?.abort()
    return this.#running.abortAllBut(undefined)
  }

  /** Asks the same candidate at once in another way, in the slot that it has. */
  askOtherwise({ candidate, task }: Attempt): void {
    this.#tryOn(candidate, task.reason, task.ticket)
  }

  /** Asks the deployment of an answer to correct it. False when it has no slot left. */
  repair({ candidate, task }: Attempt, call: PreparedCall): boolean {
    const ticket = this.#starter.take(candidate)
    if (ticket instanceof GatewayError) return false
    this.#begin(candidate, { wire: task.wire, call }, ticket, 'its tool calls did not fit their schemas', false)
    return true
  }

  /** What follows the failure of a candidate of which nothing reached the client. */
  failed(candidate: Candidate, error: GatewayError): void {
    const { request, settings, dependencies } = this.#parts
    const reason = `after ${error.code} of ${candidate.group}`
    if (this.#course.turn(error.code)) {
      this.tryNext(reason)
      return
    }
    // While another attempt runs beside it, nothing is decided yet; and what is pretended would only be pretended again.
    const isFinal = this.#running.count > 0 || this.#pretence?.failureOf(candidate) !== undefined
    const decision = nextStep({
      error,
      hasNext: this.#course.hasNext,
      repeats: this.#repeats,
      maxRepeats: isFinal ? 0 : retryCount(error, candidate, request, settings),
      leastWaitMs: settings.retryPolicy.retryAfterMs,
      jitter: dependencies.random(),
    })
    if (decision.step === 'next') this.tryNext(reason)
    else if (decision.step === 'repeat') this.#tryAgainIn(decision.waitMs, candidate)
    else this.#noneLeft(candidate, error)
  }

  tryNext(reason: string | undefined): void {
    this.#repeats = 0
    const candidate = this.#course.next()
    if (candidate !== undefined) this.#tryOn(candidate, reason)
    else this.#noneLeft(undefined, undefined)
  }

  /** Sends to this candidate, in the slot given or in one of its own. */
  #tryOn(candidate: Candidate, reason: string | undefined, kept?: AttemptTicket): void {
    const { calls, log, resumption } = this.#parts
    const pretended = this.#pretence?.failureOf(candidate)
    if (pretended !== undefined) {
      log.pretended(candidate, pretended)
      log.errors.push(pretended)
      this.failed(candidate, pretended)
      return
    }
    let call: CallOnWire
    try {
      call = resumption?.prepare(candidate) ?? calls.prepare(candidate)
    } catch (thrown) {
      kept?.ended({ kind: 'aborted' }, null, 0)
      this.#cannotCarry(thrown)
      return
    }
    const ticket = kept ?? this.#starter.take(candidate)
    if (ticket instanceof GatewayError) {
      log.errors.push(ticket)
      this.#waiting.add(candidate, ticket.retryAfterMs)
      this.tryNext(`${reason === undefined ? '' : `${reason}; `}${candidate.group} is full`)
      return
    }
    this.#listener.onWarnings([...call.call.warnings, ...ticket.warnings])
    this.#begin(candidate, call, ticket, reason, this.#parts.request.facts.stream)
  }

  #begin(
    candidate: Candidate,
    call: CallOnWire,
    ticket: AttemptTicket,
    reason: string | undefined,
    wantsStream: boolean,
  ): void {
    const { resumption } = this.#parts
    const seam = resumption?.seam
    const purpose = { reason, wantsStream, mendsBreaks: resumption !== undefined }
    const task = this.#starter.task(candidate, call, ticket, seam === undefined ? purpose : { ...purpose, seam })
    this.current = this.#running.begin(task)
    if (this.#hedgeMs === undefined || this.#running.count > 1 || !this.#course.hasNext || seam !== undefined) return
    clearTimeout(this.#hedgeTimer)
    this.#hedgeTimer = setTimeout(() => this.#startBeside(candidate), this.#hedgeMs)
  }

  /** A first token that keeps us waiting: the next candidate starts beside the first. */
  #startBeside({ group }: Candidate): void {
    this.#hedgeTimer = undefined
    if (this.#running.count === 1 && this.current?.started !== true)
      this.tryNext(`beside ${group}, which had no output after ${this.#hedgeMs} ms`)
  }

  /** The request cannot be written for this upstream; the next one may be able to carry it. */
  #cannotCarry(thrown: unknown): void {
    const { dependencies, log, request } = this.#parts
    const error = toGatewayError(thrown)
    if (error.code === 'internal_error') {
      dependencies.logger.error({ callId: request.callId, err: thrown }, 'a request could not be made ready')
    }
    log.errors.push(error)
    if (error.code === 'unsupported_field' && this.#course.hasNext) this.tryNext(error.code)
    else if (this.#running.count === 0) this.#listener.onNoneLeft(error)
  }

  #tryAgainIn(waitMs: number, candidate: Candidate): void {
    this.#repeats += 1
    this.retries += 1
    this.#repeatTimer = setTimeout(() => this.#tryOn(candidate, `retry ${this.#repeats}`), waitMs)
  }

  /** Waits for what is full, once and where that is wanted; else that was the last word. */
  #noneLeft(last: Candidate | undefined, error: GatewayError | undefined): void {
    if (this.#running.count > 0) return
    const { request, settings } = this.#parts
    if (error !== undefined && isFaultOfRequest(error)) {
      this.#listener.onNoneLeft(error)
      return
    }
    if (last !== undefined && error?.code === 'rate_limited') this.#waiting.add(last, error.retryAfterMs)
    const { queueMs } = settings.signalbox
    const mayWait = queueMs > 0 && !request.plan.failFast && this.#queueing === undefined
    // Who would wait in vain is told at once when to come back.
    if (mayWait && this.#waiting.opensBy(Date.now() + queueMs)) void this.#queue()
    else this.#listener.onNoneLeft(this.#lastWord())
  }

  async #queue(): Promise<void> {
    const { request, dependencies, log } = this.#parts
    const { caller } = request
    const queueing = new AbortController()
    this.#queueing = queueing
    const waiting = this.#waiting.all
    const began = log.elapsedMs()
    const turn = await dependencies.queue.wait(
      {
        waiting,
        sessionKey: sessionKeyOf(caller),
        estimatedTokens: this.#starter.estimatedTokens(waiting[0]?.candidate.deployment.id ?? ''),
      },
      queueing.signal,
    )
    if (queueing.signal.aborted) turn?.ticket.ended({ kind: 'aborted' }, null, 0)
    else if (turn === undefined) this.#listener.onNoneLeft(this.#lastWord())
    else this.#tryOn(turn.candidate, `waited ${Math.round(log.elapsedMs() - began)} ms for a slot`, turn.ticket)
  }

  #lastWord(): GatewayError {
    const { request, log } = this.#parts
    return lastWord(request.plan, request.facts.model, log.errors, Date.now())
  }

  #stopTimers(): void {
    clearTimeout(this.#repeatTimer)
    clearTimeout(this.#hedgeTimer)
    this.#hedgeTimer = undefined
  }
}
