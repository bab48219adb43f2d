import type { GatewayConfig } from './config/gateway-config.ts'
import type { Repricing, RepriceRequest } from './contract/spend.ts'
import { repriceTask, runMaintenance } from './ledger/maintenance/maintenance.ts'
import type { SqliteLedger } from './ledger/sqlite-ledger.ts'
import type { Logger } from './logging/logger.ts'
import { GatewayError } from './model/errors.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

export interface MaintenanceParts {
  readonly databasePath: string
  readonly config: () => GatewayConfig
  readonly ledger: Pick<SqliteLedger, 'noteReprice'>
  readonly logger: Logger
  /** ms since the epoch. */
  readonly now: () => number
}

export interface Maintenance {
  /** Throws GatewayError `conflict` while another one runs. */
  readonly reprice: (request: RepriceRequest) => Promise<Repricing>
}

/** What changes the ledger's history: asked for, and once an hour where rows have an age. */
export function openMaintenance(
  { databasePath, config, ledger, logger, now }: MaintenanceParts,
  opened: AsyncDisposableStack,
): Maintenance {
  let busy = false
  const exclusively = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (busy) throw new GatewayError('conflict', 'The ledger is being worked on. Ask again when that is done.')
    busy = true
    try {
      return await work()
    } finally {
      busy = false
    }
  }
  const deleteOldRows = async (): Promise<void> => {
    const { rowDays } = config().signalbox.retention
    if (rowDays === undefined || busy) return
    const before = now() - rowDays * dayMs
    try {
      const { deleted } = await exclusively(() => runMaintenance(databasePath, { kind: 'retention', before }))
      if (deleted > 0) logger.info({ deleted }, 'old rows of the ledger were deleted')
    } catch (failure) {
      logger.error({ err: failure }, 'old rows of the ledger could not be deleted')
    }
  }
  const timer = setInterval(() => void deleteOldRows(), hourMs)
  timer.unref()
  opened.defer(() => clearInterval(timer))
  void deleteOldRows()

  return {
    async reprice({ since = 0, dryRun = false }) {
      const task = repriceTask(config(), { since, dryRun, now: now() })
      const { byKey, ...result } = await exclusively(() => runMaintenance(databasePath, task))
      if (!dryRun) {
        await ledger.noteReprice(byKey)
        logger.info({ rows: result.rows, changed: result.changed }, 'history was priced anew')
      }
      return { ...result, dryRun }
    },
  }
}
