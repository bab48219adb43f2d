import type { KeyStore } from '../access/key-store.ts'
import { openAgents } from '../agents-in-use.ts'
import type { ConfigSource } from '../config/config-source.ts'
import type { GatewayDeployments } from '../gateway-deployments.ts'
import { openMaintenance } from '../gateway-maintenance.ts'
import type { GatewayOptions } from '../gateway-options.ts'
import { createStatusReader } from '../gateway-status.ts'
import type { DeskDependencies } from '../http/desk-dependencies.ts'
import type { HttpDependencies } from '../http/http-dependencies.ts'
import type { PriceBook } from '../ledger/price-book.ts'
import { openModelsInUse } from '../models-in-use.ts'
import { loadPauseState } from '../pause-state.ts'
import { createReplays, replayTask } from '../replay/run-replay.ts'
import type { RoutingState } from '../routing-state.ts'
import type { Storage } from './storage.ts'
import type { Traffic } from './traffic.ts'

/** What the control API stands on besides the traffic itself. */
export interface ControlSide
  extends Pick<HttpDependencies, 'status' | 'agents' | 'agentModels' | 'reprice' | keyof DeskDependencies> {
  /** To be called once the gateway listens. */
  readonly listening: () => void
}

export interface ControlGround {
  readonly config: ConfigSource
  readonly storage: Storage
  readonly keys: KeyStore
  readonly prices: PriceBook
  readonly routing: RoutingState
  readonly traffic: Traffic
  readonly notices: () => readonly string[]
  readonly deployments: Pick<GatewayDeployments, 'vanishedModels'>
  readonly place: { readonly url: string; readonly draining: boolean }
  /** Settles when the local servers were looked for. */
  readonly looked: () => Promise<unknown>
  /** ms since the epoch. */
  readonly now: () => number
}

export async function openControlSide(
  { logger, version }: GatewayOptions,
  { config, storage, keys, prices, routing, traffic, notices, deployments, place, looked, now }: ControlGround,
  opened: AsyncDisposableStack,
): Promise<ControlSide> {
  const { settings, audit, ledger } = storage
  const { feed, relay } = traffic
  const pause = await loadPauseState({ settings, audit, now, onChange: () => feed.statusChanged() })
  const ground = { relay, ledger, routing, pause, notices, deployments, place }
  const status = createStatusReader({ version, now, config, ...ground })
  const snapshot = () => routing.snapshot(undefined)
  const agentsInUse = openAgents(
    { config, audit, looked, logger, keys, prices, snapshot, url: () => place.url, now },
    opened,
  )
  const { reprice } = openMaintenance({ ...storage, config: config.current, logger, now }, opened)
  const models = openModelsInUse({ reports: storage.reports, prices, snapshot, logger, now })
  const { labels } = storage
  const decideAgain = createReplays(storage.databasePath)
  const replay: ControlSide['replay'] = (order) => decideAgain(replayTask(config.current(), order))
  return { replay, pause, status, reprice, labels, priceOf: prices.price, ...agentsInUse, ...models }
}
