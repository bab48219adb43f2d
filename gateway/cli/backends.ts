import { createParser } from 'eventsource-parser'
import type { BackendList } from '../contract/backends.ts'
import type { GatewayEvent } from '../contract/events.ts'
import { backendLines } from './backend-lines.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { requireGateway, type RunningGateway } from './find-gateway.ts'

export interface BackendsOptions {
  readonly watch?: boolean
}

/** Lists local servers as the running gateway knows them; `--watch` prints them again whenever something changes. */
export async function backends(context: CommandContext, options: BackendsOptions): CommandResult {
  const running = await requireGateway(context.paths)
  const list = await running.client.backends()
  await print(context, list)
  if (options.watch === true) await follow(context, running, list.discovery)
  return 0
}

async function print(context: CommandContext, list: BackendList): Promise<void> {
  if (context.json) await context.print(JSON.stringify(list))
  else for (const line of backendLines(list)) await context.print(line)
}

/** Until the gateway ends. The stream's first event comes before any change, so none is missed after the first list. */
async function follow(context: CommandContext, { client }: RunningGateway, discovery: boolean): Promise<void> {
  const response = await client.events(new AbortController().signal)
  const pending: BackendList[] = []
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = JSON.parse(data) as GatewayEvent
      if (event.type === 'backends') pending.push({ discovery, backends: event.backends })
    },
  })
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    for (const list of pending.splice(0)) {
      if (!context.json) await context.print('')
      await print(context, list)
    }
  }
}
