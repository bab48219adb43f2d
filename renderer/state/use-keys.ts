import type { UseQueryResult } from '@tanstack/react-query'
import type { KeyView } from '../contract.ts'
import { useSurroundings } from './live-context.tsx'
import { useFollowed } from './use-followed.ts'

export const keysQuery = ['keys'] as const

/** The virtual keys with what they have spent. */
export function useKeys(): UseQueryResult<readonly KeyView[]> {
  const { client } = useSurroundings()
  return useFollowed<readonly KeyView[]>(keysQuery, async () => (await client.keys()).keys)
}
