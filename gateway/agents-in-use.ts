import type { AuditLog } from './access/audit-log.ts'
import type { KeyStore } from './access/key-store.ts'
import { type AgentService, createAgentService } from './agents/agent-service.ts'
import { createExporter } from './agents/exporter.ts'
import { askCommand, isProcessRunning, signExists } from './agents/machine.ts'
import { agentPlace } from './agents/place.ts'
import { auditedAgents } from './audited-agents.ts'
import type { ConfigSource } from './config/config-source.ts'
import { readModelTraits } from './config/models/model-traits.ts'
import type { AgentModels } from './contract/agents.ts'
import { costPerMillion } from './ledger/prices/cost-per-million.ts'
import type { PriceBook } from './ledger/price-book.ts'
import type { Logger } from './logging/logger.ts'
import { agentModels } from './routing/model-facts.ts'
import type { RoutingSnapshot } from './routing/plan-types.ts'

export interface AgentsInUse {
  readonly config: ConfigSource
  readonly audit: AuditLog
  /** Settles when the local servers were looked for: without their models an export would be poorer than before. */
  readonly looked: () => Promise<unknown>
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly keys: KeyStore
  readonly prices: PriceBook
  readonly snapshot: () => RoutingSnapshot
  /** Origin of the gateway, once it listens. */
  readonly url: () => string
  readonly now: () => number
}

/** The agents of the user who runs the gateway. They follow its models until `opened` is closed. */
export function openAgents(
  parts: AgentsInUse,
  opened: AsyncDisposableStack,
): {
  readonly agents: AgentService
  readonly agentModels: () => AgentModels
  /** To be called once the gateway listens: files that were written for another port or other models are written anew. */
  readonly listening: () => void
} {
  const { keys, prices, snapshot, url, now } = parts
  const traits = readModelTraits()
  const models = (): AgentModels => ({
    url: url(),
    models: agentModels(snapshot(), {
      traits,
      costOf: (deployment) => costPerMillion(prices, deployment, now()),
    }),
  })
  const environment = process.env
  const place = agentPlace(environment, undefined)
  const exporter = createExporter({ place, now, pid: process.pid, isRunning: isProcessRunning })
  const unaudited = createAgentService({
    place,
    exporter,
    now,
    models: () => Promise.resolve(models()),
    exists: (sign) => signExists(sign, environment, place.platform),
    ask: (command) => askCommand(command, environment, place.platform),
    keys: {
      list: () => Promise.resolve(keys.list()),
      create: async ({ alias, agent }) => {
        const { key, stored } = await keys.create({ alias, settings: { agent } })
        return { id: stored.id, secret: key }
      },
      unblock: (id) => keys.update(id, { blocked: false }),
      delete: (id) => keys.delete(id),
    },
  })
  const agents = auditedAgents(unaudited, parts.audit)
  repairAtStart(() => exporter.repair(), parts)
  const following = followModels(agents, parts)
  opened.defer(async () => {
    await following.stop()
    if (parts.config.current().signalbox.restoreAgentsOnQuit === true) await restAgents(agents, parts)
  })
  const listening = (): void => {
    if (exporter.hasExports()) void parts.looked().then(following.look, following.look)
  }
  return { agents, agentModels: models, listening }
}

/** What a killed process left half done is put right. Files that cannot be reached now must not keep the gateway from starting. */
function repairAtStart(repair: () => void, { logger }: AgentsInUse): void {
  try {
    repair()
  } catch (failure) {
    logger.warn({ err: failure }, 'files of agents that an interrupted export left could not be put right')
  }
}

/** Files that cannot be put back now keep the export; the gateway ends all the same. */
async function restAgents(agents: AgentService, { logger }: AgentsInUse): Promise<void> {
  try {
    const done = await agents.rest()
    if (done.length > 0)
      logger.info({ agents: done }, 'the files of connected agents are as before until the next start')
  } catch (failure) {
    logger.warn({ err: failure }, 'files of connected agents could not be put back')
  }
}

/** Exports anew what is outdated whenever the config or the local servers change, one round at a time. `look` asks for a round now. */
function followModels(
  agents: AgentService,
  { config, logger, url }: AgentsInUse,
): { readonly look: () => void; readonly stop: () => Promise<void> } {
  let last: Promise<void> = Promise.resolve()
  let isWaiting = false
  let isStopped = false
  const round = async (): Promise<void> => {
    isWaiting = false
    // Before it listens there is no address to export.
    if (url() === '') return
    try {
      const woken = await agents.wake()
      if (woken.length > 0) logger.info({ agents: woken }, 'agents that rested are connected again')
      if (config.current().signalbox.agentResync === 'off') return
      const done = await agents.resync()
      if (done.length > 0) logger.info({ agents: done }, 'connected agents have the new models')
    } catch (failure) {
      logger.warn({ err: failure }, 'connected agents keep the models they had')
    }
  }
  const look = (): void => {
    if (isWaiting || isStopped) return
    isWaiting = true
    last = last.then(round)
  }
  const unsubscribe = config.onChange(look)
  const stop = (): Promise<void> => {
    isStopped = true
    unsubscribe()
    // A round that is under way would write files anew behind the one that follows.
    return last
  }
  return { look, stop }
}
