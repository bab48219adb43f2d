import { useThrottledValue } from '@mantine/hooks'
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLive } from './live-context.tsx'

const beatMs = 2_000

/**
 * Data that changes with every request: read anew at most every two seconds while requests end, and when the gateway is
 * back; with `everyMs` also as time goes by. What was there stays on screen until the new figures have come.
 */
export function useFollowed<Answer>(
  queryKey: readonly unknown[],
  queryFn: () => Promise<Answer>,
  everyMs?: number,
): UseQueryResult<Answer> {
  const { status, connection } = useLive()
  const query = useQuery({ queryKey, queryFn, placeholderData: keepPreviousData, refetchInterval: everyMs ?? false })
  const beat = useThrottledValue(`${connection} ${status?.spendToday.requests ?? 0}`, beatMs)
  const seen = useRef(beat)
  const { refetch } = query
  useEffect(() => {
    if (seen.current === beat) return
    seen.current = beat
    if (connection === 'live') void refetch()
  }, [beat, connection, refetch])
  return query
}
