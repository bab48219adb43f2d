export type Outcome = { readonly state: 'done' | 'late' } | { readonly state: 'failed'; readonly error: unknown }

/** Waits for `work` at most `milliseconds` and says how it went. Never rejects; late work goes on unheard. */
export async function settleWithin(milliseconds: number, work: Promise<unknown>): Promise<Outcome> {
  const { promise: late, resolve } = Promise.withResolvers<Outcome>()
  const timer = setTimeout(() => resolve({ state: 'late' }), milliseconds)
  const settled = work.then(
    (): Outcome => ({ state: 'done' }),
    (error: unknown): Outcome => ({ state: 'failed', error }),
  )
  const outcome = await Promise.race([settled, late])
  clearTimeout(timer)
  return outcome
}
