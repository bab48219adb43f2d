import type { DeliverySettings } from '../config/delivery-settings.ts'
import type { GatewayConfig } from '../config/gateway-config.ts'
import type { DeliveryDependencies } from './delivery.ts'
import type { DeploymentBoard } from './deployments/deployment-board.ts'
import type { FairQueue } from './deployments/fair-queue.ts'
import type { PreparerDependencies } from './prepare-call.ts'
import type { SettlementDependencies } from './settlement.ts'

/** What carrying a request stands on. */
export interface CarrierDependencies extends PreparerDependencies, DeliveryDependencies, SettlementDependencies {
  readonly board: DeploymentBoard
  readonly queue: FairQueue
  /** The configuration of the moment; a request keeps the one that it began with. */
  readonly config: () => CarrySettings
  readonly random: () => number
}

/** The part of the configuration that says how requests are carried. */
export interface CarrySettings extends Pick<GatewayConfig, 'numRetries' | 'retryPolicy'> {
  readonly signalbox: Pick<DeliverySettings, 'hedgeAfterMs' | 'hedgeTools' | 'midStream' | 'queueMs'>
}
