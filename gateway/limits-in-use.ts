import type { KeyStore } from './access/key-store.ts'
import { type Limits, openLimits } from './access/open-limits.ts'
import type { ConfigSource } from './config/config-source.ts'
import type { PriceBook } from './ledger/price-book.ts'
import type { SqliteLedger } from './ledger/sqlite-ledger.ts'
import type { Logger } from './logging/logger.ts'
import type { BudgetRepository } from './store/budget-repository.ts'

export interface LimitsInUseOptions {
  readonly config: ConfigSource
  readonly budgets: BudgetRepository
  readonly ledger: SqliteLedger
  readonly keys: KeyStore
  readonly prices: PriceBook
  readonly logger: Logger
}

/** Budgets and rate limits where the ledger says they are; kept a last time once its rows are written. */
export async function openGatewayLimits(
  { config, budgets, ledger, keys, prices, logger }: LimitsInUseOptions,
  opened: AsyncDisposableStack,
): Promise<Limits> {
  const limits = await openLimits({
    repository: budgets,
    keys,
    config: config.current,
    price: (deployment, usage, at) => prices.price(deployment, usage, at),
    onNotice: (notice) => logger.warn({ notice }, 'a soft budget is used up'),
    onFailure: (err) => logger.error({ err }, 'the state of budgets could not be stored'),
    now: Date.now,
    monotonic: () => performance.now(),
  })
  opened.defer(async () => {
    await ledger.flush()
    await limits.close()
  })
  return limits
}
