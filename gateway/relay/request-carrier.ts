import type { Deployment } from '../config/gateway-config.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type PriceBook, type PricedUsage, unknownPrice } from '../ledger/price-book.ts'
import { billedCost } from '../ledger/request-record.ts'
import { GatewayError, toGatewayError } from '../model/errors.ts'
import { addUsage, type Usage } from '../model/usage.ts'
import type { CompleteAnswer } from '../providers/provider.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { UpstreamHeaders } from '../upstream/upstream-exchange.ts'
import type { ActivityListener } from './activity.ts'
import { answerHeaders, errorHeaders, forwardedHeaders } from './answer-headers.ts'
import { Attempt, type AttemptListener } from './attempt.ts'
import { AttemptLog } from './attempt-log.ts'
import { ClientReply } from './client-reply.ts'
import { clientStatus } from './client-status.ts'
import type { DeploymentBoard } from './deployments/deployment-board.ts'
import type { FairQueue } from './deployments/fair-queue.ts'
import { finalError, nextStep } from './failure-policy.ts'
import { CallPreparer, type PreparerDependencies } from './prepare-call.ts'
import type { RelayRequest } from './relay-request.ts'
import { requestRow } from './request-row.ts'
import { refusesState } from './state-refusal.ts'

export interface CarrierDependencies extends PreparerDependencies {
  readonly board: DeploymentBoard
  readonly queue: FairQueue
  readonly ledger: Ledger
  readonly prices: PriceBook
  readonly activity: ActivityListener
  readonly logger: RelayLogger
  /** Repeats on one deployment, from the configuration of the moment. */
  readonly numRetries: () => number
  readonly random: () => number
  /** What a key has spent so far in nano-USD, where it is known. */
  readonly keySpend: (keyId: string) => number | undefined
}

/** The part of a logger that the relay uses. Fields only: never bodies, headers or messages of upstreams. */
export interface RelayLogger {
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/**
 * Carries one request through its plan, whatever its dialect. It is the listener of its attempts, one after the other; whatever happens,
 * exactly one row is committed, and the last bytes of an answer go out only after that commit.
 */
export class RequestCarrier implements AttemptListener {
  readonly #request: RelayRequest
  readonly #dependencies: CarrierDependencies
  readonly #reply: ClientReply
  readonly #calls: CallPreparer
  readonly #onSettled: () => void
  readonly #log: AttemptLog
  readonly #warnings: string[] = []
  #position = 0
  #repeats = 0
  #retries = 0
  #attempt: Attempt | undefined
  #wire: Deployment | undefined
  #repeatTimer: NodeJS.Timeout | undefined
  #firstTokenMs: number | null = null
  #settled = false
  /** An answer whose tool calls the model was asked to correct: the client gets it if no better one comes. */
  #faulty: { readonly answer: CompleteAnswer; readonly headers: UpstreamHeaders } | undefined

  constructor(request: RelayRequest, dependencies: CarrierDependencies, onSettled: () => void) {
    this.#request = request
    this.#dependencies = dependencies
    this.#onSettled = onSettled
    this.#log = new AttemptLog(request.startedMonotonic)
    this.#calls = new CallPreparer(request, dependencies)
    this.#reply = new ClientReply(request.response, {
      pause: () => this.#attempt?.pause(),
      resume: () => this.#attempt?.resume(),
    })
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
    else this.#try()
  }

  /** Ends the request now, with an error the client understands. */
  shutDown(): void {
    if (this.#settled) return
    this.#abandon()
    this.#finishWithError(new GatewayError('shutting_down', 'The gateway is shutting down. Send the request again.'))
  }

  onStreamStart(headers: UpstreamHeaders): void {
    this.#dependencies.missingWires.prove(this.#candidate().deployment, this.#wire)
    const { deployment } = this.#candidate()
    // The cost of a stream is known at its end only; that there will be none is known now.
    const prospect = this.#dependencies.prices.price(deployment, null, this.#request.startedAt)
    const head = this.#headers(prospect.source === 'unknown' ? prospect : undefined)
    this.#reply.startStream({ ...forwardedHeaders(headers), ...head }, this.#request.codec.streamForm)
  }

  onStreamBytes(pieces: readonly Buffer[]): void {
    this.#reply.write(pieces)
  }

  onFirstOutput(): void {
    if (this.#firstTokenMs !== null) return
    this.#firstTokenMs = this.#log.elapsedMs()
    this.#dependencies.activity.firstToken(this.#request.callId, this.#firstTokenMs)
  }

  onStreamEnd(terminal: Buffer): void {
    this.#log.record(this.#attempt, 'answered')
    const usage = this.#attempt?.usage ?? null
    this.#warn(this.#attempt?.warnings ?? [])
    this.#commit(200, undefined, usage, this.#priceOf(usage), () => this.#reply.endStream(terminal))
  }

  onAnswer(answer: CompleteAnswer, headers: UpstreamHeaders): void {
    this.#dependencies.missingWires.prove(this.#candidate().deployment, this.#wire)
    this.#log.record(this.#attempt, 'answered')
    const candidate = this.#candidate()
    const inspection = this.#calls.inspect(answer, this.#wire ?? candidate.deployment, candidate.defaults)
    this.#warn(inspection.warnings)
    if (inspection.repair !== undefined && this.#faulty === undefined) {
      this.#faulty = { answer, headers }
      this.#attempt = new Attempt(candidate, inspection.repair, false, this)
      return
    }
    const before = this.#faulty?.answer.usage ?? null
    this.#deliver(answer, headers, addUsage(before, answer.usage))
  }

  #deliver(answer: CompleteAnswer, headers: UpstreamHeaders, usage: Usage | null): void {
    this.onFirstOutput()
    const price = this.#priceOf(usage)
    const answerHead = { ...forwardedHeaders(headers), ...this.#headers(price) }
    this.#commit(200, undefined, usage, price, () => {
      if (!this.#request.facts.stream) {
        this.#reply.sendBody(200, answerHead, answer.body, answer.contentType)
        return
      }
      const { events, terminal } = answer.asStream()
      this.#reply.startStream(answerHead, this.#request.codec.streamForm)
      this.#reply.write([events])
      this.#reply.endStream(terminal)
    })
  }

  onFailure(error: GatewayError): void {
    this.#log.record(this.#attempt, error.code)
    this.#log.errors.push(error)
    this.#logFailure(error)
    if (this.#faulty !== undefined) {
      this.#deliver(this.#faulty.answer, this.#faulty.headers, this.#faulty.answer.usage)
      return
    }
    if (this.#attempt?.started === true) {
      this.#finishWithError(error)
      return
    }
    if (this.#leavesWire(error) || (refusesState(error) && this.#calls.leaveStateOut())) {
      this.#log.errors.pop()
      this.#try()
      return
    }
    const decision = nextStep({
      error,
      hasNext: this.#hasNext(),
      repeats: this.#repeats,
      maxRepeats: this.#dependencies.numRetries(),
      jitter: this.#dependencies.random(),
    })
    if (decision.step === 'next') this.#tryNext()
    else if (decision.step === 'repeat') this.#tryAgainIn(decision.waitMs)
    else this.#finishWithError(finalError(this.#request.facts.model, this.#log.errors))
  }

  /** True when the wire just tried is not served and another one of the same deployment is left. */
  #leavesWire(error: GatewayError): boolean {
    const { missingWires } = this.#dependencies
    if (this.#wire === undefined) return false
    return missingWires.note(this.#candidate().deployment, this.#wire, this.#attempt?.status ?? null, error)
  }

  #try(): void {
    const candidate = this.#candidate()
    try {
      const { wire, call: prepared } = this.#calls.prepare(candidate)
      this.#wire = wire
      this.#warn(prepared.warnings)
      this.#attempt = new Attempt(candidate, prepared, this.#request.facts.stream, this)
    } catch (thrown) {
      this.#refuseCandidate(thrown)
    }
  }

  /** The request cannot be written for this upstream; the next one may be able to carry it. */
  #refuseCandidate(thrown: unknown): void {
    const error = toGatewayError(thrown)
    if (error.code === 'internal_error') {
      const { callId } = this.#request
      this.#dependencies.logger.error({ callId, err: thrown }, 'a request could not be made ready')
    }
    this.#log.errors.push(error)
    if (error.code === 'unsupported_field' && this.#hasNext()) this.#tryNext()
    else this.#finishWithError(error)
  }

  #hasNext(): boolean {
    return this.#position + 1 < this.#request.plan.candidates.length
  }

  #warn(warnings: readonly string[]): void {
    for (const warning of warnings) if (!this.#warnings.includes(warning)) this.#warnings.push(warning)
  }

  #tryNext(): void {
    this.#position += 1
    this.#repeats = 0
    this.#try()
  }

  #tryAgainIn(waitMs: number): void {
    this.#repeats += 1
    this.#retries += 1
    this.#repeatTimer = setTimeout(() => this.#try(), waitMs)
  }

  #clientClosed(): void {
    if (this.#settled || this.#request.response.writableEnded) return
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
    this.#log.record(this.#attempt, 'aborted')
  }

  #finishWithError(error: GatewayError): void {
    // What a broken answer cost is counted as far as its usage was reported.
    const usage = addUsage(this.#faulty?.answer.usage ?? null, this.#attempt?.usage ?? null)
    const told = clientStatus(error, this.#request.facts.dialect)
    const status = this.#reply.headSent && error.code !== 'client_closed_request' ? 200 : told
    const headers = { ...this.#headers(undefined), ...errorHeaders(error, this.#retries) }
    this.#commit(status, error, usage, this.#priceOf(usage), () => this.#sendError(error, headers))
  }

  #sendError(error: GatewayError, headers: Record<string, string>): void {
    const { codec, callId, facts } = this.#request
    const status = clientStatus(error, facts.dialect)
    if (!this.#reply.headSent) this.#reply.sendError(status, headers, codec.errorBody(error, callId))
    else this.#reply.endStream(this.#attempt?.fail(error) ?? codec.openWriter(this.#calls.errorContext()).fail(error))
  }

  /** Settles the request: one row, then `send`. An answer is not withheld because its row could not be kept. */
  #commit(
    status: number,
    error: GatewayError | undefined,
    usage: Usage | null,
    price: PricedUsage,
    send: () => void,
  ): void {
    if (this.#settled) return
    this.#settled = true
    const record = requestRow(this.#request, {
      candidate: error !== undefined && this.#attempt === undefined ? undefined : this.#candidate(),
      status,
      error,
      attempts: this.#log.attempts,
      usage,
      price,
      firstTokenMs: this.#firstTokenMs,
      totalMs: this.#log.elapsedMs(),
      warnings: this.#warnings,
    })
    this.#dependencies.ledger.commit(record, (failure) => {
      if (failure !== undefined) {
        this.#dependencies.logger.error(
          { callId: record.id, err: failure },
          'a request could not be kept in the ledger',
        )
      }
      send()
      this.#dependencies.activity.finished(record)
      this.#onSettled()
    })
  }

  #candidate(): Candidate {
    const candidate = this.#request.plan.candidates[this.#position]
    if (candidate === undefined)
      throw new GatewayError('internal_error', 'A plan without candidates reached the relay.')
    return candidate
  }

  #headers(price: PricedUsage | undefined): Record<string, string> {
    return answerHeaders({
      callId: this.#request.callId,
      plan: this.#request.plan,
      candidate: this.#attempt?.candidate,
      retries: this.#retries,
      warnings: this.#warnings,
      price,
      keySpendNanoUsd: this.#keySpend(price),
    })
  }

  #keySpend(price: PricedUsage | undefined): number | undefined {
    const before = this.#dependencies.keySpend(this.#request.caller.keyId)
    // Pretend money is no spend.
    return before === undefined ? undefined : before + (price === undefined ? 0 : billedCost(price))
  }

  #priceOf(usage: Usage | null): PricedUsage {
    if (this.#attempt === undefined) return unknownPrice
    return this.#dependencies.prices.price(this.#attempt.candidate.deployment, usage, this.#request.startedAt)
  }

  #logFailure(error: GatewayError): void {
    const { deployment, group } = this.#candidate()
    this.#dependencies.logger.warn(
      {
        callId: this.#request.callId,
        model: group,
        provider: deployment.provider,
        code: error.code,
        status: this.#attempt?.status ?? null,
        attempt: this.#log.attempts.length,
      },
      'an attempt failed',
    )
  }
}
