import { randomBytes } from 'node:crypto'
import type { AuditLog } from './access/audit-log.ts'
import { createSessionTokens } from './access/session-tokens.ts'
import type { ConfigSource } from './config/config-source.ts'
import { listenAddress } from './config/listen-address.ts'
import type { GatewayDeployments } from './gateway-deployments.ts'
import type { GatewayOptions } from './gateway-options.ts'
import { openPrices } from './gateway-prices.ts'
import { createHttpServer } from './http/server.ts'
import { openGatewayLimits } from './limits-in-use.ts'
import { openMasterKey } from './master-key-in-use.ts'
import type { PriceBook } from './ledger/price-book.ts'
import { Secret } from './model/secret.ts'
import { loadRoutingState, type RoutingState } from './routing-state.ts'
import { type Assembly, createAssembly } from './assembly/assembly.ts'
import { openControlSide, type SecretSources } from './assembly/control-side.ts'
import { followConfig } from './assembly/follow-config.ts'
import { openLocalServers } from './assembly/local-servers.ts'
import { openNotices } from './assembly/notices.ts'
import { openKeys, openStorage, type Storage } from './assembly/storage.ts'
import { openTraffic } from './assembly/traffic.ts'
import { openUpstreamSide } from './assembly/upstream-side.ts'

export type { Assembly } from './assembly/assembly.ts'
export { databaseFileName } from './assembly/storage.ts'

/**
 * Opens and wires everything behind a configuration. Each opened part is registered with `opened` in the order in which
 * the next ones need it, so that disposing it closes them backwards, also when a later step fails.
 */
export async function assemble(
  options: GatewayOptions,
  file: ConfigSource,
  secretSources: SecretSources,
  opened: AsyncDisposableStack,
): Promise<Assembly> {
  const { logger, version } = options
  const now = Date.now
  const storage = openStorage(options, opened)
  const { ledger, reports, settings, audit } = storage
  const local = await openLocalServers(options, file, settings, opened)
  const { network, backends } = local
  const { config } = backends
  const controlToken = new Secret(`sbc-${randomBytes(32).toString('base64url')}`)
  const masterKey = await openMasterKey({ ...options, config })
  const reserved = [() => controlToken, () => masterKey().secret]
  const keys = await openKeys(storage, reserved, (id) => limits.forgetKey(id))
  const prices = openPrices({ config: config.current, logger, now }, opened)
  const limits = await openGatewayLimits({ config, budgets: storage.budgets, ledger, keys, prices, logger }, opened)
  const sources = [limits.condition, network.condition, backends.condition]
  const upstreamSide = await openUpstreamSide(options, config, storage, sources, network, opened)
  const { deployments, upstream, providerSync, readEntries } = upstreamSide
  const routing = await openRouting(config, storage, prices, deployments)
  const ground = { config, ledger, prices, limits, deployments, upstream, backends, audit }
  const traffic = await openTraffic(options, ground, opened)
  const { feed } = traffic

  const place = { url: '', draining: false }
  const notices = openNotices({ ledger, limits, keys, deployments, logger }, opened)
  const state = { config, storage, keys, prices, routing, traffic, notices, deployments, place }
  const controlGround = {
    ...state,
    looked: backends.refresh,
    listBackends: backends.list,
    now,
    secretSources,
    readEntries,
  }
  const { listening, ...control } = await openControlSide(options, controlGround, opened)
  const sessions = createSessionTokens({ now })
  const server = await createHttpServer({
    version,
    now,
    monotonic: () => performance.now(),
    logger,
    config: config.current,
    configEditor: config.editor,
    snapshot: routing.snapshot,
    setSwitch: notingSwitches(routing, audit),
    auditEvents: storage.auditEvents,
    ...traffic,
    ...control,
    deployments: deployments.readings,
    providerSync,
    keys,
    admission: limits.admission,
    budgets: limits.views,
    sessions,
    masterKey,
    controlToken,
    ledger,
    reports,
    backends: backends.list,
    refreshBackends: local.refresh,
    network: network.view,
    gpus: local.gpus,
    uiDirectory: options.uiDirectory,
  })
  opened.defer(() => server.close(0))
  opened.defer(followConfig({ config, routing, feed, logger, audit }))

  const start = (port: number): void => {
    local.start(port, upstreamSide, feed)
    listening()
  }
  const started = { server, sessions, controlToken, status: control.status, feed, place, backends: { start } }
  return createAssembly(started, () => listenAddress(options, config.current().server))
}

/** The state that requests are planned by. */
async function openRouting(
  config: ConfigSource,
  storage: Storage,
  prices: PriceBook,
  deployments: GatewayDeployments,
): Promise<RoutingState> {
  const routing = await loadRoutingState({
    ...storage,
    config: config.current,
    random: Math.random,
    now: Date.now,
    conditions: {
      priceOf: (deployment) => prices.comparablePrice(deployment, Date.now()),
      condition: deployments.condition,
      bytesPerToken: deployments.board.bytesPerToken,
    },
  })
  await routing.noteConfig(config.current())
  return routing
}

/** Sets switches and keeps who did. */
function notingSwitches(routing: RoutingState, audit: AuditLog): RoutingState['setSwitch'] {
  return async (router, position) => {
    await routing.setSwitch(router, position)
    audit.note('switch.set', router, { ...position })
  }
}
