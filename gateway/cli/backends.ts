import { createParser } from 'eventsource-parser'
import type { BackendList } from '../contract/backends.ts'
import type { GpuList } from '../contract/gpus.ts'
import type { NetworkView } from '../contract/network.ts'
import type { GatewayEvent } from '../contract/events.ts'
import { backendLines } from './backend-lines.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { gpuLines, networkLines } from './network-lines.ts'
import { requireGateway, type RunningGateway } from './find-gateway.ts'

export interface BackendsOptions {
  readonly watch?: boolean
  /** All servers and paths are asked anew first. */
  readonly refresh?: boolean
}

/** All that the command shows; `--json` prints it as it is. */
interface LocalView extends BackendList {
  readonly network: NetworkView
  readonly gpus: GpuList
}

/**
 * Lists local servers, the paths to their hosts and this machine's GPUs as the running gateway knows them; `--watch` prints
 * them again whenever a server or a path changes.
 */
export async function backends(context: CommandContext, options: BackendsOptions): CommandResult {
  const running = await requireGateway(context.paths)
  const view = await read(running, options.refresh === true)
  if (options.watch === true) await follow(context, running, view)
  else await print(context, view)
  return 0
}

async function read({ client }: RunningGateway, anew: boolean): Promise<LocalView> {
  if (anew) await client.refreshBackends()
  const [list, network, gpus] = await Promise.all([client.backends(), client.network(), client.gpus()])
  return { ...list, network, gpus }
}

async function print(context: CommandContext, view: LocalView): Promise<void> {
  if (context.json) return context.print(JSON.stringify(view))
  for (const line of [...backendLines(view), ...networkLines(view.network), ...gpuLines(view.gpus)])
    await context.print(line)
}

/** Until the gateway ends. The stream begins with the servers and tells of every change after it, so that none is missed. */
async function follow(context: CommandContext, { client }: RunningGateway, first: LocalView): Promise<void> {
  const response = await client.events(new AbortController().signal)
  const pending: LocalView[] = []
  let view = first
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = JSON.parse(data) as GatewayEvent
      if (event.type === 'snapshot' || event.type === 'backends') {
        view = { ...view, discovery: event.discovery, backends: event.backends }
      } else if (event.type === 'network') view = { ...view, network: event.network }
      else return
      pending.push(view)
    },
  })
  const decoder = new TextDecoder()
  let printed = 0
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    for (const each of pending.splice(0)) {
      if (!context.json && printed > 0) await context.print('')
      await print(context, each)
      printed += 1
    }
  }
}
