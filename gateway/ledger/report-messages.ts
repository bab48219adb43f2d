import type { RequestList } from '../contract/requests.ts'
import type { SessionView, SpendQuery, SpendReport } from '../contract/spend.ts'
import type { ErrorCode } from '../model/errors.ts'
import type { ReadRequestQuery } from './request-query.ts'
import type { SessionPlace, SessionPlaceQuery } from './session-place.ts'
import type { ModelUse, ModelUseQuery } from './model-use.ts'
import type { LiteSpendQuery } from './lite-spend-query.ts'
import type { SpendLogsQuery } from './spend-logs-query.ts'

/** Each kind of report: what it is asked with and what it gives. */
export interface ReportKinds {
  readonly spendLogs: { readonly query: SpendLogsQuery; readonly result: string }
  readonly liteSpend: { readonly query: LiteSpendQuery; readonly result: string }
  readonly modelUse: { readonly query: ModelUseQuery; readonly result: ModelUse }
  readonly findRequests: { readonly query: ReadRequestQuery; readonly result: RequestList }
  readonly sessionPlace: { readonly query: SessionPlaceQuery; readonly result: SessionPlace }
  readonly sessionView: { readonly query: string; readonly result: SessionView }
  readonly spendReport: { readonly query: SpendQuery; readonly result: SpendReport }
}

export type ReportKind = keyof ReportKinds

/** To the worker. */
export type ReportCall = {
  readonly [Kind in ReportKind]: {
    readonly id: number
    readonly kind: Kind
    readonly query: ReportKinds[Kind]['query']
  }
}[ReportKind]

/** From the worker: one per call. */
export type ReportAnswer =
  | { readonly id: number; readonly ok: true; readonly result: ReportKinds[ReportKind]['result'] }
  | { readonly id: number; readonly ok: false; readonly code: ErrorCode; readonly message: string }

/** What the worker is started with. */
export interface ReportWorkerData {
  readonly databasePath: string
}
