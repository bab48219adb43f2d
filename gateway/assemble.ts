import { randomBytes } from 'node:crypto'
import { basename, join } from 'node:path'
import { hashKey } from './access/key-secret.ts'
import { createKeyStore, type KeyStore } from './access/key-store.ts'
import type { Limits } from './access/open-limits.ts'
import { createSessionTokens } from './access/session-tokens.ts'
import { type AnswerCache, createAnswerCache } from './cache/answer-cache.ts'
import type { ConfigSource } from './config/config-source.ts'
import type { GatewayConfig } from './config/gateway-config.ts'
import { listenAddress } from './config/listen-address.ts'
import { uiPath } from './contract/routes.ts'
import type { GatewayStatus } from './contract/status.ts'
import type { GatewayOptions, StartedGateway } from './gateway-options.ts'
import { type GatewayDeployments, openGatewayDeployments } from './gateway-deployments.ts'
import { openPrices } from './gateway-prices.ts'
import { createStatusReader } from './gateway-status.ts'
import { type ActivityFeed, createActivityFeed, mostRequests } from './http/control/activity-feed.ts'
import { createHttpServer } from './http/server.ts'
import type { PriceBook } from './ledger/price-book.ts'
import { createReports, type Reports } from './ledger/reports.ts'
import { createObservation, type Observation } from './observe/observation.ts'
import type { RequestRecord } from './ledger/request-record.ts'
import { topTierOf } from './ledger/top-tier.ts'
import { createSqliteLedger, type SqliteLedger } from './ledger/sqlite-ledger.ts'
import type { Logger } from './logging/logger.ts'
import { openGatewayLimits } from './limits-in-use.ts'
import { openMasterKey } from './master-key-in-use.ts'
import { Secret } from './model/secret.ts'
import { createModelListReader } from './providers/model-list.ts'
import { createProviderRegistry } from './providers/registry.ts'
import { createTokenCounter, type TokenCounter } from './relay/count-tokens.ts'
import { sessionKeyOf } from './relay/deployments/fair-queue.ts'
import type { Deployments } from './relay/deployments/open-deployments.ts'
import { MissingWires } from './relay/missing-wires.ts'
import { RefusedFields } from './relay/refused-fields.ts'
import { createReasoningCache } from './relay/reasoning-cache.ts'
import { createCachingRelay } from './relay/cached/caching-relay.ts'
import type { ConditionSource } from './relay/deployments/compose-conditions.ts'
import { createRelay } from './relay/relay.ts'
import type { Relay } from './relay/relay-request.ts'
import { createToolValidation } from './relay/tool-validation/tool-validation.ts'
import { loadRoutingState, type RoutingState } from './routing-state.ts'
import { answersFileName, openAnswerRepository, removeAnswers } from './store/answer-repository.ts'
import { type BudgetRepository, createBudgetRepository } from './store/budget-repository.ts'
import { createCheckpoints } from './store/checkpoints.ts'
import { openDatabase } from './store/database.ts'
import { createDayUseRepository, type DayUseRepository } from './store/day-use-repository.ts'
import { createKeyRepository, type KeyRepository } from './store/key-repository.ts'
import { createSettingsRepository, type SettingsRepository } from './store/settings-repository.ts'
import { createSwitchRepository, type SwitchRepository } from './store/switch-repository.ts'
import { trustSystemAuthorities } from './upstream/certificate-authorities.ts'
import { type ProxySettings, readProxySettings } from './upstream/proxy-settings.ts'
import { createUpstreamDispatcher, type UpstreamDispatcher } from './upstream/dispatch.ts'

export const databaseFileName = 'signalbox.db'

/** The wired parts of one gateway, ready to listen. */
export interface Assembly {
  listen(): Promise<StartedGateway>
  /** Refuses new requests, waits for running ones, ends the rest. What was opened is closed by its owner afterwards. */
  close(graceMs: number): Promise<void>
  status(): Promise<GatewayStatus>
}

/**
 * Opens and wires everything behind a configuration. Each opened part is registered with `opened` in the order in which
 * the next ones need it, so that disposing it closes them backwards, also when a later step fails.
 */
export async function assemble(
  options: GatewayOptions,
  config: ConfigSource,
  opened: AsyncDisposableStack,
): Promise<Assembly> {
  const { logger, version } = options
  const now = Date.now
  const storage = openStorage(options, opened)
  const { ledger, reports, settings, switches } = storage
  const controlToken = new Secret(`sbc-${randomBytes(32).toString('base64url')}`)
  const masterKey = await openMasterKey({ ...options, config })
  const reserved = [() => controlToken, () => masterKey().secret]
  const keys = await openKeys(storage, reserved, (id) => limits.forgetKey(id))
  const prices = openPrices()
  const limits = await openGatewayLimits({ config, budgets: storage.budgets, ledger, keys, prices, logger }, opened)
  const { deployments, upstream } = await openUpstreamSide(options, config, storage, [limits.condition], opened)
  const routing = await loadRoutingState({
    config: config.current,
    switches,
    settings,
    random: Math.random,
    now,
    conditions: {
      priceOf: (deployment) => prices.comparablePrice(deployment, now()),
      condition: deployments.condition,
      bytesPerToken: deployments.board.bytesPerToken,
    },
  })
  await routing.noteConfig(config.current())
  const traffic = await openTraffic(options, { config, ledger, prices, limits, deployments, upstream }, opened)
  const { relay, feed } = traffic

  const place = { url: '', draining: false }
  const notices = () => limits.views.notices(keys.list())
  const status = createStatusReader({ version, now, config, relay, ledger, routing, notices, place })
  const sessions = createSessionTokens({ now })
  const server = await createHttpServer({
    version,
    now,
    monotonic: () => performance.now(),
    logger,
    config: config.current,
    configEditor: config.editor,
    snapshot: routing.snapshot,
    setSwitch: routing.setSwitch,
    relay,
    cache: traffic.cache,
    metrics: traffic.metrics,
    countTokens: traffic.countTokens,
    feed,
    recordRefusal: traffic.recordRefusal,
    deployments: { ...deployments.board, condition: deployments.condition, probe: deployments.probe },
    keys,
    admission: limits.admission,
    budgets: limits.views,
    sessions,
    masterKey,
    controlToken,
    ledger,
    reports,
    status,
    uiDirectory: options.uiDirectory,
  })
  opened.defer(() => server.close(0))
  opened.defer(followConfig(config, routing, feed, logger))

  return {
    async listen() {
      const listening = await server.listen(listenAddress(options, config.current().server))
      place.url = listening.url
      const uiLink = `${listening.url}${uiPath}#code=${sessions.issueCode()}`
      return { ...listening, uiLink, controlToken: controlToken.reveal() }
    },
    close: (graceMs) => {
      place.draining = true
      feed.statusChanged()
      return server.close(graceMs)
    },
    status,
  }
}

interface Storage {
  readonly ledger: SqliteLedger
  readonly reports: Reports
  readonly settings: SettingsRepository
  readonly switches: SwitchRepository
  readonly keys: KeyRepository
  readonly dayUses: DayUseRepository
  readonly budgets: BudgetRepository
}

function openStorage({ dataDir }: GatewayOptions, opened: AsyncDisposableStack): Storage {
  const databasePath = join(dataDir, databaseFileName)
  const database = openDatabase(databasePath)
  opened.defer(() => {
    database.close()
  })
  const reports = createReports({ databasePath })
  opened.defer(() => reports.close())
  const checkpoints = createCheckpoints({ database, databasePath })
  opened.defer(() => checkpoints.close())
  const ledger = createSqliteLedger({ database, databasePath, checkpoints })
  opened.defer(() => ledger.close())
  return {
    ledger,
    reports,
    settings: createSettingsRepository({ database }),
    switches: createSwitchRepository({ database }),
    keys: createKeyRepository({ database }),
    dayUses: createDayUseRepository({ database }),
    budgets: createBudgetRepository({ database }),
  }
}

/** The keys that were made here; `reserved` are the secrets none of them may have. */
async function openKeys(
  { keys }: Storage,
  reserved: readonly (() => Secret)[],
  onDeleted: (id: string) => void,
): Promise<KeyStore> {
  const isReserved = (hash: string): boolean => reserved.some((secret) => hash === hashKey(secret().reveal()))
  const store = createKeyStore({ repository: keys, now: Date.now, isReserved, onDeleted })
  await store.load()
  return store
}

/** The proxies that the environment names. What it cannot mean is told once. */
function openProxies(environment: GatewayOptions['environment'], logger: Logger): ProxySettings {
  const proxies = readProxySettings(environment)
  for (const problem of proxies.problems) logger.warn({}, problem)
  if (proxies.named.length > 0) logger.info({ proxies: proxies.named }, 'upstreams are called through a proxy')
  return proxies
}

interface UpstreamSide {
  readonly upstream: UpstreamDispatcher
  readonly deployments: GatewayDeployments
}

/** The way to upstreams, and what is known of those that the config names. */
async function openUpstreamSide(
  { environment, logger, version }: GatewayOptions,
  config: ConfigSource,
  { dayUses, settings }: Storage,
  sources: readonly ConditionSource[],
  opened: AsyncDisposableStack,
): Promise<UpstreamSide> {
  const upstream = createUpstreamDispatcher({
    proxies: openProxies(environment, logger),
    trustSystem: trustSystemAuthorities,
  })
  opened.defer(() => upstream.destroy())
  const readList = createModelListReader({ upstream, userAgent: `signalbox/${version}` })
  const deployments = await openGatewayDeployments({ config, dayUses, settings, readList, logger, sources }, opened)
  return { upstream, deployments }
}

interface Traffic {
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
}

/** The relay with what it stands on and what listens to it. */
async function openTraffic(
  { dataDir, logger, version }: GatewayOptions,
  { config, ledger, prices, limits, deployments, upstream }: TrafficGround,
  opened: AsyncDisposableStack,
): Promise<Traffic> {
  const { board, queue } = deployments
  const feed = createActivityFeed(await ledger.recent(mostRequests))
  const observation = createObservation({
    version,
    logger,
    upstream,
    traces: () => config.current().traces,
    inFlight: () => relay.inFlight,
    cooledUntil: (deploymentId) => board.condition(deploymentId)?.cooledUntil,
  })
  opened.defer(() => observation.close())
  const finished = (record: RequestRecord): void => {
    observation.listener.finished(record)
    if (record.status === 200) queue.served(sessionKeyOf(record))
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
  const cache = openCache(dataDir, config, logger, opened)
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

/** Kept answers: a file that is made when the cache is first used. */
function openCache(dataDir: string, config: ConfigSource, logger: Logger, opened: AsyncDisposableStack): AnswerCache {
  const path = join(dataDir, answersFileName)
  const cache = createAnswerCache({
    open: () => openAnswerRepository(path),
    remove: () => removeAnswers(path),
    now: Date.now,
    maxBytes: () => config.current().signalbox.cache.maxBytes,
    logger,
  })
  opened.defer(() => cache.close())
  return cache
}

/** Tells of every configuration that comes into effect. Gives the way to end it. */
function followConfig(config: ConfigSource, routing: RoutingState, feed: ActivityFeed, logger: Logger): () => void {
  const note = async (next: GatewayConfig): Promise<void> => {
    try {
      await routing.noteConfig(next)
    } catch (failure) {
      logger.error({ err: failure }, 'that a real model was seen could not be kept')
    }
    feed.routersChanged()
    feed.statusChanged()
  }
  return config.onChange(({ config: next, changed, refused }) => {
    if (refused) logRefusedEdit(config, logger)
    else if (changed)
      logger.info({ revision: next.revision, restart: config.restartNeeded() }, 'a new config is in effect')
    void note(next)
  })
}

/** Places only: a problem quotes the file, and what stands in the wrong place may be a key. */
function logRefusedEdit(config: ConfigSource, logger: Logger): void {
  const places = config
    .problems()
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line }) => (line === null ? basename(file) : `${basename(file)}:${line}`))
  logger.warn(
    { places: [...new Set(places)] },
    'the edited config has errors and is not in effect: `npm run cli -- config check` shows them',
  )
}
