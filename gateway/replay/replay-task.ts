import type { RouterDefinition } from '../config/gateway-config.ts'
import type { Replay } from '../contract/replay.ts'
import type { PricedDeployment } from '../ledger/price-book.ts'
import type { ErrorCode } from '../model/errors.ts'
import type { Tier } from '../model/tier.ts'

/** The last days of a router to be decided again. Plain data: it goes to a thread. Times in ms since the epoch. */
export interface ReplayTask {
  readonly since: number
  readonly until: number
  readonly saved: RouterDefinition
  readonly edited: RouterDefinition
  /** What the first model of each tier is paid like under the edited settings; absent = nothing is known. */
  readonly priced: Readonly<Partial<Record<Tier, PricedDeployment>>>
  /** Requests that are decided again at most; of more an even sample. */
  readonly mostRequests: number
}

export interface ReplayWorkerData {
  readonly databasePath: string
  readonly task: ReplayTask
}

/** From the thread, once. */
export type ReplayAnswer =
  | { readonly ok: true; readonly replay: Replay }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }
