import type { AgentChoice, AgentModels } from '../contract/agents.ts'
import type { Agent, AgentPlace, ExportFacts } from './agent.ts'
import { chooseModels } from './engine/choose-models.ts'
import type { Exporter } from './exporter.ts'
import type { PlannedExport } from './plan-export.ts'

export interface PlannerOptions {
  readonly place: AgentPlace
  readonly exporter: Exporter
  readonly models: () => Promise<AgentModels>
  /** Asks a command of an agent; undefined = it is not there, or failed. */
  readonly ask: (command: readonly string[]) => Promise<string | undefined>
  /** ms since the epoch. */
  readonly now: () => number
}

export interface AgentPlanner {
  /** What an export would do. Makes no key: one that is not there yet is stood for. */
  plan(agent: Agent, choice: AgentChoice): Promise<PlannedExport>
  /** The same with a key. */
  planWith(
    agent: Agent,
    choice: AgentChoice,
    key: { readonly id: string; readonly secret: string },
  ): Promise<PlannedExport>
}

/** Stands where a key will be: nothing has one before it is connected. */
export const plannedSecret = 'sk-made-when-connected'

/** How long the answer of an agent's command is good for, in ms: it changes with its version only. */
const askAgainMs = 600_000

export function createAgentPlanner(options: PlannerOptions): AgentPlanner {
  const { exporter, now, place } = options
  const answers = new Map<string, { readonly at: number; readonly answer: string | undefined }>()

  const answerOf = async ({ id, question }: Agent): Promise<string | undefined> => {
    if (question === undefined) return undefined
    const known = answers.get(id)
    if (known !== undefined && now() - known.at < askAgainMs) return known.answer
    const answer = await options.ask(question)
    answers.set(id, { at: now(), answer })
    return answer
  }
  const lastExport = ({ id }: Agent) => exporter.record(id) ?? exporter.resting.of(id)
  const factsFor = async (agent: Agent, choice: AgentChoice, secret: string): Promise<ExportFacts> => {
    const { url, models } = await options.models()
    const chosen = chooseModels(models, choice, lastExport(agent))
    const key = { secret, file: exporter.state.key(agent.id) }
    return { place, url, models, ...chosen, key, answer: await answerOf(agent) }
  }

  return {
    async plan(agent, choice) {
      const facts = await factsFor(agent, choice, exporter.secret(agent.id) ?? plannedSecret)
      return exporter.plan(agent, facts, lastExport(agent)?.keyId ?? '')
    },
    async planWith(agent, choice, { id, secret }) {
      return exporter.plan(agent, await factsFor(agent, choice, secret), id)
    },
  }
}
