import type { KeyList, KeyView } from '../contract/keys.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { requireGateway } from './find-gateway.ts'
import { type KeyOptions, readKeyOptions } from './key-options.ts'
import { formatNanoUsd } from './money.ts'
import { textTable } from './text-table.ts'

/** Prints the master key and nothing else, so that `$(… keys show)` can be used in a command. */
export async function keysShow(context: CommandContext): CommandResult {
  const { client } = await requireGateway(context.paths)
  const answer = await client.masterKey()
  await context.print(context.json ? JSON.stringify(answer) : answer.key)
  return 0
}

export async function keysList(context: CommandContext): CommandResult {
  const { client } = await requireGateway(context.paths)
  const { keys } = await client.keys()
  if (context.json) {
    await context.print(JSON.stringify({ keys }))
    return 0
  }
  if (keys.length === 0) {
    context.note('There are no keys beside the master key. `keys create` makes one.')
    return 0
  }
  const rows = keys.map((key) => [
    key.alias ?? '',
    key.kind,
    key.name,
    key.models.length === 0 ? 'all models' : key.models.join(', '),
    describeState(key),
    describeBudget(key),
    describeLimits(key),
    key.id.slice(0, 12),
  ])
  const head = ['ALIAS', 'KIND', 'KEY', 'MODELS', 'STATE', 'SPENT', 'LIMITS', 'ID']
  for (const line of textTable([head, ...rows])) await context.print(line)
  return 0
}

function describeState(key: KeyView): string {
  if (key.blocked) return 'blocked'
  if (key.expiresAt === null) return 'good'
  const day = new Date(key.expiresAt).toISOString().slice(0, 10)
  return key.expiresAt < Date.now() ? `expired ${day}` : `until ${day}`
}

/** `$0.12 of $5.00 monthly`. */
function describeBudget({ budget }: KeyView): string {
  const spent = formatNanoUsd(budget.spentNanoUsd)
  const of = budget.maxNanoUsd === null ? '' : ` of ${formatNanoUsd(budget.maxNanoUsd)}`
  return `${spent}${of}${budget.duration === null ? '' : ` ${budget.duration}`}`
}

function describeLimits({ rpm, tpm, maxParallel }: KeyView): string {
  const limits = [
    rpm === null ? '' : `${rpm} rpm`,
    tpm === null ? '' : `${tpm} tpm`,
    maxParallel === null ? '' : `${maxParallel} at a time`,
  ]
  return limits.filter((limit) => limit !== '').join(', ')
}

export interface KeysCreateOptions extends KeyOptions {
  readonly management?: boolean
}

export async function keysCreate(context: CommandContext, options: KeysCreateOptions): CommandResult {
  const kind = options.management === true ? 'management' : 'virtual'
  const wanted = { kind, ...readKeyOptions(options) } as const
  const { client } = await requireGateway(context.paths)
  const created = await client.createKey(wanted)
  await context.print(context.json ? JSON.stringify(created) : created.key)
  if (!context.json) context.note('This key is shown once: keep it now.')
  return 0
}

export async function keysUpdate(context: CommandContext, which: string, options: KeyOptions): CommandResult {
  const change = readKeyOptions(options)
  if (Object.keys(change).length === 0) throw new CommandFailure('Say what to change: `keys update --help` lists it.')
  const { client } = await requireGateway(context.paths)
  const view = await client.changeKey(findKey(await client.keys(), which).id, change)
  return tell(context, view, 'changed')
}

export async function keysSetBlocked(context: CommandContext, which: string, blocked: boolean): CommandResult {
  const { client } = await requireGateway(context.paths)
  const { id } = findKey(await client.keys(), which)
  const view = blocked ? await client.blockKey(id) : await client.unblockKey(id)
  return tell(context, view, blocked ? 'blocked' : 'unblocked')
}

export async function keysRegenerate(context: CommandContext, which: string): CommandResult {
  const { client } = await requireGateway(context.paths)
  const renewed = await client.regenerateKey(findKey(await client.keys(), which).id)
  await context.print(context.json ? JSON.stringify(renewed) : renewed.key)
  if (!context.json) context.note('This key is shown once: keep it now. The one before it is refused from now on.')
  return 0
}

export async function keysRevoke(context: CommandContext, which: string): CommandResult {
  const { client } = await requireGateway(context.paths)
  const found = findKey(await client.keys(), which)
  const answer = await client.deleteKey(found.id)
  await context.print(context.json ? JSON.stringify(answer) : `revoked ${found.alias ?? found.name} (${found.id})`)
  return 0
}

async function tell(context: CommandContext, view: KeyView, what: string): CommandResult {
  await context.print(context.json ? JSON.stringify(view) : `${what} ${view.alias ?? view.name} (${view.id})`)
  return 0
}

/** By an id, the beginning of one (8 characters or more) or an alias; refuses when that means several keys. */
function findKey({ keys }: KeyList, which: string): KeyView {
  const [found, ...others] = keys.filter(
    (key) => key.id === which || key.alias === which || (which.length >= 8 && key.id.startsWith(which)),
  )
  if (found === undefined) throw new CommandFailure('No key has that id or alias. `keys list` shows them.')
  if (others.length === 0) return found
  throw new CommandFailure(
    `${others.length + 1} keys have that id or alias. Name one by its id: \`keys list\` shows them.`,
  )
}
