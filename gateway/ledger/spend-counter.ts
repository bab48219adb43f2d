import type { Database } from '../store/database.ts'
import type { SpendSince } from './ledger.ts'
import { billedCost, type RequestRecord } from './request-record.ts'
import { costIsUnknown, hasUnknownCost } from './request-row.ts'

/**
 * The sums of a day, kept in memory as rows are committed, because the status asks for them once a second and a busy
 * day has too many rows to add up on the event loop. The database is read once per `since` (in practice at start, and
 * at midnight, when the new day is all but empty), from the index alone.
 */
export interface SpendCounter {
  since(since: number): SpendSince
  /** Forgets its sums: the rows themselves have changed. */
  reread(): void
  /** Called for each row that was really inserted, after its commit. */
  add(record: RequestRecord): void
}

interface RunningSums {
  readonly since: number
  requests: number
  billedNanoUsd: number
  demoNanoUsd: number
  unknownPriced: number
  readonly requestsByRouter: Map<string, number>
  lastTier: string | undefined
  lastTierAt: number
}

interface SumRow {
  readonly requests: number
  readonly billed: number
  readonly demo: number
  readonly unknown: number
}

export function createSpendCounter({ database }: { readonly database: Database }): SpendCounter {
  const selectSums = database.prepare<[number], SumRow>(spendSumsSql)
  const selectRouters = database.prepare<[number], { router: string; requests: number }>(spendByRouterSql)
  const selectLastTier = database.prepare<[number], { tier: string; started_at: number }>(lastTierSql)
  let sums: RunningSums | undefined

  const read = (since: number): RunningSums => {
    const row = selectSums.get(since)
    const last = selectLastTier.get(since)
    return {
      since,
      requests: row?.requests ?? 0,
      billedNanoUsd: row?.billed ?? 0,
      demoNanoUsd: row?.demo ?? 0,
      unknownPriced: row?.unknown ?? 0,
      requestsByRouter: new Map(selectRouters.all(since).map(({ router, requests }) => [router, requests])),
      lastTier: last?.tier,
      lastTierAt: last?.started_at ?? 0,
    }
  }

  return {
    since(since) {
      if (sums?.since !== since) sums = read(since)
      const { requests, billedNanoUsd, demoNanoUsd, unknownPriced, requestsByRouter, lastTier } = sums
      return {
        requests,
        billedNanoUsd,
        demoNanoUsd,
        unknownPriced,
        requestsByRouter: new Map(requestsByRouter),
        lastTier,
      }
    },
    reread() {
      sums = undefined
    },
    add(record) {
      if (sums !== undefined && record.startedAt >= sums.since) addTo(sums, record)
    },
  }
}

function addTo(sums: RunningSums, record: RequestRecord): void {
  sums.requests += 1
  sums.billedNanoUsd += billedCost(record)
  if (record.billing === 'demo') sums.demoNanoUsd += record.costNanoUsd ?? 0
  if (hasUnknownCost(record)) sums.unknownPriced += 1
  if (record.router !== null) {
    sums.requestsByRouter.set(record.router, (sums.requestsByRouter.get(record.router) ?? 0) + 1)
  }
  if (record.tier !== null && record.startedAt >= sums.lastTierAt) {
    sums.lastTier = record.tier
    sums.lastTierAt = record.startedAt
  }
}

export const spendSumsSql = `
  SELECT count(*) AS requests,
    coalesce(sum(cost_nano_usd) FILTER (WHERE billing = 'billed'), 0) AS billed,
    coalesce(sum(cost_nano_usd) FILTER (WHERE billing = 'demo'), 0) AS demo,
    count(*) FILTER (WHERE ${costIsUnknown}) AS unknown
  FROM requests WHERE started_at >= ?`

export const spendByRouterSql = `
  SELECT router, count(*) AS requests FROM requests
  WHERE started_at >= ? AND router IS NOT NULL GROUP BY router`

export const lastTierSql = `
  SELECT tier, started_at FROM requests
  WHERE started_at >= ? AND tier IS NOT NULL ORDER BY started_at DESC LIMIT 1`
