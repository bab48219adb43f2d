import type { UseQueryResult } from '@tanstack/react-query'
import type { SpendQuery, SpendReport } from '../contract.ts'
import { useSurroundings } from './live-context.tsx'
import { useFollowed } from './use-followed.ts'

/** A report of the ledger that follows what is spent. */
export function useSpend(query: SpendQuery): UseQueryResult<SpendReport> {
  const { client } = useSurroundings()
  return useFollowed(['spend', query], () => client.spend(query))
}
