import { firstTables } from './0001-first-tables.ts'
import { moneyDetails } from './0002-money-details.ts'
import { dayQuotas } from './0003-day-quotas.ts'
import { keyLimits } from './0004-key-limits.ts'
import { spendHours } from './0005-spend-hours.ts'
import { auditEvents } from './0006-audit-events.ts'
import { explanations } from './0007-explanations.ts'
import { requestRoles } from './0008-request-roles.ts'
import { estimatedSpend } from './0009-estimated-spend.ts'
import { labels } from './0010-labels.ts'
import type { Migration } from './migration.ts'

/** Every step of the schema, oldest first. */
export const migrations: readonly Migration[] = [
  firstTables,
  moneyDetails,
  dayQuotas,
  keyLimits,
  spendHours,
  auditEvents,
  explanations,
  requestRoles,
  estimatedSpend,
  labels,
]
