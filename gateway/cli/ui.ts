import type { CommandContext, CommandResult } from './command-context.ts'
import { requireGateway } from './find-gateway.ts'

/** Prints a fresh link to the interface; its code works once and for ten minutes. */
export async function uiLink(context: CommandContext): CommandResult {
  const { client } = await requireGateway(context.paths)
  const link = await client.uiLink()
  await context.print(context.json ? JSON.stringify(link) : link.url)
  return 0
}
