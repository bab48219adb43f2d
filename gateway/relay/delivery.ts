import { type PriceBook, type PricedUsage, unknownPrice } from '../ledger/price-book.ts'
import { billedCost } from '../ledger/request-record.ts'
import { savingsOf } from '../ledger/savings.ts'
import type { GatewayError } from '../model/errors.ts'
import type { Deployment } from '../config/gateway-config.ts'
import type { Usage } from '../model/usage.ts'
import type { CompleteAnswer } from '../providers/provider.ts'
import type { Candidate } from '../routing/plan-types.ts'
import type { UpstreamHeaders } from '../upstream/upstream-exchange.ts'
import { withAskedTier } from './asked-tier.ts'
import { answerHeaders, errorHeaders, forwardedHeaders } from './answer-headers.ts'
import { ClientReply, type Flow } from './client-reply.ts'
import { clientStatus } from './client-status.ts'
import type { RelayRequest } from './relay-request.ts'

export interface DeliveryDependencies {
  readonly prices: PriceBook
  /** What a router would have asked at its highest tier; undefined = not known. */
  readonly topTier: (router: string) => Deployment | undefined
  /** What a key has spent so far in nano-USD, where it is known. */
  readonly keySpend: (keyId: string) => number | undefined
}

type HeaderMap = Readonly<Record<string, string>>

/** Gives one request its answer in its own dialect: head, pieces and end, with the headers that say what was done. */
export class Delivery {
  readonly reply: ClientReply
  readonly warnings: string[] = []
  readonly #request: RelayRequest
  readonly #dependencies: DeliveryDependencies
  /** The head and the row of an answer ask for the same price. */
  #priced: { readonly candidate: Candidate; readonly usage: Usage | null; readonly price: PricedUsage } | undefined

  constructor(request: RelayRequest, dependencies: DeliveryDependencies, flow: Flow) {
    this.#request = request
    this.#dependencies = dependencies
    this.reply = new ClientReply(request.response, flow, request.recorder)
  }

  warn(warnings: readonly string[]): void {
    for (const warning of warnings) if (!this.warnings.includes(warning)) this.warnings.push(warning)
  }

  priceOf(candidate: Candidate | undefined, usage: Usage | null): PricedUsage {
    if (candidate === undefined) return unknownPrice
    if (this.#priced?.candidate === candidate && this.#priced.usage === usage) return this.#priced.price
    const tokens = usage === null ? null : withAskedTier(usage, this.#request, candidate)
    const price = this.#dependencies.prices.price(candidate.deployment, tokens, this.#request.startedAt)
    this.#priced = { candidate, usage, price }
    return price
  }

  /** What the answer saved against the router's top tier, nano-USD; null where that cannot be known. */
  savingsOf(price: PricedUsage, usage: Usage | null): number | null {
    const { prices, topTier } = this.#dependencies
    const router = this.#request.plan.decision?.router
    if (router === undefined) return null
    return savingsOf(prices, topTier(router), { price, usage, at: this.#request.startedAt })
  }

  /** Nothing is known of who answers where a head goes out only to keep the client waiting. */
  startStream(candidate: Candidate | undefined, retries: number, headers: UpstreamHeaders): void {
    if (this.reply.headSent) return
    // The cost of a stream is known at its end only; that there will be none is known now.
    const prospect = candidate === undefined ? undefined : this.priceOf(candidate, null)
    const known = prospect !== undefined && isKnownBefore(prospect) ? prospect : undefined
    const head = this.#headers(candidate, retries, known)
    this.reply.startStream({ ...forwardedHeaders(headers), ...head }, this.#request.codec.streamForm)
  }

  /** To be asked for before the commit, which adds this request to what the key has spent. */
  answerHead(candidate: Candidate, retries: number, headers: UpstreamHeaders, price: PricedUsage): HeaderMap {
    return { ...forwardedHeaders(headers), ...this.#headers(candidate, retries, price) }
  }

  sendAnswer(answer: CompleteAnswer, head: HeaderMap): void {
    if (!this.#request.facts.stream) {
      this.reply.sendBody(200, head, answer.body, answer.contentType)
      return
    }
    const { events, terminal } = answer.asStream()
    if (!this.reply.headSent) this.reply.startStream(head, this.#request.codec.streamForm)
    this.reply.write([events])
    this.reply.endStream(terminal, true)
  }

  /** To be asked for before the commit, as `answerHead`. */
  errorHead(error: GatewayError, candidate: Candidate | undefined, retries: number): HeaderMap {
    return { ...this.#headers(candidate, retries, undefined), ...errorHeaders(error, retries) }
  }

  /** `inStream` ends a stream that has begun. */
  sendError(error: GatewayError, head: HeaderMap, inStream: () => Buffer): void {
    const { codec, callId, facts } = this.#request
    if (this.reply.headSent) this.reply.endStream(inStream(), false)
    else this.reply.sendError(clientStatus(error, facts.dialect), head, codec.errorBody(error, callId))
  }

  #headers(candidate: Candidate | undefined, retries: number, price: PricedUsage | undefined): HeaderMap {
    const known = answerHeaders({
      callId: this.#request.callId,
      plan: this.#request.plan,
      candidate,
      retries,
      warnings: this.warnings,
      price,
      keySpendNanoUsd: this.#keySpend(price),
    })
    return { ...this.#request.keyHeaders, ...known }
  }

  #keySpend(price: PricedUsage | undefined): number | undefined {
    const before = this.#dependencies.keySpend(this.#request.caller.keyId)
    // Pretend money is no spend.
    return before === undefined ? undefined : before + (price === undefined ? 0 : billedCost(price))
  }
}

/** That nobody has a price is known before the tokens are, and that nothing is paid for them. */
function isKnownBefore({ source, billing }: PricedUsage): boolean {
  return source === 'unknown' || billing === 'local' || billing === 'flat_rate'
}
