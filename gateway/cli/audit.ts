import { existsSync } from 'node:fs'
import type { AuditEventView, AuditList } from '../contract/audit.ts'
import { createAuditRepository } from '../store/audit-repository.ts'
import { openDatabase } from '../store/database.ts'
import type { CommandContext, CommandResult } from './command-context.ts'
import { CommandFailure } from './command-failure.ts'
import { findGateway } from './find-gateway.ts'
import { textTable } from './text-table.ts'

export interface AuditOptions {
  readonly limit: string
}

const mostEvents = 1_000

/** Prints who changed what, newest first: asked of the running gateway, else read from the database. */
export async function audit(context: CommandContext, options: AuditOptions): CommandResult {
  const limit = Number(options.limit)
  if (!/^\d+$/u.test(options.limit) || limit < 1 || limit > mostEvents) {
    throw new CommandFailure(
      `--limit is ${JSON.stringify(options.limit)}, and must be a whole number from 1 to ${mostEvents}.`,
    )
  }
  const { events } = await readEvents(context, limit)
  if (context.json) {
    await context.print(JSON.stringify({ events }))
    return 0
  }
  if (events.length === 0) context.note('Nothing was changed yet.')
  const rows = events.map((event) => [
    new Date(event.at).toISOString(),
    event.actor,
    event.action,
    subjectOf(event),
    JSON.stringify(event.details),
  ])
  if (rows.length > 0)
    for (const line of textTable([['WHEN', 'WHO', 'WHAT', 'OF', 'DETAILS'], ...rows])) await context.print(line)
  return 0
}

/** Ids of keys are long; their first characters tell them apart, as in `keys list`. */
function subjectOf({ action, subject }: AuditEventView): string {
  return action.startsWith('key.') ? subject.slice(0, 12) : subject
}

async function readEvents({ paths }: CommandContext, limit: number): Promise<AuditList> {
  const running = await findGateway(paths)
  if (running !== undefined) return running.client.audit(limit)
  if (!existsSync(paths.databasePath)) {
    throw new CommandFailure(
      `There is no database in ${paths.dataDir}: no gateway ever ran there. Name another place with --data-dir.`,
    )
  }
  const database = openDatabase(paths.databasePath, { readonly: true })
  try {
    return { events: [...(await createAuditRepository({ database }).recent(limit))] }
  } finally {
    database.close()
  }
}
