/**
 * Tokens of one answer, one meaning for every provider: `inputTokens` is the total including cached and cache-written
 * tokens, `outputTokens` the total including reasoning tokens. Invariant: cached + cache-written ≤ input, reasoning ≤ output.
 */
export interface Usage {
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly cacheWriteTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
  /** The part of `cacheWriteTokens` that is kept for an hour, at a higher price; absent = none. */
  readonly cacheWrite1hTokens?: number
  /** How the provider says it ran the request: `standard`, `flex`, `priority`, `batch`… Absent = it did not say. */
  readonly serviceTier?: string
}

export const noUsage: Usage = {
  inputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
}

/** The tokens of two answers together; null where neither was reported. Pure. */
export function addUsage(first: Usage | null, second: Usage | null): Usage | null {
  if (first === null || second === null) return first ?? second
  return {
    inputTokens: first.inputTokens + second.inputTokens,
    cachedTokens: first.cachedTokens + second.cachedTokens,
    cacheWriteTokens: first.cacheWriteTokens + second.cacheWriteTokens,
    outputTokens: first.outputTokens + second.outputTokens,
    reasoningTokens: first.reasoningTokens + second.reasoningTokens,
    ...pricingDetails(
      (first.cacheWrite1hTokens ?? 0) + (second.cacheWrite1hTokens ?? 0),
      second.serviceTier ?? first.serviceTier,
    ),
  }
}

/** Words for the usual service tier. */
const usualTiers: ReadonlySet<string> = new Set(['default', 'standard', 'auto', 'on_demand', 'standard_only'])

/** The tier in an answer, in one spelling; undefined when there is none. */
export function readServiceTier(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const tier = value.toLowerCase().slice(0, 40)
  return usualTiers.has(tier) ? 'standard' : tier
}

/** The fields of a usage that are only there when they say something. */
export function pricingDetails(
  cacheWrite1hTokens: number,
  serviceTier: string | undefined,
): Pick<Usage, 'cacheWrite1hTokens' | 'serviceTier'> {
  return {
    ...(cacheWrite1hTokens > 0 ? { cacheWrite1hTokens } : {}),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  }
}
