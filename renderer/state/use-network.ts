import type { NetworkView } from '../contract.ts'
import { useLive, useSurroundings } from './live-context.tsx'
import { useFollowed } from './use-followed.ts'

const everyMs = 5_000

/** The paths to hosts: as the stream told them last, else as they were asked for; undefined until there is an answer. */
export function useNetwork(): NetworkView | undefined {
  const { client } = useSurroundings()
  const { network } = useLive()
  const asked = useFollowed(['network'], client.network, everyMs)
  return network ?? asked.data
}
