import type { KeyView, NewKey } from '../contract/keys.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { readDuration } from './duration.ts'
import { requireGateway } from './find-gateway.ts'
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
    key.id.slice(0, 12),
  ])
  for (const line of textTable([['ALIAS', 'KIND', 'KEY', 'MODELS', 'STATE', 'ID'], ...rows])) await context.print(line)
  return 0
}

function describeState(key: KeyView): string {
  if (key.blocked) return 'blocked'
  if (key.expiresAt === null) return 'good'
  const day = new Date(key.expiresAt).toISOString().slice(0, 10)
  return key.expiresAt < Date.now() ? `expired ${day}` : `until ${day}`
}

export interface KeysCreateOptions {
  readonly alias?: string
  /** Comma-separated model names. */
  readonly models?: string
  readonly management?: boolean
  /** `30d`. */
  readonly expires?: string
}

export async function keysCreate(context: CommandContext, options: KeysCreateOptions): CommandResult {
  const models = options.models?.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
  const wanted: NewKey = {
    kind: options.management === true ? 'management' : 'virtual',
    ...(options.alias === undefined ? {} : { alias: options.alias }),
    ...(models === undefined ? {} : { models }),
    ...(options.expires === undefined
      ? {}
      : { lifetimeSeconds: Math.ceil(readDuration(options.expires, '--expires') / 1_000) }),
  }
  const { client } = await requireGateway(context.paths)
  const created = await client.createKey(wanted)
  await context.print(context.json ? JSON.stringify(created) : created.key)
  if (!context.json) context.note('This key is shown once: keep it now.')
  return 0
}

/** Takes an id, the beginning of one (8 characters or more) or an alias; refuses when that means several keys. */
export async function keysRevoke(context: CommandContext, which: string): CommandResult {
  const { client } = await requireGateway(context.paths)
  const { keys } = await client.keys()
  const [found, ...others] = keys.filter(
    (key) => key.id === which || key.alias === which || (which.length >= 8 && key.id.startsWith(which)),
  )
  if (found === undefined) throw new CommandFailure('No key has that id or alias. `keys list` shows them.')
  if (others.length > 0) {
    throw new CommandFailure(
      `${others.length + 1} keys have that id or alias. Name one by its id: \`keys list\` shows them.`,
    )
  }
  const answer = await client.deleteKey(found.id)
  await context.print(context.json ? JSON.stringify(answer) : `revoked ${found.alias ?? found.name} (${found.id})`)
  return 0
}
