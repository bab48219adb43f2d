import type { RequestRecord } from '../ledger/request-record.ts'
import type { RequestPurpose } from '../model/request-facts.ts'
import type { RouterDecision } from '../routing/plan-types.ts'

/** What the relay tells of a request while it runs. Listeners must be quick and never throw. */
export interface ActivityListener {
  started(request: RunningRequest): void
  /** First output reached the client; ms since arrival. */
  firstToken(id: string, firstTokenMs: number): void
  /** After the ledger committed the row (or failed to, which is logged). */
  finished(record: RequestRecord): void
}

export interface RunningRequest {
  readonly id: string
  readonly startedAt: number
  readonly askedModel: string
  readonly role: string | null
  readonly purpose: RequestPurpose | null
  /** The group being tried first. */
  readonly model: string | null
  readonly provider: string | null
  readonly decision: RouterDecision | undefined
  readonly agent: string | null
  readonly sessionId: string | null
  readonly keyAlias: string | null
  readonly stream: boolean
}
