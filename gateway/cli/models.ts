import { listModels } from '../routing/list-models.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { findGateway, type RunningGateway } from './find-gateway.ts'
import { offlineSnapshot } from './offline-config.ts'

/** Lists what `/v1/models` lists: of the running gateway, else of the config file. One name per line. */
export async function models(context: CommandContext): CommandResult {
  const running = await findGateway(context.paths)
  const names =
    running === undefined ? listModels(offlineSnapshot(context)).map(({ name }) => name) : await ask(running)
  if (context.json) await context.print(JSON.stringify({ models: names, live: running !== undefined }))
  else for (const name of names) await context.print(name)
  if (running === undefined) context.note('No gateway runs; this is what the config file says.')
  return 0
}

async function ask({ file, client }: RunningGateway): Promise<string[]> {
  const { key } = await client.masterKey()
  const response = await fetch(`${file.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
  if (!response.ok) throw new CommandFailure(`The gateway answered ${response.status} when asked for its models.`)
  const list = (await response.json()) as { data: { id: string }[] }
  return list.data.map(({ id }) => id)
}
