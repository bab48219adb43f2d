import type { SpendReport, SpendSums } from '../../gateway/contract/spend.ts'

/** Sums of nothing; `given` says what is there. */
export function sumsDouble(given: Partial<SpendSums> = {}): SpendSums {
  return {
    requests: 0,
    failures: 0,
    cacheHits: 0,
    inputTokens: 0,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    billedNanoUsd: 0,
    flatRateNanoUsd: 0,
    localNanoUsd: 0,
    demoNanoUsd: 0,
    unknownPriced: 0,
    savingsNanoUsd: 0,
    savingsRequests: 0,
    savingsUnknown: 0,
    estimatedNanoUsd: 0,
    ...given,
  }
}

/** A report with no rows; `given` says what it has. */
export function reportDouble(given: Partial<SpendReport> = {}): SpendReport {
  return {
    by: 'model',
    rows: [],
    totals: sumsDouble(),
    truncated: false,
    savingsFormula: 'what it would have cost, minus what it cost',
    notes: [],
    ...given,
  }
}
