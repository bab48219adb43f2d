import { readModelTraits } from './config/models/model-traits.ts'
import type { DeskDependencies } from './http/desk-dependencies.ts'
import type { PriceBook } from './ledger/price-book.ts'
import { pricePerMillion } from './ledger/prices/price-per-million.ts'
import type { Reports } from './ledger/reports.ts'
import type { Logger } from './logging/logger.ts'
import { agentModels } from './routing/model-facts.ts'
import type { RoutingSnapshot } from './routing/plan-types.ts'

export type ModelsInUse = Pick<DeskDependencies, 'modelFacts' | 'modelPrice' | 'modelUse'>

type ReadModelUse = NonNullable<Awaited<ReturnType<ModelsInUse['modelUse']>>>

export interface ModelsInUseParts {
  readonly reports: Pick<Reports, 'modelUse'>
  readonly prices: PriceBook
  readonly snapshot: () => RoutingSnapshot
  readonly logger: Pick<Logger, 'warn'>
  /** ms since the epoch. */
  readonly now: () => number
}

const measuredMs = 7 * 86_400_000
/** A page that looks every second has the same figures for a while: they read many rows. */
const goodForMs = 15_000

export function openModelsInUse({ reports, prices, snapshot, logger, now }: ModelsInUseParts): ModelsInUse {
  const traits = readModelTraits()
  let last: ReadModelUse | undefined
  return {
    modelFacts: () => agentModels({ ...snapshot(), switches: new Map() }, { traits, costOf: () => undefined }),
    modelPrice: (deployment) => pricePerMillion(prices, deployment, now()),
    async modelUse() {
      const at = now()
      if (last !== undefined && at - last.at < goodForMs && at >= last.at) return last
      try {
        last = { use: await reports.modelUse({ since: at - measuredMs }), at }
      } catch (failure) {
        logger.warn({ err: failure }, 'the use of models could not be read')
      }
      return last
    },
  }
}
