import { existsSync } from 'node:fs'
import { formatProblems } from '../config/format-problems.ts'
import { exitCodes } from '../contract/process-messages.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { loadWithKeychain } from './offline-config.ts'

/** Reads the config as a gateway would and prints every problem. Exit code 2 when it has errors, 0 with warnings only. */
export async function configCheck(context: CommandContext): CommandResult {
  const { configPath, configNamed } = context.paths
  const isFresh = !configNamed && !existsSync(configPath)
  const { config, problems } = await loadWithKeychain(context)
  const isGood = config !== undefined
  if (context.json) {
    const counts = { models: config?.modelNames.length ?? 0, routers: config?.routers.size ?? 0 }
    await context.print(JSON.stringify({ file: configPath, ok: isGood, ...counts, problems }))
    return isGood ? exitCodes.ok : exitCodes.badConfig
  }
  const text = formatProblems(problems, context.workingDirectory).trimEnd()
  if (isFresh) {
    await context.print(`${configPath} is not there yet; the first start of the gateway writes it.`)
    return exitCodes.ok
  }
  // The problems are what was asked for, so they go to standard output, errors too.
  if (text !== '') await context.print(`${text}\n`)
  if (isGood) {
    await context.print(`${configPath} is good: ${describeSize(config.modelNames.length, config.routers.size)}.`)
    return exitCodes.ok
  }
  context.note(`${configPath} cannot be used as it is.`)
  return exitCodes.badConfig
}

function describeSize(names: number, routers: number): string {
  const models = names - routers
  return `${models} ${models === 1 ? 'model' : 'models'}, ${routers} ${routers === 1 ? 'router' : 'routers'}`
}
