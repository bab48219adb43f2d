import type { KeyStore } from './access/key-store.ts'
import { type AgentService, createAgentService } from './agents/agent-service.ts'
import { createExporter } from './agents/exporter.ts'
import { askCommand, isProcessRunning, signExists } from './agents/machine.ts'
import { agentPlace } from './agents/place.ts'
import { readModelTraits } from './config/models/model-traits.ts'
import type { AgentModels } from './contract/agents.ts'
import { costPerMillion } from './ledger/prices/cost-per-million.ts'
import type { PriceBook } from './ledger/price-book.ts'
import { agentModels } from './routing/model-facts.ts'
import type { RoutingSnapshot } from './routing/plan-types.ts'

export interface AgentsInUse {
  readonly keys: KeyStore
  readonly prices: PriceBook
  readonly snapshot: () => RoutingSnapshot
  /** Origin of the gateway, once it listens. */
  readonly url: () => string
  readonly now: () => number
}

/** The agents of the user who runs the gateway. */
export function openAgents({ keys, prices, snapshot, url, now }: AgentsInUse): {
  readonly agents: AgentService
  readonly agentModels: () => AgentModels
} {
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
  const agents = createAgentService({
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
  return { agents, agentModels: models }
}
