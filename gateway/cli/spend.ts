import { existsSync } from 'node:fs'
import { Value } from 'typebox/value'
import {
  type SpendFilter,
  SpendFilterSchema,
  SpendGroupingSchema,
  type SpendQuery,
  type SpendReport,
} from '../contract/spend.ts'
import { createReports } from '../ledger/reports.ts'
import { spendCsv } from '../ledger/spend-csv.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { readSince } from './duration.ts'
import { findGateway } from './find-gateway.ts'
import { spendLines } from './spend-lines.ts'

export interface SpendOptions extends SpendFilter {
  readonly by: string
  readonly since: string
  readonly until?: string
  readonly csv?: boolean
}

/** Prints what requests cost: asked of the running gateway, else read from the database. */
export async function spend(context: CommandContext, options: SpendOptions): CommandResult {
  const { by } = options
  if (!Value.Check(SpendGroupingSchema, by)) {
    const known = SpendGroupingSchema.anyOf.map((choice) => choice.const).join(', ')
    throw new CommandFailure(`--by is ${JSON.stringify(by)}, and must be one of ${known}.`)
  }
  const now = Date.now()
  const until = options.until === undefined ? {} : { until: readSince(options.until, now) }
  const report = await readReport(context, { by, since: readSince(options.since, now), ...until, ...filterOf(options) })
  if (options.csv === true) await context.print(spendCsv(report).trimEnd())
  else if (context.json) await context.print(JSON.stringify(report))
  else for (const line of spendLines(report)) await context.print(line)
  return 0
}

function filterOf(options: SpendOptions): SpendFilter {
  const names = Object.keys(SpendFilterSchema.properties) as (keyof SpendFilter)[]
  return Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const])),
  )
}

async function readReport(context: CommandContext, query: SpendQuery): Promise<SpendReport> {
  const running = await findGateway(context.paths)
  if (running !== undefined) return running.client.spend(query)
  if (!existsSync(context.paths.databasePath)) {
    throw new CommandFailure(
      `There is no database in ${context.paths.dataDir}: no gateway ever ran there. Name another place with --data-dir.`,
    )
  }
  const reports = createReports({ databasePath: context.paths.databasePath })
  try {
    return await reports.spendReport(query)
  } finally {
    await reports.close()
  }
}
