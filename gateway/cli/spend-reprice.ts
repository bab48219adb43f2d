import { existsSync } from 'node:fs'
import type { Repricing } from '../contract/spend.ts'
import { repriceTask, runMaintenance } from '../ledger/maintenance/maintenance.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { readSince } from './duration.ts'
import { findGateway } from './find-gateway.ts'
import { formatNanoUsd } from './money.ts'
import { offlineSnapshot } from './offline-config.ts'

export interface RepriceOptions {
  readonly since?: string
  readonly dryRun?: boolean
}

/** Prices history anew: by the running gateway, else in the database with the prices of the config file. */
export async function spendReprice(context: CommandContext, options: RepriceOptions): CommandResult {
  const now = Date.now()
  const since = options.since === undefined ? 0 : readSince(options.since, now)
  const outcome = await repriceHistory(context, { since, dryRun: options.dryRun ?? false, now })
  if (context.json) await context.print(JSON.stringify(outcome))
  else for (const line of repricingLines(outcome)) await context.print(line)
  return 0
}

async function repriceHistory(
  context: CommandContext,
  request: { readonly since: number; readonly dryRun: boolean; readonly now: number },
): Promise<Repricing> {
  const { since, dryRun } = request
  const running = await findGateway(context.paths)
  if (running !== undefined) return await running.client.reprice({ since, dryRun })
  const { databasePath, dataDir } = context.paths
  if (!existsSync(databasePath)) {
    throw new CommandFailure(
      `There is no database in ${dataDir}: no gateway ever ran there. Name another place with --data-dir.`,
    )
  }
  const { byKey: _keys, ...result } = await runMaintenance(
    databasePath,
    repriceTask(offlineSnapshot(context).config, request),
  )
  return { ...result, dryRun }
}

/** What was done, or would be, for a terminal. */
export function repricingLines(outcome: Repricing): string[] {
  const { dryRun, rows, changed, unknownBefore, unknownAfter, billedBeforeNanoUsd, billedAfterNanoUsd } = outcome
  const difference = billedAfterNanoUsd - billedBeforeNanoUsd
  return [
    `${rows} rows looked at, ${changed} ${dryRun ? 'would change' : 'changed'}.`,
    `Billed: ${formatNanoUsd(billedBeforeNanoUsd)} before, ${formatNanoUsd(billedAfterNanoUsd)} after (${difference < 0 ? '' : '+'}${formatNanoUsd(difference)}).`,
    `Of unknown price: ${unknownBefore} before, ${unknownAfter} after.`,
    ...(dryRun ? ['Nothing was changed: this was a dry run.'] : []),
  ]
}
