import { GatewayError } from '../model/errors.ts'
import { addUsage, type Usage } from '../model/usage.ts'
import type { CompleteAnswer } from '../providers/provider.ts'
import type { UpstreamHeaders } from '../upstream/upstream-exchange.ts'
import type { Attempt } from './attempt.ts'
import { AttemptChain, type ChainListener } from './attempt-chain.ts'
import { type AttemptDetails, AttemptLog } from './attempt-log.ts'
import type { CarrierDependencies } from './carrier-dependencies.ts'
import { clientStatus } from './client-status.ts'
import { Delivery } from './delivery.ts'
import { isFaultOfRequest } from './failure-policy.ts'
import { LifeSigns } from './life-signs.ts'
import { CallPreparer } from './prepare-call.ts'
import type { RelayRequest } from './relay-request.ts'
import { requestRow } from './request-row.ts'
import { Resumption, seamComment } from './resume/resumption.ts'
import { Settlement } from './settlement.ts'
import { UnreportedUse } from './unreported-use.ts'

/**
 * Carries one request, whatever its dialect: its chain asks the candidates, and what comes of them goes to the client.
 * Whatever happens, exactly one row is committed, and the last bytes of an answer go out only after that commit.
 */
export class RequestCarrier implements ChainListener {
  readonly #request: RelayRequest
  readonly #dependencies: CarrierDependencies
  readonly #calls: CallPreparer
  readonly #log: AttemptLog
  readonly #chain: AttemptChain
  readonly #delivery: Delivery
  readonly #settlement: Settlement
  readonly #resumption: Resumption | undefined
  readonly #lifeSigns: LifeSigns | undefined
  readonly #unreported: UnreportedUse
  #firstTokenMs: number | null = null
  /** An answer whose tool calls the model was asked to correct: the client gets it if no better one comes. */
  #faulty: { readonly answer: CompleteAnswer; readonly headers: UpstreamHeaders } | undefined

  constructor(request: RelayRequest, dependencies: CarrierDependencies, onSettled: () => void) {
    const settings = dependencies.config()
    const { facts, plan } = request
    this.#request = request
    this.#dependencies = dependencies
    this.#calls = new CallPreparer(request, dependencies)
    this.#log = new AttemptLog(request.startedMonotonic)
    const resumes = facts.stream && !plan.failFast && settings.signalbox.midStream === 'resume'
    if (resumes) this.#resumption = new Resumption(this.#calls)
    const parts = { request, dependencies, settings, calls: this.#calls, log: this.#log, resumption: this.#resumption }
    this.#chain = new AttemptChain(parts, this)
    this.#delivery = new Delivery(request, dependencies, {
      pause: () => this.#chain.current?.pause(),
      resume: () => this.#chain.current?.resume(),
    })
    this.#unreported = new UnreportedUse(request, dependencies.board, (candidate, usage) =>
      this.#delivery.priceOf(candidate, usage),
    )
    this.#settlement = new Settlement(request, dependencies, onSettled)
    // What is no conversation may be no stream of events, whatever was asked for.
    if (facts.stream && request.endpoint === undefined)
      this.#lifeSigns = new LifeSigns(this.#delivery.reply, () => this.#sign())
    request.response.once('close', () => this.#clientClosed())
  }

  start(): void {
    const { plan, caller, facts } = this.#request
    const first = plan.candidates[0]
    this.#dependencies.activity.started({
      id: this.#request.callId,
      startedAt: this.#request.startedAt,
      askedModel: facts.model,
      role: plan.role ?? null,
      purpose: facts.purpose ?? null,
      model: first?.group ?? null,
      provider: first?.deployment.provider ?? null,
      decision: plan.decision,
      agent: caller.agent,
      sessionId: caller.sessionId,
      keyAlias: caller.keyAlias,
      stream: facts.stream,
    })
    if (this.#request.response.destroyed) this.#clientClosed()
    else this.#chain.start()
  }

  /** Ends the request now, with an error the client understands. */
  shutDown(): void {
    if (this.#settlement.begun) return
    this.#abandon()
    this.#finishWithError(new GatewayError('shutting_down', 'The gateway is shutting down. Send the request again.'))
  }

  onWarnings(warnings: readonly string[]): void {
    this.#delivery.warn(warnings)
  }

  onNoneLeft(error: GatewayError): void {
    this.#finishWithError(error)
  }

  onStreamStart(attempt: Attempt, headers: UpstreamHeaders): void {
    const { candidate, task } = attempt
    this.#win(attempt)
    this.#dependencies.missingWires.prove(candidate.deployment, task.wire)
    this.#delivery.startStream(candidate, this.#chain.retries, headers)
    // Readers of Gemini's streams stumble over comments.
    if (task.seam !== undefined && this.#request.facts.dialect !== 'gemini')
      this.#delivery.reply.writeLifeSign(seamComment(candidate.group))
  }

  mayCommitSilent(): boolean {
    return this.#chain.isAlone
  }

  onStreamBytes(pieces: readonly Buffer[]): void {
    this.#lifeSigns?.wrote()
    this.#resumption?.keep(this.#chain.current, pieces)
    this.#delivery.reply.write(pieces)
  }

  onFirstOutput(): void {
    if (this.#firstTokenMs !== null) return
    this.#firstTokenMs = this.#log.elapsedMs()
    this.#dependencies.activity.firstToken(this.#request.callId, this.#firstTokenMs)
  }

  onStreamEnd(attempt: Attempt, terminal: Buffer): void {
    this.#chain.remove(attempt)
    this.#log.settle(attempt, { kind: 'answered' }, attempt.usage)
    this.#delivery.warn(attempt.warnings)
    if (attempt.usage === null) this.#estimate(attempt, true)
    const complete = attempt.task.seam === undefined
    this.#commit(200, undefined, attempt.usage, () => this.#delivery.reply.endStream(terminal, complete))
  }

  onAnswer(attempt: Attempt, answer: CompleteAnswer, headers: UpstreamHeaders): void {
    const { task, candidate } = attempt
    this.#chain.remove(attempt)
    this.#win(attempt)
    this.#dependencies.missingWires.prove(candidate.deployment, task.wire)
    this.#log.settle(attempt, { kind: 'answered' }, answer.usage)
    if (answer.usage === null) this.#unreported.addBody(candidate, answer.body)
    const inspection = this.#calls.inspect(answer, task.wire, candidate.defaults)
    this.#delivery.warn(inspection.warnings)
    const before = this.#faulty?.answer.usage ?? null
    if (inspection.repair !== undefined && this.#faulty === undefined) {
      this.#faulty = { answer, headers }
      if (this.#chain.repair(attempt, inspection.repair)) return
    }
    this.#deliver(attempt, answer, headers, addUsage(before, answer.usage))
  }

  #deliver({ candidate }: Attempt, answer: CompleteAnswer, headers: UpstreamHeaders, usage: Usage | null): void {
    this.onFirstOutput()
    const price = this.#delivery.priceOf(candidate, usage)
    const head = this.#delivery.answerHead(candidate, this.#chain.retries, headers, price)
    this.#commit(200, undefined, usage, () => this.#delivery.sendAnswer(answer, head))
  }

  onFailure(attempt: Attempt, error: GatewayError): void {
    this.#chain.remove(attempt)
    this.#logFailure(attempt, error)
    if (attempt.started) {
      this.#breakInStream(attempt, error)
      return
    }
    if (this.#faulty === undefined && this.#calls.asksOtherwise(attempt, error)) {
      this.#log.keepSlot(attempt, { kind: 'failed', error })
      this.#chain.askOtherwise(attempt)
      return
    }
    this.#log.settle(attempt, { kind: 'failed', error }, attempt.usage)
    this.#log.errors.push(error)
    if (this.#faulty === undefined) this.#chain.failed(attempt.candidate, error)
    else this.#deliver(attempt, this.#faulty.answer, this.#faulty.headers, this.#faulty.answer.usage)
  }

  /** The stream that the client reads broke: somebody goes on from there, or it ends with an error. */
  #breakInStream(attempt: Attempt, error: GatewayError): void {
    const goesOn = !isFaultOfRequest(error) && this.#chain.hasNext && this.#resumption?.breakAt(attempt) === true
    const details = this.#estimate(attempt, !goesOn)
    this.#log.settle(attempt, { kind: 'failed', error }, attempt.usage, goesOn ? details : undefined)
    this.#log.errors.push(error)
    if (goesOn) this.#chain.tryNext(`goes on after ${error.code} of ${attempt.candidate.group}`)
    else this.#finishWithError(error)
  }

  #win(winner: Attempt): void {
    for (const loser of this.#chain.win(winner)) {
      loser.endedBy = `${winner.candidate.group} was first`
      this.#log.settle(loser, { kind: 'aborted' }, loser.usage, this.#estimate(loser, false))
    }
  }

  /** Counts an attempt of which the upstream did not tell all tokens. `isInRow`: what it told is part of the row. */
  #estimate({ candidate, usage, spokenBytes }: Attempt, isInRow: boolean): AttemptDetails {
    return this.#unreported.add({ candidate, reported: usage, spokenBytes, isInRow })
  }

  /** Where nobody has answered yet, the head goes out for the sign's sake. */
  #sign(): void {
    const { facts, codec } = this.#request
    this.#delivery.startStream(undefined, this.#chain.retries, {})
    const { current } = this.#chain
    const own = current?.started === true ? current.keepAlive() : undefined
    // A writer of Responses would begin the response with it.
    const sign = facts.dialect === 'responses' ? comment : codec.openWriter(this.#calls.errorContext()).keepAlive()
    this.#delivery.reply.writeLifeSign(own ?? sign)
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

  /** The upstreams worked for it, unless they refused. */
  #abandon(): void {
    for (const attempt of this.#chain.abandon()) {
      const isInRow = attempt === this.#chain.current
      const details = attempt.refused ? undefined : this.#estimate(attempt, isInRow)
      this.#log.settle(attempt, { kind: 'aborted' }, attempt.usage, isInRow ? undefined : details)
    }
  }

  #finishWithError(error: GatewayError): void {
    const { current, retries } = this.#chain
    // What a broken answer cost is counted as far as its usage was reported.
    const usage = addUsage(this.#faulty?.answer.usage ?? null, current?.usage ?? null)
    const told = clientStatus(error, this.#request.facts.dialect)
    const status = this.#delivery.reply.headSent && error.code !== 'client_closed_request' ? 200 : told
    const head = this.#delivery.errorHead(error, current?.candidate, retries)
    this.#commit(status, error, usage, () => this.#delivery.sendError(error, head, () => this.#endInStream(error)))
  }

  #endInStream(error: GatewayError): Buffer {
    const begun = this.#resumption?.begun?.writer.fail(error)
    if (begun !== undefined) return begun
    const { current } = this.#chain
    const own = current?.started === true ? current.fail(error) : undefined
    return own ?? this.#request.codec.openWriter(this.#calls.errorContext()).fail(error)
  }

  #commit(status: number, error: GatewayError | undefined, usage: Usage | null, send: () => void): void {
    this.#lifeSigns?.stop()
    const candidate = this.#chain.current?.candidate
    const makeRecord = () => {
      const price = this.#delivery.priceOf(candidate, usage)
      return requestRow(this.#request, {
        candidate,
        status,
        error,
        attempts: this.#log.inOrder,
        usage,
        price,
        savingsNanoUsd: this.#delivery.savingsOf(price, usage),
        unreported: this.#unreported.fields,
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

const comment = Buffer.from(': keep-alive\n\n')
