/**
 * Nano-USD as dollars for a terminal: `$0.000011`, `$12.34`. Two decimals from a dollar up, else as many as show two
 * figures (at most nine: nothing is smaller than a nano-dollar). Exact below 2^53.
 */
export function formatNanoUsd(nanoUsd: number): string {
  if (nanoUsd === 0) return '$0.00'
  const size = Math.abs(nanoUsd)
  const decimals = size >= 1_000_000_000 ? 2 : Math.min(9, 11 - String(Math.round(size)).length)
  return `${nanoUsd < 0 ? '-' : ''}$${(size / 1_000_000_000).toFixed(Math.max(2, decimals))}`
}
