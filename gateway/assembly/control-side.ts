import { homedir } from 'node:os'
import type { KeyStore } from '../access/key-store.ts'
import { openAgents } from '../agents-in-use.ts'
import { readCatalogue } from '../config/providers/catalogue.ts'
import type { BackendList } from '../contract/backends.ts'
import type { ConfigSource } from '../config/config-source.ts'
import type { GatewayDeployments } from '../gateway-deployments.ts'
import { openMaintenance } from '../gateway-maintenance.ts'
import type { GatewayOptions } from '../gateway-options.ts'
import { createStatusReader } from '../gateway-status.ts'
import type { DeskDependencies } from '../http/desk-dependencies.ts'
import type { HttpDependencies } from '../http/http-dependencies.ts'
import type { PriceBook } from '../ledger/price-book.ts'
import { openModelsInUse } from '../models-in-use.ts'
import type { ModelEntriesReader } from '../providers/model-list.ts'
import { loadPauseState } from '../pause-state.ts'
import { findLitellm, findStacks } from '../litellm-nearby.ts'
import { openSetup } from '../setup-in-use.ts'
import { openSecretsInUse } from '../secrets-in-use.ts'
import type { ChosenStore } from '../secrets/chosen-store.ts'
import type { SecretLookup } from '../secrets/secret-lookup.ts'
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

/** Where the values of variables come from. */
export interface SecretSources {
  readonly lookup: SecretLookup
  readonly store: ChosenStore
}

export interface ControlGround {
  readonly config: ConfigSource
  readonly storage: Storage
  readonly keys: KeyStore
  readonly prices: PriceBook
  readonly routing: RoutingState
  readonly traffic: Traffic
  readonly secretSources: SecretSources
  readonly readEntries: ModelEntriesReader
  readonly listBackends: () => BackendList
  readonly notices: () => readonly string[]
  readonly deployments: Pick<GatewayDeployments, 'vanishedModels'>
  readonly place: { readonly url: string; readonly draining: boolean }
  /** Settles when the local servers were looked for. */
  readonly looked: () => Promise<unknown>
  /** ms since the epoch. */
  readonly now: () => number
}

export async function openControlSide(
  options: GatewayOptions,
  ground: ControlGround,
  opened: AsyncDisposableStack,
): Promise<ControlSide> {
  const { config, storage, keys, prices, routing, traffic, notices, place, looked, now } = ground
  const { environment, logger, version } = options
  const { settings, audit, ledger, labels } = storage
  const { feed, relay } = traffic
  const pause = await loadPauseState({ settings, audit, now, onChange: () => feed.statusChanged() })
  const { deployments } = ground
  const told = { relay, ledger, routing, pause, notices, deployments, place }
  const status = createStatusReader({ version, now, config, ...told })
  const snapshot = () => routing.snapshot(undefined)
  const agentsInUse = openAgents(
    { config, audit, looked, logger, keys, prices, snapshot, url: () => place.url, now },
    opened,
  )
  const { reprice } = openMaintenance({ ...storage, config: config.current, logger, now }, opened)
  const models = openModelsInUse({ reports: storage.reports, prices, snapshot, logger, now })
  const decideAgain = createReplays(storage.databasePath)
  const replay: ControlSide['replay'] = (order) => decideAgain(replayTask(config.current(), order))
  const { readEntries, secretSources } = ground
  const secretParts = { ...secretSources, config, environment, logger, settings, audit, readEntries }
  const { secrets, fetchStored } = await openSecretsInUse(secretParts)
  const listening = (): void => {
    agentsInUse.listening()
    fetchStored()
  }
  const priceOf: ControlSide['priceOf'] = (deployment, usage, at) => prices.price(deployment, usage, at)
  const setup = firstRunOf(options, ground, { ...agentsInUse, ...models })
  return { ...agentsInUse, ...models, listening, setup, replay, secrets, pause, status, reprice, labels, priceOf }
}

/** Where LiteLLM listens unless told otherwise. */
const litellmPort = 4000

function firstRunOf(
  { configPath, discovery, environment }: GatewayOptions,
  { config, storage, routing, place, listBackends, secretSources }: ControlGround,
  { agents, modelFacts, modelPrice }: Pick<ControlSide, 'agents' | 'modelFacts' | 'modelPrice'>,
): ControlSide['setup'] {
  const mayLook = (): boolean =>
    discovery !== false &&
    (discovery === true || discovery.includes(litellmPort)) &&
    config.current().signalbox.discovery === 'loopback'
  return openSetup({
    config,
    catalogue: readCatalogue(),
    settings: storage.settings,
    agents,
    modelFacts,
    modelPrice,
    environment,
    backends: listBackends,
    snapshot: () => routing.snapshot(undefined),
    lookup: secretSources.lookup.lookup,
    wasAsked: async () => (await storage.ledger.recent(1)).length > 0,
    stacks: () => findStacks(environment['HOME'] ?? homedir(), process.cwd(), configPath),
    litellm: async () => (mayLook() ? findLitellm(litellmPort) : null),
    url: () => place.url,
  })
}
