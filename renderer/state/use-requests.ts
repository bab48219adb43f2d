import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RequestView } from '../contract.ts'
import { failureReason } from './failure-reason.ts'
import { useLive, useSurroundings } from './live-context.tsx'
import { isFiltering, matchesFilter, mergeRequests, rangeStart, type RequestFilter } from './request-filter.ts'

const settleMs = 200
const pageSize = 200

export interface FoundRequests {
  /** Newest first: the live ones that match at once, older ones as they are read. */
  readonly requests: readonly RequestView[]
  readonly searching: boolean
  /** Why older ones could not be searched. */
  readonly problem: string | undefined
  /** Reads the next older ones; undefined where there are none, or none is looked for. */
  readonly readMore: (() => void) | undefined
}

/** The requests that a filter lets through: of the live list, and of the ledger behind it. */
export function useRequests(filter: RequestFilter): FoundRequests {
  const { client, now } = useSurroundings()
  const { requests: live } = useLive()
  const [settled] = useDebouncedValue(filter, settleMs)
  const filtering = isFiltering(filter)
  const since = rangeStart(settled.range, now())
  const found = useInfiniteQuery({
    queryKey: ['requests', settled, since],
    queryFn: ({ pageParam }) =>
      client.findRequests({
        limit: pageSize,
        ...(pageParam === '' ? {} : { cursor: pageParam }),
        ...(settled.text.trim() === '' ? {} : { text: settled.text.trim() }),
        ...(settled.tier === '' ? {} : { tier: settled.tier }),
        ...(settled.agent === '' ? {} : { agent: settled.agent }),
        ...(settled.status === '' ? {} : { status: settled.status }),
        ...(since === undefined ? {} : { since }),
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: isFiltering(settled),
  })
  const { data, fetchNextPage } = found
  const requests = useMemo(() => {
    if (!filtering) return live
    const older = data?.pages.flatMap((page) => page.requests) ?? []
    return mergeRequests(live, older).filter((request) => matchesFilter(request, filter, now()))
  }, [filtering, live, data, filter, now])
  return {
    requests,
    searching: filtering && (found.isFetching || settled !== filter),
    problem: filtering && found.isError ? failureReason(found.error) : undefined,
    readMore: filtering && found.hasNextPage && !found.isFetching ? () => void fetchNextPage() : undefined,
  }
}
