import { GatewayError, toGatewayError } from '../model/errors.ts'
import { addUsage, type Usage } from '../model/usage.ts'
import type { CompleteAnswer } from '../providers/provider.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { UpstreamHeaders } from '../upstream/upstream-exchange.ts'
import { Attempt, type AttemptListener } from './attempt.ts'
import { AttemptLog } from './attempt-log.ts'
import type { CarrierDependencies } from './carrier-dependencies.ts'
import { clientStatus } from './client-status.ts'
import { Course } from './course.ts'
import { Delivery } from './delivery.ts'
import { type AttemptTicket, isRefusal } from './deployments/deployment-board.ts'
import { finalError, nextStep } from './failure-policy.ts'
import { type CallOnWire, CallPreparer } from './prepare-call.ts'
import type { RelayRequest } from './relay-request.ts'
import { requestDeadlines } from './request-deadlines.ts'
import { requestRow } from './request-row.ts'
import { Settlement } from './settlement.ts'

/**
 * Carries one request through its plan, whatever its dialect. It listens to its attempts and decides what follows from
 * each; whatever happens, exactly one row is committed, and the last bytes of an answer go out only after that commit.
 */
export class RequestCarrier implements AttemptListener {
  readonly #request: RelayRequest
  readonly #dependencies: CarrierDependencies
  readonly #calls: CallPreparer
  readonly #course: Course
  readonly #log: AttemptLog
  readonly #delivery: Delivery
  readonly #settlement: Settlement
  #repeats = 0
  #attempt: Attempt | undefined
  #repeatTimer: NodeJS.Timeout | undefined
  #firstTokenMs: number | null = null
  /** An answer whose tool calls the model was asked to correct: the client gets it if no better one comes. */
  #faulty: { readonly answer: CompleteAnswer; readonly headers: UpstreamHeaders } | undefined

  constructor(request: RelayRequest, dependencies: CarrierDependencies, onSettled: () => void) {
    this.#request = request
    this.#dependencies = dependencies
    this.#calls = new CallPreparer(request, dependencies)
    this.#course = new Course(request.plan)
    this.#log = new AttemptLog(request.startedMonotonic)
    this.#delivery = new Delivery(request, dependencies, {
      pause: () => this.#attempt?.pause(),
      resume: () => this.#attempt?.resume(),
    })
    this.#settlement = new Settlement(request, dependencies, onSettled)
    request.response.once('close', () => this.#clientClosed())
  }

  start(): void {
    const { plan, caller, facts } = this.#request
    const first = plan.candidates[0]
    this.#dependencies.activity.started({
      id: this.#request.callId,
      startedAt: this.#request.startedAt,
      askedModel: facts.model,
      model: first?.group ?? null,
      provider: first?.deployment.provider ?? null,
      decision: plan.decision,
      agent: caller.agent,
      sessionId: caller.sessionId,
      keyAlias: caller.keyAlias,
      stream: facts.stream,
    })
    if (this.#request.response.destroyed) this.#clientClosed()
    else this.#tryNext(undefined)
  }

  /** Ends the request now, with an error the client understands. */
  shutDown(): void {
    if (this.#settlement.begun) return
    this.#abandon()
    this.#finishWithError(new GatewayError('shutting_down', 'The gateway is shutting down. Send the request again.'))
  }

  onStreamStart({ candidate, task }: Attempt, headers: UpstreamHeaders): void {
    this.#dependencies.missingWires.prove(candidate.deployment, task.wire)
    this.#delivery.startStream(candidate, headers)
  }

  mayCommitSilent(): boolean {
    return true
  }

  onStreamBytes(pieces: readonly Buffer[]): void {
    this.#delivery.reply.write(pieces)
  }

  onFirstOutput(): void {
    if (this.#firstTokenMs !== null) return
    this.#firstTokenMs = this.#log.elapsedMs()
    this.#dependencies.activity.firstToken(this.#request.callId, this.#firstTokenMs)
  }

  onStreamEnd(attempt: Attempt, terminal: Buffer): void {
    this.#log.settle(attempt, { kind: 'answered' }, attempt.usage)
    this.#delivery.warn(attempt.warnings)
    this.#commit(200, undefined, attempt.usage, () => this.#delivery.reply.endStream(terminal, true))
  }

  onAnswer(attempt: Attempt, answer: CompleteAnswer, headers: UpstreamHeaders): void {
    const { task, candidate } = attempt
    this.#dependencies.missingWires.prove(candidate.deployment, task.wire)
    this.#log.settle(attempt, { kind: 'answered' }, answer.usage)
    const inspection = this.#calls.inspect(answer, task.wire, candidate.defaults)
    this.#delivery.warn(inspection.warnings)
    if (inspection.repair !== undefined && this.#faulty === undefined) {
      this.#faulty = { answer, headers }
      const ticket = this.#take(candidate)
      if (ticket !== undefined) {
        const repair = { wire: task.wire, call: inspection.repair }
        this.#begin(candidate, repair, ticket, 'its tool calls did not fit their schemas', false)
        return
      }
    }
    const before = this.#faulty?.answer === answer ? null : (this.#faulty?.answer.usage ?? null)
    this.#deliver(attempt, answer, headers, addUsage(before, answer.usage))
  }

  #deliver(attempt: Attempt, answer: CompleteAnswer, headers: UpstreamHeaders, usage: Usage | null): void {
    this.onFirstOutput()
    const { candidate } = attempt
    const head = this.#delivery.answerHead(candidate, headers, this.#delivery.priceOf(candidate, usage))
    this.#commit(200, undefined, usage, () => this.#delivery.sendAnswer(answer, head))
  }

  onFailure(attempt: Attempt, error: GatewayError): void {
    const { candidate, task } = attempt
    this.#logFailure(attempt, error)
    if (!attempt.started && this.#faulty === undefined && this.#calls.asksOtherwise(attempt, error)) {
      this.#log.keepSlot(attempt, { kind: 'failed', error })
      this.#tryOn(candidate, task.reason, task.ticket)
      return
    }
    this.#log.settle(attempt, { kind: 'failed', error }, attempt.usage)
    this.#log.errors.push(error)
    if (this.#faulty !== undefined)
      this.#deliver(attempt, this.#faulty.answer, this.#faulty.headers, this.#faulty.answer.usage)
    else if (attempt.started) this.#finishWithError(error)
    else this.#goOn(candidate, error)
  }

  /** What follows the failure of a candidate before anything reached the client. */
  #goOn(candidate: Candidate, error: GatewayError): void {
    if (this.#course.turn(error.code)) {
      this.#tryNext(`after ${error.code} of ${candidate.group}`)
      return
    }
    const decision = nextStep({
      error,
      hasNext: this.#course.hasNext,
      repeats: this.#repeats,
      maxRepeats: this.#request.plan.failFast ? 0 : this.#dependencies.numRetries(),
      jitter: this.#dependencies.random(),
    })
    if (decision.step === 'next') this.#tryNext(`after ${error.code} of ${candidate.group}`)
    else if (decision.step === 'repeat') this.#tryAgainIn(decision.waitMs, candidate)
    else this.#finishWithError(finalError(this.#request.facts.model, this.#log.errors))
  }

  #tryNext(reason: string | undefined): void {
    this.#repeats = 0
    const candidate = this.#course.next()
    if (candidate === undefined) this.#finishWithError(finalError(this.#request.facts.model, this.#log.errors))
    else this.#tryOn(candidate, reason)
  }

  /** Sends to this candidate, in the slot given or in one of its own. */
  #tryOn(candidate: Candidate, reason: string | undefined, kept?: AttemptTicket): void {
    let call: CallOnWire
    try {
      call = this.#calls.prepare(candidate)
    } catch (thrown) {
      kept?.ended({ kind: 'aborted' }, null, 0)
      this.#refuseCandidate(thrown)
      return
    }
    const ticket = kept ?? this.#take(candidate)
    if (ticket === undefined) {
      this.#tryNext(reason)
      return
    }
    this.#delivery.warn(call.call.warnings)
    this.#begin(candidate, call, ticket, reason, this.#request.facts.stream)
  }

  #take({ deployment, group }: Candidate): AttemptTicket | undefined {
    const { board } = this.#dependencies
    const bytesPerToken = board.bytesPerToken(deployment.id) ?? 4
    const taken = board.take(deployment, Math.ceil(this.#request.facts.bodyBytes / bytesPerToken))
    if (!isRefusal(taken)) return taken
    const options = taken.until === undefined ? {} : { retryAfterMs: Math.max(0, taken.until - Date.now()) }
    this.#log.errors.push(new GatewayError('rate_limited', `${group}: its ${taken.limit} are used up.`, options))
    return undefined
  }

  #begin(
    candidate: Candidate,
    { wire, call }: CallOnWire,
    ticket: AttemptTicket,
    reason: string | undefined,
    wantsStream: boolean,
  ): void {
    const deadlines = requestDeadlines(candidate.deployment.deadlines, this.#request.facts)
    this.#attempt = new Attempt({ candidate, wire, call, ticket, deadlines, wantsStream, reason }, this)
  }

  /** The request cannot be written for this upstream; the next one may be able to carry it. */
  #refuseCandidate(thrown: unknown): void {
    const error = toGatewayError(thrown)
    if (error.code === 'internal_error') {
      const { callId } = this.#request
      this.#dependencies.logger.error({ callId, err: thrown }, 'a request could not be made ready')
    }
    this.#log.errors.push(error)
    if (error.code === 'unsupported_field' && this.#course.hasNext) this.#tryNext(error.code)
    else this.#finishWithError(error)
  }

  #tryAgainIn(waitMs: number, candidate: Candidate): void {
    this.#repeats += 1
    this.#delivery.retries += 1
    this.#repeatTimer = setTimeout(() => this.#tryOn(candidate, `retry ${this.#repeats}`), waitMs)
  }

  #clientClosed(): void {
    if (this.#settlement.begun || this.#request.response.writableEnded) return
    this.#abandon()
    const error = new GatewayError(
      'client_closed_request',
      'The client closed the connection before the answer was complete.',
    )
    this.#finishWithError(error)
  }

  #abandon(): void {
    clearTimeout(this.#repeatTimer)
    if (this.#attempt === undefined) return
    this.#attempt.abort()
    this.#log.settle(this.#attempt, { kind: 'aborted' }, this.#attempt.usage)
  }

  #finishWithError(error: GatewayError): void {
    // What a broken answer cost is counted as far as its usage was reported.
    const usage = addUsage(this.#faulty?.answer.usage ?? null, this.#attempt?.usage ?? null)
    const told = clientStatus(error, this.#request.facts.dialect)
    const status = this.#delivery.reply.headSent && error.code !== 'client_closed_request' ? 200 : told
    const head = this.#delivery.errorHead(error, this.#attempt?.candidate)
    this.#commit(status, error, usage, () => this.#delivery.sendError(error, head, () => this.#endInStream(error)))
  }

  #endInStream(error: GatewayError): Buffer {
    return this.#attempt?.fail(error) ?? this.#request.codec.openWriter(this.#calls.errorContext()).fail(error)
  }

  #commit(status: number, error: GatewayError | undefined, usage: Usage | null, send: () => void): void {
    const makeRecord = () => {
      const price = this.#delivery.priceOf(this.#attempt?.candidate, usage)
      return requestRow(this.#request, {
        candidate: this.#attempt?.candidate,
        status,
        error,
        attempts: this.#log.inOrder,
        usage,
        price,
        savingsNanoUsd: this.#delivery.savingsOf(price, usage),
        firstTokenMs: this.#firstTokenMs,
        totalMs: this.#log.elapsedMs(),
        warnings: this.#delivery.warnings,
      })
    }
    this.#settlement.commit(makeRecord, send)
  }

  #logFailure({ candidate, status }: Attempt, error: GatewayError): void {
    this.#dependencies.logger.warn(
      {
        callId: this.#request.callId,
        model: candidate.group,
        provider: candidate.deployment.provider,
        code: error.code,
        status,
        attempt: this.#log.attempts.length + 1,
      },
      'an attempt failed',
    )
  }
}
