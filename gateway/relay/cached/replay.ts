import type { CachedAnswer } from '../../cache/cached-answer.ts'
import type { GatewayConfig } from '../../config/gateway-config.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { PriceBook, PricedUsage } from '../../ledger/price-book.ts'
import type { RequestRecord } from '../../ledger/request-record.ts'
import type { Candidate } from '../../routing/plan-types.ts'
import type { ActivityListener } from '../activity.ts'
import { answerHeaders } from '../answer-headers.ts'
import { ClientReply } from '../client-reply.ts'
import type { RelayLogger } from '../relay-logger.ts'
import { requestRow } from '../request-row.ts'
import type { CachedRequest } from './cached-request.ts'

export interface ReplayDependencies {
  readonly ledger: Pick<Ledger, 'commit'>
  readonly prices: PriceBook
  readonly activity: ActivityListener
  readonly logger: RelayLogger
  readonly keySpend: (keyId: string) => number | undefined
  readonly config: () => GatewayConfig
}

/**
 * Answers a request with an answer that another one brought: the same bytes under new headers, at no cost, with a row of
 * its own that is committed before anything goes out. `onSettled` runs when all is over.
 */
export function replay(
  cached: CachedRequest,
  answer: CachedAnswer,
  dependencies: ReplayDependencies,
  onSettled: () => void,
): void {
  const { request } = cached
  const candidate = candidateOf(cached, answer, dependencies.config())
  const price = noCost(dependencies.prices.price(candidate.deployment, null, request.startedAt))
  tellStart(cached, candidate, dependencies.activity)
  const ms = Math.round((performance.now() - request.startedMonotonic) * 100) / 100
  const outcome = { candidate, status: 200, error: undefined, attempts: [], usage: answer.usage, price, warnings: [] }
  const record: RequestRecord = {
    ...requestRow(request, { ...outcome, savingsNanoUsd: null, firstTokenMs: ms, totalMs: ms }),
    cache: 'hit',
    explanation: `${candidate.group} had answered the same request before: its answer was kept`,
  }
  dependencies.ledger.commit(record, (failure) => {
    if (failure !== undefined) {
      dependencies.logger.error({ callId: record.id, err: failure }, 'a request could not be kept in the ledger')
    }
    send(cached, answer, candidate, price, dependencies)
    dependencies.activity.firstToken(record.id, ms)
    dependencies.activity.finished(record)
    request.onFinished?.(record)
    onSettled()
  })
}

/** Who gave the answer then. Its group is as it was, or the key would be another. */
function candidateOf(
  { first, request }: CachedRequest,
  { deploymentId }: CachedAnswer,
  config: GatewayConfig,
): Candidate {
  const planned = request.plan.candidates.find(({ deployment }) => deployment.id === deploymentId)
  if (planned !== undefined) return planned
  const deployment = config.groups.get(first.group)?.find(({ id }) => id === deploymentId)
  return deployment === undefined ? first : { ...first, deployment }
}

function noCost({ source, billing }: PricedUsage): PricedUsage {
  return { costNanoUsd: 0, source: source === 'demo' ? 'demo' : 'cache', billing, provenance: 'cached answer' }
}

function tellStart({ request }: CachedRequest, { group, deployment }: Candidate, activity: ActivityListener): void {
  const { caller, facts, plan } = request
  activity.started({
    id: request.callId,
    startedAt: request.startedAt,
    askedModel: facts.model,
    role: plan.role ?? null,
    purpose: facts.purpose ?? null,
    model: group,
    provider: deployment.provider,
    decision: plan.decision,
    agent: caller.agent,
    sessionId: caller.sessionId,
    keyAlias: caller.keyAlias,
    stream: facts.stream,
  })
}

function send(
  { request, key }: CachedRequest,
  { body, contentType }: CachedAnswer,
  candidate: Candidate,
  price: PricedUsage,
  { keySpend }: ReplayDependencies,
): void {
  const reply = new ClientReply(request.response, { pause: () => {}, resume: () => {} })
  const headers = {
    ...answerHeaders({
      callId: request.callId,
      plan: request.plan,
      candidate,
      retries: 0,
      warnings: [],
      price,
      keySpendNanoUsd: keySpend(request.caller.keyId),
    }),
    'x-litellm-cache-key': key,
  }
  if (!request.facts.stream) {
    reply.sendBody(200, headers, body, contentType)
    return
  }
  reply.startStream(headers, request.codec.streamForm)
  reply.endStream(body, true)
}
