import type { AgentChoice, AgentModels, AgentPlanView, AgentState, AgentUndo, AgentView } from '../contract/agents.ts'
import type { Agent, AgentPlace, ExportFacts } from './agent.ts'
import { type AgentKeys, agentKey } from './engine/agent-key.ts'
import { chooseModels } from './engine/choose-models.ts'
import { ExportError } from './engine/export-error.ts'
import type { ExportRecord } from './engine/record.ts'
import type { Exporter } from './exporter.ts'
import type { PlannedExport } from './plan-export.ts'
import { readDrift } from './read-drift.ts'
import { agents, findAgent } from './registry.ts'

export interface AgentServiceOptions {
  readonly place: AgentPlace
  readonly exporter: Exporter
  readonly keys: AgentKeys
  readonly models: () => Promise<AgentModels>
  /** Whether a file, a folder or (without a slash) a command is there. */
  readonly exists: (sign: string) => boolean
  /** Asks a command of an agent; undefined = it is not there, or failed. */
  readonly ask: (command: readonly string[]) => Promise<string | undefined>
  /** ms since the epoch. */
  readonly now: () => number
}

/** Connects agents with a gateway and takes it back. Errors are ExportError, and whatever the keys' side throws. */
export interface AgentService {
  list(): Promise<readonly AgentView[]>
  view(id: string): Promise<AgentView>
  /** What `connect` would do. Makes no key. */
  plan(id: string, choice: AgentChoice): Promise<PlannedExport>
  connect(id: string, choice: AgentChoice): Promise<PlannedExport>
  disconnect(id: string): Promise<AgentUndo>
  /** Exports anew what is in place and outdated. @returns the agents concerned */
  resync(): Promise<readonly string[]>
}

/** How long the answer of an agent's command is good for, in ms: it changes with its version only. */
const askAgainMs = 600_000

/** Stands where a key will be: nothing has one before it is connected. */
const plannedSecret = 'sk-made-when-connected'

export function createAgentService(options: AgentServiceOptions): AgentService {
  const { exporter, keys, now, place } = options

  const answers = new Map<string, { readonly at: number; readonly answer: string | undefined }>()
  const answerOf = async ({ id, question }: Agent): Promise<string | undefined> => {
    if (question === undefined) return undefined
    const known = answers.get(id)
    if (known !== undefined && now() - known.at < askAgainMs) return known.answer
    const answer = await options.ask(question)
    answers.set(id, { at: now(), answer })
    return answer
  }
  const secretOf = (record: ExportRecord | undefined, id: string) => {
    const secret = exporter.secret(id)
    return record === undefined || secret === undefined ? undefined : { id: record.keyId, secret }
  }
  const factsFor = async (agent: Agent, choice: AgentChoice, secret: string): Promise<ExportFacts> => {
    const { url, models } = await options.models()
    const chosen = chooseModels(models, choice, exporter.record(agent.id))
    const answer = await answerOf(agent)
    return { place, url, models, ...chosen, key: { secret, file: exporter.state.key(agent.id) }, answer }
  }
  const plan = async (agent: Agent, choice: AgentChoice): Promise<PlannedExport> => {
    const record = exporter.record(agent.id)
    const facts = await factsFor(agent, choice, exporter.secret(agent.id) ?? plannedSecret)
    return exporter.plan(agent, facts, record?.keyId ?? '')
  }
  const connect = async (agent: Agent, choice: AgentChoice): Promise<PlannedExport> => {
    // Everything that can be refused is refused before there is a key.
    await plan(agent, choice)
    // Its model list is part of this export: what is named here must be in it.
    if (agent.after !== undefined) await connect(requireAgent(agent.after), after(choice, agent.after))
    if (agent.isKeyless === true) return applyKeyless(agent, choice)
    const key = await agentKey(keys, agent.id, secretOf(exporter.record(agent.id), agent.id), now())
    try {
      const planned = exporter.plan(agent, await factsFor(agent, choice, key.secret), key.id)
      exporter.apply(planned)
      return planned
    } catch (error) {
      if (key.isNew) await keys.delete(key.id)
      throw error
    }
  }
  const applyKeyless = async (agent: Agent, choice: AgentChoice): Promise<PlannedExport> => {
    const planned = await plan(agent, choice)
    if (planned.writes.length > 0) exporter.apply(planned)
    return planned
  }
  /** An agent that is connected already keeps its own models. */
  const after = (choice: AgentChoice, id: string) => (exporter.record(id) === undefined ? choice : {})
  const view = async (agent: Agent): Promise<AgentView> => {
    const record = exporter.record(agent.id)
    const { state, drift } = await stateOf(agent, record)
    return {
      id: agent.id,
      name: agent.name,
      state,
      drift: [...drift],
      files: (record?.files ?? []).map(({ path }) => path),
      model: record?.model ?? null,
      smallModel: record?.smallModel ?? null,
      keyId: record?.keyId ?? null,
      connectedAt: record?.at ?? null,
    }
  }
  const stateOf = async (
    agent: Agent,
    record: ExportRecord | undefined,
  ): Promise<{ readonly state: AgentState; readonly drift: readonly string[] }> => {
    if (record === undefined) {
      const isThere = agent.signs(place).some((sign) => options.exists(sign))
      return { state: isThere ? 'absent' : 'not installed', drift: [] }
    }
    const drift = record.files.flatMap(readDrift)
    if (drift.length > 0) return { state: 'drifted', drift }
    const { writes } = await plan(agent, {})
    const isSame = writes.every(({ before, after }) => before !== null && after !== null && before.equals(after))
    return { state: isSame ? 'in place' : 'outdated', drift }
  }

  return {
    list: () => Promise.all(agents.map(view)),
    view: (id) => view(requireAgent(id)),
    plan: (id, choice) => plan(requireAgent(id), choice),
    connect(id, choice) {
      exporter.repair()
      return connect(requireAgent(id), choice)
    },
    async disconnect(name) {
      const { id } = requireAgent(name)
      exporter.repair()
      const record = exporter.record(id)
      const { agent, files } = exporter.undo(id)
      const known = await keys.list()
      const keyRevoked = record !== undefined && known.some((key) => key.id === record.keyId)
      if (keyRevoked) await keys.delete(record.keyId)
      return { agent, files, keyRevoked, notes: [] }
    },
    resync: () => resyncAll(options, stateOf, (agent) => connect(agent, {})),
  }
}

async function resyncAll(
  { exporter, keys }: AgentServiceOptions,
  stateOf: (agent: Agent, record: ExportRecord | undefined) => Promise<{ readonly state: AgentState }>,
  connect: (agent: Agent) => Promise<unknown>,
): Promise<readonly string[]> {
  exporter.repair()
  const done: string[] = []
  const known = new Set((await keys.list()).map((key) => key.id))
  for (const agent of agents) {
    const record = exporter.record(agent.id)
    // What another gateway connected is not ours to change.
    if (record === undefined || !known.has(record.keyId)) continue
    if ((await stateOf(agent, record)).state !== 'outdated') continue
    await connect(agent)
    done.push(agent.id)
  }
  return done
}

function requireAgent(id: string): Agent {
  const found = findAgent(id)
  if (found !== undefined) return found
  throw new ExportError(
    `There is no agent "${id.slice(0, 60)}". There are: ${agents.map((agent) => agent.id).join(', ')}.`,
  )
}

/** A plan as the interface shows it. */
export function planView({ agent, record, writes, notes }: PlannedExport): AgentPlanView {
  return {
    agent: agent.id,
    model: record.model,
    smallModel: record.smallModel,
    files: writes.map(({ path, diff }) => ({ path, diff })),
    notes: [...notes],
  }
}
