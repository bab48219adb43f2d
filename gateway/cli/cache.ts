import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { answersFileName, removeAnswers } from '../store/answer-repository.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { findGateway, requireGateway } from './find-gateway.ts'

const megabyte = 1024 * 1024

/** Says whether answers are kept, and how many. */
export async function cacheShow(context: CommandContext): CommandResult {
  const { client } = await requireGateway(context.paths)
  const view = await client.cache()
  if (context.json) {
    await context.print(JSON.stringify(view))
    return 0
  }
  const size = `${view.answers} answers, ${(view.bytes / megabyte).toFixed(1)} of ${view.maxBytes / megabyte} MB`
  await context.print(view.enabled ? size : 'off; litellm_settings.cache: true switches it on')
  if (view.coalesce) await context.print('identical requests of the same moment share one upstream call')
  return 0
}

/** Deletes every kept answer, also of a gateway that does not run. */
export async function cacheClear(context: CommandContext): CommandResult {
  const running = await findGateway(context.paths)
  const deleted = running === undefined ? removeFile(context) : (await running.client.clearCache()).deleted
  if (context.json) await context.print(JSON.stringify({ deleted }))
  else await context.print(deleted === null ? 'deleted the file of kept answers' : `deleted ${deleted} kept answers`)
  return 0
}

/** Null for an unknown number. */
function removeFile({ paths }: CommandContext): number | null {
  const path = join(paths.dataDir, answersFileName)
  const existed = existsSync(path)
  removeAnswers(path)
  return existed ? null : 0
}
