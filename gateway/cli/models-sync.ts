import type { OfferedModelView, ProviderModels } from '../contract/providers.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { requireGateway } from './find-gateway.ts'
import { textTable } from './text-table.ts'

export interface SyncOptions {
  /** Comma-separated ids. */
  readonly add?: string
  readonly prefix?: string
  readonly dryRun?: boolean
}

/** Lists providers; of one provider the models it offers; with `add` writes chosen ones into the config file. */
export async function modelsSync(
  context: CommandContext,
  name: string | undefined,
  options: SyncOptions,
): CommandResult {
  const { client } = await requireGateway(context.paths)
  if (name === undefined) {
    const { providers } = await client.providers()
    if (context.json) await context.print(JSON.stringify({ providers }))
    else
      await printTable(context, [
        ['provider', 'host', 'key', 'models'],
        ...providers.map(({ name: provider, host, key, models }) => [provider, host, key, String(models)]),
      ])
    return 0
  }
  if (options.add !== undefined) return addModels(context, name, options.add, options)
  const offer = await client.providerModels(name)
  if (context.json) await context.print(JSON.stringify(offer))
  else await printOffer(context, offer)
  return 0
}

async function addModels(context: CommandContext, name: string, list: string, options: SyncOptions): CommandResult {
  const add = list
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (add.length === 0) throw new CommandFailure('--add names no model: give the ids of the list, separated by commas.')
  const { client } = await requireGateway(context.paths)
  const { prefix, dryRun = false } = options
  const result = await client.addModels(name, { add, dryRun, ...(prefix === undefined ? {} : { prefix }) })
  const errors = result.problems.filter(({ severity }) => severity === 'error')
  const failed = errors.length > 0 || result.added.length === 0
  if (context.json) {
    await context.print(JSON.stringify(result))
    return failed ? 1 : 0
  }
  for (const line of result.lines) await context.print(line)
  for (const { id, reason } of result.skipped) context.note(`${id} is left out: ${reason}.`)
  for (const { line, message } of errors) context.note(`line ${line}: ${message}`)
  if (result.written) context.note(`Added: ${result.added.map(({ modelName }) => modelName).join(', ')}.`)
  else context.note(dryRun ? 'Nothing was written (--dry-run).' : 'Nothing was written.')
  return failed ? 1 : 0
}

async function printOffer(context: CommandContext, { models, unlisted }: ProviderModels): Promise<void> {
  await printTable(context, [
    ['model', 'kind', 'can', 'context', 'in the config as'],
    ...models.map((model) => [
      model.id,
      model.deprecated === null ? model.kind : `${model.kind}, ${model.deprecated}`,
      abilities(model),
      model.contextWindow === null ? '' : String(model.contextWindow),
      model.configuredAs.join(', '),
    ]),
  ])
  for (const { model, upstreamModel, gone } of unlisted) {
    const meaning = gone ? 'it is gone' : 'lists are not complete everywhere, so it may be there all the same'
    context.note(`${model} stands for ${upstreamModel}, which is not in the list: ${meaning}.`)
  }
}

function abilities({ vision, reasoning, tools }: OfferedModelView): string {
  const known = { vision, reasoning, tools }
  return Object.entries(known)
    .flatMap(([word, can]) => (can === true ? [word] : []))
    .join(', ')
}

async function printTable(context: CommandContext, rows: readonly (readonly string[])[]): Promise<void> {
  for (const line of textTable(rows)) await context.print(line)
}
