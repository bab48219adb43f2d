import type { DeliveryDependencies } from './delivery.ts'
import type { DeploymentBoard } from './deployments/deployment-board.ts'
import type { FairQueue } from './deployments/fair-queue.ts'
import type { PreparerDependencies } from './prepare-call.ts'
import type { SettlementDependencies } from './settlement.ts'

/** What carrying a request stands on. */
export interface CarrierDependencies extends PreparerDependencies, DeliveryDependencies, SettlementDependencies {
  readonly board: DeploymentBoard
  readonly queue: FairQueue
  /** Repeats on one deployment, from the configuration of the moment. */
  readonly numRetries: () => number
  readonly random: () => number
}
