import type { PricedUsage } from '../ledger/price-book.ts'
import type { GatewayError } from '../model/errors.ts'
import { headerText } from '../model/header-text.ts'
import type { Candidate, Plan } from '../routing/plan-types.ts'
import type { UpstreamHeaders } from '../upstream/upstream-exchange.ts'
import { usdText } from '../model/money-text.ts'

export interface AnswerFacts {
  readonly callId: string
  readonly plan: Plan
  /** The candidate that answers; undefined when none did. */
  readonly candidate: Candidate | undefined
  readonly retries: number
  readonly warnings: readonly string[]
  /** Known for JSON answers; for a stream only whether there will be a price. */
  readonly price: PricedUsage | undefined
  /** What the key has spent so far, this request included, in nano-USD; undefined when not known. */
  readonly keySpendNanoUsd: number | undefined
}

type HeaderMap = Record<string, string>

/** The headers of every LLM answer, whatever came of it. Pure. */
export function answerHeaders(facts: AnswerFacts): HeaderMap {
  const headers: HeaderMap = { 'x-litellm-call-id': facts.callId }
  if (facts.candidate !== undefined) addCandidate(headers, facts.candidate)
  addPrice(headers, facts.price)
  headers['x-litellm-attempted-retries'] = String(facts.retries)
  headers['x-litellm-attempted-fallbacks'] = String(facts.candidate?.chainIndex ?? 0)
  if (facts.keySpendNanoUsd !== undefined) headers['x-litellm-key-spend'] = usdText(facts.keySpendNanoUsd)
  addDecision(headers, facts.plan)
  const warnings = [...facts.plan.warnings, ...facts.warnings]
  if (warnings.length > 0) headers['x-signalbox-warning'] = headerText([...new Set(warnings)].join('; '))
  return headers
}

/** What is known of a plan that was not carried out: the router's decision and warnings. Pure. */
export function planHeaders(plan: Plan): HeaderMap {
  const headers: HeaderMap = {}
  addDecision(headers, plan)
  if (plan.warnings.length > 0) headers['x-signalbox-warning'] = headerText(plan.warnings.join('; '))
  return headers
}

function addCandidate(headers: HeaderMap, candidate: Candidate): void {
  const { deployment, group } = candidate
  headers['x-litellm-model-id'] = headerText(deployment.id)
  headers['x-litellm-model-group'] = headerText(group)
  headers['x-litellm-model-name'] = headerText(`${deployment.provider}/${deployment.upstreamModel}`)
  headers['x-signalbox-model'] = headerText(group)
}

function addPrice(headers: HeaderMap, price: PricedUsage | undefined): void {
  if (price === undefined) return
  if (price.billing === 'local' || price.billing === 'flat_rate') {
    headers['x-litellm-response-cost'] = usdText(0)
    if (price.costNanoUsd !== null) headers['x-signalbox-cost-equivalent'] = usdText(price.costNanoUsd)
  } else if (price.costNanoUsd !== null) headers['x-litellm-response-cost'] = usdText(price.costNanoUsd)
  else headers['x-signalbox-cost'] = 'unknown'
}

function addDecision(headers: HeaderMap, plan: Plan): void {
  const { decision } = plan
  if (decision === undefined) return
  headers['x-signalbox-router'] = headerText(decision.router)
  headers['x-signalbox-tier'] = decision.tier
  if (decision.score !== null) headers['x-signalbox-score'] = scoreText(decision.score)
  headers['x-signalbox-reason'] = headerText(decision.reason)
}

/** Two decimals, more where they say something: `-0.20`, `0.595`. Float noise beyond six decimals is cut. */
export function scoreText(score: number): string {
  const rounded = Number(score.toFixed(6))
  const text = String(rounded)
  const decimals = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0
  return decimals < 2 ? rounded.toFixed(2) : text
}

/** The upstream's headers that a client can use: its rate limits. Everything else is the upstream's own business. */
export function forwardedHeaders(headers: UpstreamHeaders): HeaderMap {
  const forwarded: HeaderMap = {}
  for (const name in headers) {
    if (!name.startsWith('x-ratelimit-')) continue
    const value = headers[name]
    if (typeof value === 'string') forwarded[name] = headerText(value)
  }
  return forwarded
}

export function errorHeaders(error: GatewayError, retries: number): HeaderMap {
  const headers: HeaderMap = {}
  // A client that repeats what we have repeated already would multiply the load, unless it is told how long to wait.
  if (!error.shouldRetry || (retries > 0 && error.retryAfterMs === undefined)) headers['x-should-retry'] = 'false'
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
    headers['retry-after-ms'] = String(Math.ceil(error.retryAfterMs))
  }
  return headers
}
