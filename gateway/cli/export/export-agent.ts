import { type AgentService, createAgentService, planView } from '../../agents/agent-service.ts'
import { plannedSecret } from '../../agents/agent-planner.ts'
import { ExportError } from '../../agents/engine/export-error.ts'
import { createExporter } from '../../agents/exporter.ts'
import { askCommand, isProcessRunning, signExists } from '../../agents/machine.ts'
import { agentPlace } from '../../agents/place.ts'
import type { PlannedExport } from '../../agents/plan-export.ts'
import { findAgent } from '../../agents/registry.ts'
import type { AgentView } from '../../contract/agents.ts'
import type { ControlClient } from '../../contract/control-client.ts'
import type { CommandContext, CommandResult } from '../command-context.ts'
import { CommandFailure } from '../command-failure.ts'
import { findGateway, requireGateway } from '../find-gateway.ts'
import { textTable } from '../text-table.ts'

export interface ExportOptions {
  readonly model?: string
  readonly smallModel?: string
  readonly dryRun?: boolean
  readonly print?: boolean
  readonly undo?: boolean
  readonly status?: boolean
  readonly resync?: boolean
  readonly home?: string
  readonly url?: string
}

/** Connects an agent with the running gateway, shows it, or takes it back. The files are those of whoever runs the command. */
export async function exportAgent(
  context: CommandContext,
  agent: string | undefined,
  options: ExportOptions,
): CommandResult {
  const modes = [options.dryRun, options.print, options.undo, options.status, options.resync]
  if (modes.filter((mode) => mode === true).length > 1) {
    throw new CommandFailure('Give one of --dry-run, --print, --undo, --status and --resync.')
  }
  if (options.home?.trim() === '') throw new CommandFailure('--home is empty; name a folder.')
  const running = options.undo === true ? await findGateway(context.paths) : await requireGateway(context.paths)
  const service = openService(context, running?.client, options)
  try {
    if (options.resync === true) return await resync(context, service)
    if (agent === undefined) return await list(context, service, options)
    if (options.status === true) return await status(context, service, agent)
    if (options.undo === true) return await undo(context, service, agent, running !== undefined)
    return await connect(context, service, agent, options)
  } catch (error) {
    if (error instanceof ExportError) throw new CommandFailure(error.message)
    throw error
  }
}

/** @param client undefined = no gateway runs: then the files can be taken back, and no more */
function openService(context: CommandContext, client: ControlClient | undefined, options: ExportOptions): AgentService {
  const { environment } = context
  const place = agentPlace(environment, options.home)
  const exporter = createExporter({ place, now: Date.now, pid: process.pid, isRunning: isProcessRunning })
  return createAgentService({
    place,
    exporter,
    now: Date.now,
    models: async () => {
      const answer = await (client ?? noGateway()).agentModels()
      return { ...answer, url: originOf(options.url) ?? answer.url }
    },
    exists: (sign) => signExists(sign, environment, place.platform),
    ask: (command) => askCommand(command, environment, place.platform),
    keys: {
      list: async () => (client === undefined ? [] : (await client.keys()).keys),
      create: async (key) => {
        const made = await (client ?? noGateway()).createKey(key)
        return { id: made.view.id, secret: made.key }
      },
      unblock: (id) => (client ?? noGateway()).unblockKey(id),
      delete: (id) => (client ?? noGateway()).deleteKey(id),
    },
  })
}

function noGateway(): never {
  throw new CommandFailure('No gateway runs.')
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/u.test(url.protocol) && url.username === '') return url.origin
  throw new CommandFailure('--url is no origin such as http://127.0.0.1:4000.')
}

async function list(context: CommandContext, service: AgentService, options: ExportOptions): CommandResult {
  const asked = options.status === true || Object.keys(options).every((name) => !workingOptions.has(name))
  if (!asked) throw new CommandFailure('Name the agent: `export <agent>`. `export` alone lists them.')
  const agents = await service.list()
  if (context.json) {
    await context.print(JSON.stringify({ agents }))
    return 0
  }
  const rows = agents.map(({ id, name, state, model }) => [id, name, state, model ?? ''])
  for (const line of textTable([['AGENT', 'NAME', 'STATE', 'MODEL'], ...rows])) await context.print(line)
  return 0
}

const workingOptions = new Set(['model', 'smallModel', 'dryRun', 'print', 'undo'])

async function status(context: CommandContext, service: AgentService, agent: string): CommandResult {
  const view = await service.view(agent)
  if (context.json) await context.print(JSON.stringify(view))
  else for (const line of statusLines(view)) await context.print(line)
  return 0
}

function statusLines({ id, state, drift, files, model, smallModel }: AgentView): string[] {
  return [
    `${id}: ${state}`,
    ...(model === null ? [] : [`  model ${model}, small model ${smallModel ?? model}`]),
    ...files.map((path) => `  ${path}`),
    ...drift.map((place) => `  changed since: ${place}`),
    ...(state === 'outdated' || state === 'drifted'
      ? [`  \`export ${id}\` puts it right, \`export ${id} --undo\` takes it back.`]
      : []),
  ]
}

/** The files are this user's, so they need no gateway. The key does: without one it stays, and that is said. */
async function undo(context: CommandContext, service: AgentService, agent: string, isRunning: boolean): CommandResult {
  const done = await service.disconnect(agent)
  const keyStays = !isRunning && findAgent(agent)?.isKeyless !== true
  const notes = keyStays ? ['No gateway runs, so its key is not revoked: `signalbox keys` shows it once one does.'] : []
  const result = { ...done, notes: [...done.notes, ...notes] }
  if (context.json) {
    await context.print(JSON.stringify(result))
    return 0
  }
  for (const { path, outcome, kept } of result.files) {
    await context.print(`${outcome} ${path}`)
    for (const place of kept) await context.print(`  your edit stays: ${place}`)
  }
  if (result.keyRevoked) await context.print('revoked its key')
  for (const note of result.notes) context.note(note)
  return 0
}

async function resync(context: CommandContext, service: AgentService): CommandResult {
  const done = await service.resync()
  await context.print(context.json ? JSON.stringify({ agents: done }) : `exported anew: ${done.join(', ') || 'none'}`)
  return 0
}

async function connect(
  context: CommandContext,
  service: AgentService,
  agent: string,
  options: ExportOptions,
): CommandResult {
  const { model, smallModel } = options
  const choice = { ...(model === undefined ? {} : { model }), ...(smallModel === undefined ? {} : { smallModel }) }
  if (options.print === true) return printFiles(context, await service.plan(agent, choice))
  const isDry = options.dryRun === true
  const planned = isDry ? await service.plan(agent, choice) : await service.connect(agent, choice)
  const view = planView(planned)
  if (context.json) {
    await context.print(JSON.stringify({ ...view, dryRun: isDry }))
    return 0
  }
  for (const { path, diff } of view.files) {
    if (diff === '') await context.print(`unchanged ${path}`)
    else if (isDry) await context.print(diff.trimEnd())
    else await context.print(`wrote ${path}`)
  }
  for (const { backup } of planned.writes) {
    if (backup !== undefined && !isDry) await context.print(`kept the old one as ${backup.path}`)
  }
  if (planned.snippet !== undefined) await context.print(planned.snippet)
  const undoing = isDry ? [] : [`\`export ${agent} --undo\` takes it back.`]
  for (const note of [...view.notes, ...undoing]) context.note(note)
  return 0
}

/** For whoever puts the files in place by other means. The key is never in it, be there one or not. */
async function printFiles(context: CommandContext, { writes, snippet, notes }: PlannedExport): CommandResult {
  const secret = writes.find(({ holdsKeyOnly }) => holdsKeyOnly)?.after?.toString('utf8')
  const files = writes
    .filter(({ holdsKeyOnly }) => !holdsKeyOnly)
    .map(({ path, after, mode }) => {
      const text = after?.toString('utf8') ?? ''
      const content = secret === undefined ? text : text.replaceAll(secret, plannedSecret)
      return { path, mode: mode.toString(8), content }
    })
  if (context.json) {
    await context.print(JSON.stringify({ files, ...(snippet === undefined ? {} : { snippet }) }))
    return 0
  }
  for (const { path, content } of files) {
    if (files.length > 1) await context.print(`# ${path}`)
    else context.note(path)
    await context.print(content.trimEnd())
  }
  if (snippet !== undefined) await context.print(snippet)
  for (const note of notes) context.note(note)
  return 0
}
