import type { AgentChoice, AgentPlanView, AgentState, AgentUndo, AgentView } from '../contract/agents.ts'
import type { Agent } from './agent.ts'
import { type AgentPlanner, createAgentPlanner, type PlannerOptions } from './agent-planner.ts'
import { type AgentKeys, agentKey, isWorking, keyTrouble } from './engine/agent-key.ts'
import { ExportError } from './engine/export-error.ts'
import type { ExportRecord } from './engine/record.ts'
import type { PlannedExport } from './plan-export.ts'
import { readDrift } from './read-drift.ts'
import { agents, findAgent } from './registry.ts'

export interface AgentServiceOptions extends PlannerOptions {
  readonly keys: AgentKeys
  /** Whether a file, a folder or (without a slash) a command is there. */
  readonly exists: (sign: string) => boolean
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
  /** Takes back what this gateway has exported, for the time that it does not run; keys stay. @returns the agents concerned */
  rest(): Promise<readonly string[]>
  /** Connects again what rests, with its models and its key. @returns the agents concerned */
  wake(): Promise<readonly string[]>
}

export function createAgentService(options: AgentServiceOptions): AgentService {
  const planner = createAgentPlanner(options)
  const { exporter, keys } = options
  const view = (agent: Agent) => viewOf(options, planner, agent)
  return {
    list: () => Promise.all(agents.map(view)),
    view: (id) => view(requireAgent(id)),
    plan: (id, choice) => planner.plan(requireAgent(id), choice),
    connect(id, choice) {
      exporter.repair()
      return connect(options, planner, requireAgent(id), choice)
    },
    async disconnect(name) {
      const { id } = requireAgent(name)
      exporter.repair()
      const record = exporter.record(id)
      const { agent, files } = exporter.undo(id)
      const known = await keys.list()
      const keyRevoked = record !== undefined && known.some((key) => key.id === record.keyId)
      if (keyRevoked) await keys.delete(record.keyId)
      return { agent, files, keyRevoked, notes: notesOn(options, id) }
    },
    async resync() {
      exporter.repair()
      // What another gateway connected is not ours to change, and a key that somebody stopped stays stopped.
      const owns = ownership(options, await workingKeys(options))
      const ours = agents.filter((agent) => owns(agent, readableRecord(options, agent.id)))
      const stateNow = async (agent: Agent) => (await stateOf(options, planner, agent, exporter.record(agent.id))).state
      // What stands on another agent's export comes after it, and waits while that one is as somebody edited it.
      return forEachAgent(ours.toSorted(dependentsFirst).toReversed(), async (agent) => {
        if ((await stateNow(agent)) !== 'outdated') return false
        if (agent.after !== undefined && (await stateNow(requireAgent(agent.after))) !== 'in place') return false
        await connect(options, planner, agent, {})
        return true
      })
    },
    async rest() {
      exporter.repair()
      const owns = ownership(options, new Set((await keys.list()).map((key) => key.id)))
      // What stands on another agent's export goes before it.
      const inPlace = agents.filter((agent) => owns(agent, readableRecord(options, agent.id))).toSorted(dependentsFirst)
      return forEachAgent(inPlace, ({ id }) => {
        exporter.rest(id)
        return true
      })
    },
    async wake() {
      exporter.repair()
      const owns = ownership(options, await workingKeys(options))
      const resting = agents.filter((agent) => owns(agent, exporter.resting.of(agent.id)))
      return forEachAgent(resting.toSorted(dependentsFirst).toReversed(), async (agent) => {
        // One that is in place was connected by hand meanwhile.
        if (exporter.record(agent.id) === undefined) await connect(options, planner, agent, {})
        exporter.resting.forget(agent.id)
        return true
      })
    },
  }
}

/**
 * One agent whose files are in the way does not keep the others back. @param work false = nothing was to be done
 * @returns those that went well @throws the first failure
 */
async function forEachAgent(
  some: readonly Agent[],
  work: (agent: Agent) => Promise<boolean> | boolean,
): Promise<readonly string[]> {
  const done: string[] = []
  let failure: { readonly error: unknown } | undefined
  for (const agent of some) {
    try {
      if (await work(agent)) done.push(agent.id)
    } catch (error) {
      failure ??= { error }
    }
  }
  if (failure !== undefined) throw failure.error
  return done
}

function dependentsFirst(one: Agent, other: Agent): number {
  return Number(other.after !== undefined) - Number(one.after !== undefined)
}

/** The keys that are neither blocked nor expired. */
async function workingKeys({ keys, now }: AgentServiceOptions): Promise<ReadonlySet<string>> {
  const known = await keys.list()
  return new Set(known.filter((key) => isWorking(key, now())).map(({ id }) => id))
}

/** Whether an export is this gateway's: by its key, and where it has none, by the agent that it stands on. */
function ownership(options: AgentServiceOptions, known: ReadonlySet<string>) {
  return ({ after }: Agent, found: { readonly keyId: string } | undefined): boolean => {
    if (found === undefined) return false
    if (found.keyId !== '') return known.has(found.keyId)
    const base =
      after === undefined ? undefined : (readableRecord(options, after) ?? options.exporter.resting.of(after))
    return base !== undefined && known.has(base.keyId)
  }
}

/** A damaged record is told of where its agent is shown; for the others it is as if there were none. */
function readableRecord({ exporter }: AgentServiceOptions, agent: string): ExportRecord | undefined {
  try {
    return exporter.record(agent)
  } catch (error) {
    if (error instanceof ExportError) return undefined
    throw error
  }
}

/** What stands on an agent that was disconnected leads nowhere now. */
function notesOn(options: AgentServiceOptions, agent: string): string[] {
  const standing = agents.filter(({ id, after }) => after === agent && readableRecord(options, id) !== undefined)
  return standing.map(
    ({ id, name }) => `${name} still names its models: take it back too (\`signalbox export ${id} --undo\`).`,
  )
}

async function connect(
  options: AgentServiceOptions,
  planner: AgentPlanner,
  agent: Agent,
  choice: AgentChoice,
): Promise<PlannedExport> {
  const { exporter, keys, now } = options
  // Everything that can be refused is refused before there is a key.
  const first = await planner.plan(agent, choice)
  if (agent.after !== undefined) {
    // The list of models of the other agent is part of this export. One that is connected keeps its own choice.
    const others = exporter.record(agent.after) === undefined ? choice : {}
    await connect(options, planner, requireAgent(agent.after), others)
  }
  if (agent.isKeyless === true) {
    if (first.writes.length === 0) return first
    const planned = await planner.plan(agent, choice)
    exporter.apply(planned)
    return planned
  }
  const key = await agentKey(keys, agent.id, keyBefore(options, agent), now())
  try {
    const planned = await planner.planWith(agent, choice, key)
    exporter.apply(planned)
    return planned
  } catch (error) {
    if (key.isNew) await keys.delete(key.id)
    throw error
  }
}

function keyBefore({ exporter }: AgentServiceOptions, { id }: Agent) {
  const before = exporter.record(id) ?? exporter.resting.of(id)
  const secret = exporter.secret(id)
  return before === undefined || secret === undefined ? undefined : { id: before.keyId, secret }
}

async function viewOf(options: AgentServiceOptions, planner: AgentPlanner, agent: Agent): Promise<AgentView> {
  const { record, state, drift } = await readState(options, planner, agent)
  return {
    id: agent.id,
    name: agent.name,
    kind: agent.kind ?? 'agent',
    state,
    drift: [...drift],
    files: (record?.files ?? []).map(({ path }) => path),
    model: record?.model ?? null,
    smallModel: record?.smallModel ?? null,
    hasOwnKey: agent.isKeyless !== true,
    keyId: record === undefined || record.keyId === '' ? null : record.keyId,
    connectedAt: record?.at ?? null,
  }
}

/** One agent whose record or files are damaged must not hide the others: its sentence stands where its drift would. */
async function readState(options: AgentServiceOptions, planner: AgentPlanner, agent: Agent) {
  let record: ExportRecord | undefined
  try {
    record = options.exporter.record(agent.id)
    return { record, ...(await stateOf(options, planner, agent, record)) }
  } catch (error) {
    if (!(error instanceof ExportError)) throw error
    return { record, state: 'drifted' as const, drift: [error.message] }
  }
}

async function stateOf(
  { place, exists, exporter, keys, now }: AgentServiceOptions,
  planner: AgentPlanner,
  agent: Agent,
  record: ExportRecord | undefined,
): Promise<{ readonly state: AgentState; readonly drift: readonly string[] }> {
  if (record === undefined) {
    return { state: agent.signs(place).some((sign) => exists(sign)) ? 'absent' : 'not installed', drift: [] }
  }
  const drift = record.files.flatMap(readDrift)
  if (drift.length > 0) return { state: 'drifted', drift }
  const key = record.keyId === '' ? undefined : (await keys.list()).find(({ id }) => id === record.keyId)
  const trouble = record.keyId === '' ? undefined : keyTrouble(key, now())
  if (trouble !== undefined) return { state: 'outdated', drift: [trouble] }
  if (agent.after !== undefined && exporter.record(agent.after) === undefined) {
    return { state: 'outdated', drift: [`${agent.after}, which it speaks through, is not connected`] }
  }
  const { writes } = await planner.plan(agent, {})
  const isSame = writes.every(({ before, after }) => before !== null && after !== null && before.equals(after))
  return { state: isSame ? 'in place' : 'outdated', drift }
}

function requireAgent(id: string): Agent {
  const found = findAgent(id)
  if (found !== undefined) return found
  const known = agents.map((agent) => agent.id).join(', ')
  throw new ExportError(`There is no agent "${id.slice(0, 60)}". There are: ${known}.`)
}

/** A plan as the interface shows it. */
export function planView({ agent, record, writes, changed, notes, snippet }: PlannedExport): AgentPlanView {
  return {
    agent: agent.id,
    model: record.model,
    smallModel: record.smallModel,
    files: writes.map(({ path, diff }) => ({ path, diff })),
    changed: [...changed],
    notes: [...notes],
    snippet: snippet ?? null,
  }
}
