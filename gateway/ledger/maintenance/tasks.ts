import type { PricedDeployment } from '../price-book.ts'
import type { ErrorCode } from '../../model/errors.ts'

/** History priced anew with the prices of now. Times in ms since the epoch. */
export interface RepriceTask {
  readonly kind: 'reprice'
  readonly now: number
  readonly since: number
  /** Counts and changes nothing. */
  readonly dryRun: boolean
  /** By their ids: prices of the config are theirs. */
  readonly deployments: ReadonlyMap<string, PricedDeployment>
  /** What savings are measured against, by router. */
  readonly topTiers: ReadonlyMap<string, PricedDeployment>
}

export interface RepriceResult {
  /** Rows that were looked at. */
  readonly rows: number
  readonly changed: number
  /** Of unknown cost before and after. */
  readonly unknownBefore: number
  readonly unknownAfter: number
  readonly billedBeforeNanoUsd: number
  readonly billedAfterNanoUsd: number
  /** What the bill of each key changed by, nano-USD. */
  readonly byKey: ReadonlyMap<string, number>
}

/** Rows of requests older than a moment deleted. */
export interface RetentionTask {
  readonly kind: 'retention'
  readonly before: number
}

export interface RetentionResult {
  readonly deleted: number
}

export type MaintenanceTask = RepriceTask | RetentionTask

export interface MaintenanceWorkerData {
  readonly databasePath: string
  readonly task: MaintenanceTask
}

/** From the thread, once. */
export type MaintenanceAnswer =
  | { readonly ok: true; readonly result: RepriceResult | RetentionResult }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }
