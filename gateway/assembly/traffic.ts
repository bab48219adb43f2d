import type { AuditLog } from '../access/audit-log.ts'
import type { Limits } from '../access/open-limits.ts'
import type { AnswerCache } from '../cache/answer-cache.ts'
import type { ConfigSource } from '../config/config-source.ts'
import type { GatewayBackends } from '../gateway-backends.ts'
import type { GatewayOptions } from '../gateway-options.ts'
import { type ActivityFeed, createActivityFeed, mostRequests } from '../http/control/activity-feed.ts'
import type { PriceBook } from '../ledger/price-book.ts'
import { createObservation, type Observation } from '../observe/observation.ts'
import type { RequestRecord } from '../ledger/request-record.ts'
import { topTierOf } from '../ledger/top-tier.ts'
import { type SqliteLedger } from '../ledger/sqlite-ledger.ts'
import { createProviderRegistry } from '../providers/registry.ts'
import { createTokenCounter, type TokenCounter } from '../relay/count-tokens.ts'
import { sessionKeyOf } from '../relay/deployments/fair-queue.ts'
import type { Deployments } from '../relay/deployments/open-deployments.ts'
import { MissingWires } from '../relay/missing-wires.ts'
import { RefusedFields } from '../relay/refused-fields.ts'
import { createReasoningCache } from '../relay/reasoning-cache.ts'
import { createCachingRelay } from '../relay/cached/caching-relay.ts'
import { createRelay } from '../relay/relay.ts'
import type { Relay } from '../relay/relay-request.ts'
import { createToolValidation } from '../relay/tool-validation/tool-validation.ts'
import { type UpstreamDispatcher } from '../upstream/dispatch.ts'
import { openGatewayCache } from './gateway-cache.ts'

export interface Traffic {
  readonly relay: Relay
  readonly cache: AnswerCache
  readonly metrics: Observation['metrics']
  readonly countTokens: TokenCounter
  readonly feed: ActivityFeed
  readonly recordRefusal: (record: RequestRecord) => void
}

interface TrafficGround {
  readonly config: ConfigSource
  readonly ledger: SqliteLedger
  readonly prices: PriceBook
  readonly limits: Limits
  readonly deployments: Deployments
  readonly upstream: UpstreamDispatcher
  readonly backends: Pick<GatewayBackends, 'noteRecord'>
  readonly audit: AuditLog
}

/** The relay with what it stands on and what listens to it. */
export async function openTraffic(
  options: GatewayOptions,
  { config, ledger, prices, limits, deployments, upstream, backends, audit }: TrafficGround,
  opened: AsyncDisposableStack,
): Promise<Traffic> {
  const { logger, version } = options
  const { board, queue } = deployments
  const feed = createActivityFeed(await ledger.recent(mostRequests))
  const observation = createObservation({
    version,
    logger,
    upstream,
    traces: () => config.current().traces,
    inFlight: () => relay.inFlight,
    cooledUntil: (deploymentId) => board.cooledUntil(deploymentId),
  })
  opened.defer(() => observation.close())
  const finished = (record: RequestRecord): void => {
    observation.listener.finished(record)
    if (record.status === 200) queue.served(sessionKeyOf(record))
    backends.noteRecord(record)
    feed.finished(record)
  }
  const providers = createProviderRegistry({
    upstream,
    userAgent: `signalbox/${version}`,
    readsThinkTags: () => config.current().signalbox.thinkTags === 'read',
  })
  const activity = { ...feed, finished }
  const keySpend = (keyId: string): number => limits.keySpend(keyId) ?? ledger.keySpend(keyId)
  const carrier = createRelay({
    board,
    queue,
    missingWires: new MissingWires(),
    refusedFields: new RefusedFields(),
    toolValidation: createToolValidation({ mode: () => config.current().signalbox.toolValidation }),
    reasoning: createReasoningCache({ now: Date.now }),
    providers,
    ledger,
    prices,
    activity,
    topTier: (router) => topTierOf(config.current(), router),
    logger,
    dropParams: () => config.current().dropParams,
    config: config.current,
    random: Math.random,
    keySpend,
  })
  const cache = openGatewayCache(options, config, audit, opened)
  const caching = { relay: carrier, cache, ledger, prices, activity, logger, keySpend, config: config.current }
  const relay = createCachingRelay(caching)
  const recordRefusal = (record: RequestRecord): void => {
    ledger.commit(record, (failure) => {
      if (failure !== undefined) logger.error({ callId: record.id, err: failure }, 'a refusal could not be kept')
      finished(record)
    })
  }
  const countTokens = createTokenCounter(providers)
  const { metrics } = observation
  return { relay, cache, metrics, countTokens, feed, recordRefusal }
}
