import type { RequestRecord } from './request-record.ts'

/** The one place where finished requests are kept. Every method is async, so that another database can stand behind it. */
export interface Ledger {
  /**
   * Keeps one finished request. `done` is called after the transaction with its row is committed, so what the client then
   * receives is on disk; all requests finishing in the same tick share one transaction. An error means the row could not be
   * kept: the answer still goes out, the problem is shown.
   */
  commit(record: RequestRecord, done: (error: Error | undefined) => void): void
  /** Newest first; `before` is a startedAt in ms. At most `limit` rows. */
  recent(limit: number, before?: number): Promise<readonly RequestRecord[]>
  find(id: string): Promise<RequestRecord | undefined>
  /** Sums since a moment (ms since the epoch). */
  spendSince(since: number): Promise<SpendSince>
  /** Commits what waits. */
  flush(): Promise<void>
}

export interface SpendSince {
  readonly requests: number
  readonly billedNanoUsd: number
  readonly demoNanoUsd: number
  readonly unknownPriced: number
  readonly requestsByRouter: ReadonlyMap<string, number>
  readonly lastTier: string | undefined
}
