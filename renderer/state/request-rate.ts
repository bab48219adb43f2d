import type { RequestView } from '../contract.ts'

const secondMs = 1_000
/** What is older says nothing of now. */
const freshMs = 2_000

/** How many requests began in the last second before the newest one, whole; 0 when that is past. `requests`: newest first. */
export function requestsPerSecond(requests: readonly RequestView[], now: number): number {
  const newest = requests[0]?.startedAt
  const oldest = requests.at(-1)?.startedAt
  if (newest === undefined || oldest === undefined || now - newest > freshMs) return 0
  const count = requests.filter(({ startedAt }) => startedAt > newest - secondMs).length
  if (count < requests.length || count === 1) return count
  // The list ends within the second: what it holds tells the rate, and not how many there were.
  return Math.round(((count - 1) / Math.max(1, newest - oldest)) * secondMs)
}
