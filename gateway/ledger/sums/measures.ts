/** What the sums add up, in the order of their columns. Money in nano-USD. */
export const measures = [
  'requests',
  'failures',
  'cache_hits',
  'input_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'billed_nano_usd',
  'flat_rate_nano_usd',
  'local_nano_usd',
  'demo_nano_usd',
  'unknown_priced',
  'savings_nano_usd',
  'savings_requests',
  'savings_unknown',
  'estimated_nano_usd',
] as const

export type Measure = (typeof measures)[number]

/** Dimensions of the table `spend_hours`, in the order of its key, the hour first. */
export const hourDimensions = [
  'model',
  'upstream_model',
  'provider',
  'router',
  'tier',
  'key_id',
  'agent',
  'user',
  'team',
  'billing',
] as const

export type HourDimension = (typeof hourDimensions)[number]

/** The first ms of the hour on the wall clock that holds a moment (ms since the epoch). */
export function hourOf(at: number): number {
  const wall = new Date(at)
  return at - (wall.getMinutes() * 60 + wall.getSeconds()) * 1000 - wall.getMilliseconds()
}
