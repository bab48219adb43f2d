import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { hashKey } from './access/key-secret.ts'
import { createKeyStore } from './access/key-store.ts'
import { createSessionTokens } from './access/session-tokens.ts'
import type { ConfigSource } from './config/config-source.ts'
import { uiPath } from './contract/routes.ts'
import type { GatewayStatus } from './contract/status.ts'
import type { GatewayOptions, StartedGateway } from './gateway-options.ts'
import { createStatusReader } from './gateway-status.ts'
import { createActivityFeed } from './http/control/activity-feed.ts'
import { createHttpServer } from './http/server.ts'
import { createCatalogue } from './ledger/prices/catalogue.ts'
import { createPriceBook } from './ledger/prices/create-price-book.ts'
import { createReports } from './ledger/reports.ts'
import { createSqliteLedger } from './ledger/sqlite-ledger.ts'
import { openMasterKey } from './master-key-in-use.ts'
import { Secret } from './model/secret.ts'
import { createProviderRegistry } from './providers/registry.ts'
import type { ActivityListener } from './relay/activity.ts'
import { createDeploymentStates } from './relay/deployment-states.ts'
import { createRelay } from './relay/relay.ts'
import { loadRoutingState } from './routing-state.ts'
import { openDatabase } from './store/database.ts'
import { createKeyRepository } from './store/key-repository.ts'
import { createSettingsRepository } from './store/settings-repository.ts'
import { createSwitchRepository } from './store/switch-repository.ts'
import { createUpstreamDispatcher } from './upstream/dispatch.ts'

export const databaseFileName = 'signalbox.db'

const defaultPort = 4000
const defaultHost = '127.0.0.1'

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
  const databasePath = join(options.dataDir, databaseFileName)
  const database = openDatabase(databasePath)
  opened.defer(() => {
    database.close()
  })
  const reports = createReports({ databasePath })
  opened.defer(() => reports.close())
  const ledger = createSqliteLedger({ database })
  opened.defer(() => ledger.close())
  const upstream = createUpstreamDispatcher()
  opened.defer(() => upstream.destroy())

  const settings = createSettingsRepository({ database })
  const switches = createSwitchRepository({ database })
  const routing = await loadRoutingState({ config: config.current, switches, settings, random: Math.random })
  await routing.noteConfig(config.current())

  const masterKey = await openMasterKey({ ...options, config })
  const controlToken = new Secret(`sbc-${randomBytes(32).toString('base64url')}`)
  const reserved = new Set([hashKey(controlToken.reveal())])
  const keys = createKeyStore({
    repository: createKeyRepository({ database }),
    now,
    isReserved: (hash) => reserved.has(hash) || hash === hashKey(masterKey().secret.reveal()),
  })
  await keys.load()

  const feed = createActivityFeed()
  const deployments = createDeploymentStates()
  const activity: ActivityListener = {
    ...feed,
    finished: (record) => {
      deployments.note(record)
      feed.finished(record)
    },
  }
  const relay = createRelay({
    providers: createProviderRegistry({ upstream, userAgent: `signalbox/${version}` }),
    ledger,
    prices: createPriceBook({ catalogue: createCatalogue() }),
    activity,
    logger,
    numRetries: () => config.current().numRetries,
    random: Math.random,
    keySpend: (keyId) => ledger.keySpend(keyId),
  })

  let url = ''
  let draining = false
  const status = createStatusReader({
    ...{ version, now, config, relay, ledger, routing },
    url: () => url,
    draining: () => draining,
  })
  const sessions = createSessionTokens({ now })
  const server = await createHttpServer({
    ...{ version, now, logger, relay, keys, sessions, masterKey, controlToken, ledger, reports, feed, status },
    monotonic: () => performance.now(),
    config: config.current,
    snapshot: routing.snapshot,
    setSwitch: routing.setSwitch,
    recordRefusal: (record) => {
      ledger.commit(record, (failure) => {
        if (failure !== undefined) logger.error({ callId: record.id, err: failure }, 'a refusal could not be kept')
        activity.finished(record)
      })
    },
    deploymentState: deployments.of,
    uiDirectory: options.uiDirectory,
  })
  opened.defer(() => server.close(0))
  opened.defer(
    config.onChange(({ config: next }) => {
      feed.routersChanged()
      feed.statusChanged()
      routing.noteConfig(next).catch((failure: unknown) => {
        logger.error({ err: failure }, 'the demo state could not be kept')
      })
    }),
  )

  return {
    async listen() {
      const { server: place } = config.current()
      const listening = await server.listen({
        host: options.host ?? place.host ?? defaultHost,
        port: options.port ?? place.port ?? defaultPort,
      })
      url = listening.url
      return {
        ...listening,
        uiLink: `${url}${uiPath}#code=${sessions.issueCode()}`,
        controlToken: controlToken.reveal(),
      }
    },
    close: (graceMs) => {
      draining = true
      feed.statusChanged()
      return server.close(graceMs)
    },
    status,
  }
}
