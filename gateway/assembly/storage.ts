import { join } from 'node:path'
import { type AuditLog, createAuditLog } from '../access/audit-log.ts'
import { auditedKeys } from '../access/audited-keys.ts'
import { hashKey } from '../access/key-secret.ts'
import { createKeyStore, type KeyStore } from '../access/key-store.ts'
import type { GatewayOptions } from '../gateway-options.ts'
import { createReports, type Reports } from '../ledger/reports.ts'
import { createSqliteLedger, type SqliteLedger } from '../ledger/sqlite-ledger.ts'
import type { Secret } from '../model/secret.ts'
import { type AuditRepository, createAuditRepository } from '../store/audit-repository.ts'
import { type BudgetRepository, createBudgetRepository } from '../store/budget-repository.ts'
import { createCheckpoints } from '../store/checkpoints.ts'
import { openDatabase } from '../store/database.ts'
import { createDayUseRepository, type DayUseRepository } from '../store/day-use-repository.ts'
import { createKeyRepository, type KeyRepository } from '../store/key-repository.ts'
import { createLabelRepository, type LabelRepository } from '../store/label-repository.ts'
import { createSettingsRepository, type SettingsRepository } from '../store/settings-repository.ts'
import { createSwitchRepository, type SwitchRepository } from '../store/switch-repository.ts'

/** What one gateway keeps on disk. */
export interface Storage {
  readonly databasePath: string
  readonly ledger: SqliteLedger
  readonly reports: Reports
  readonly settings: SettingsRepository
  readonly switches: SwitchRepository
  /** Every change of them is noted. */
  readonly keys: KeyRepository
  readonly audit: AuditLog
  readonly auditEvents: AuditRepository['recent']
  readonly dayUses: DayUseRepository
  readonly budgets: BudgetRepository
  readonly labels: LabelRepository
}

export const databaseFileName = 'signalbox.db'

/** Opens the database and everything that reads and writes it. */
export function openStorage({ dataDir, logger }: GatewayOptions, opened: AsyncDisposableStack): Storage {
  const databasePath = join(dataDir, databaseFileName)
  const database = openDatabase(databasePath)
  opened.defer(() => {
    database.close()
  })
  const reports = createReports({ databasePath })
  opened.defer(() => reports.close())
  const checkpoints = createCheckpoints({ database, databasePath })
  opened.defer(() => checkpoints.close())
  const ledger = createSqliteLedger({ database, databasePath, checkpoints })
  opened.defer(() => ledger.close())
  const auditEvents = createAuditRepository({ database })
  const audit = createAuditLog({ repository: auditEvents, now: Date.now, logger })
  return {
    databasePath,
    ledger,
    reports,
    settings: createSettingsRepository({ database }),
    switches: createSwitchRepository({ database }),
    keys: auditedKeys(createKeyRepository({ database }), audit),
    audit,
    auditEvents: (limit, before) => auditEvents.recent(limit, before),
    dayUses: createDayUseRepository({ database }),
    budgets: createBudgetRepository({ database }),
    labels: createLabelRepository({ database }),
  }
}

/** The keys that were made here; `reserved` are the secrets none of them may have. */
export async function openKeys(
  { keys }: Storage,
  reserved: readonly (() => Secret)[],
  onDeleted: (id: string) => void,
): Promise<KeyStore> {
  const isReserved = (hash: string): boolean => reserved.some((secret) => hash === hashKey(secret().reveal()))
  const store = createKeyStore({ repository: keys, now: Date.now, isReserved, onDeleted })
  await store.load()
  return store
}
