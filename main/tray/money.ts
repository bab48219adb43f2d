const nanoPerUsd = 1_000_000_000

const whole = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** Nano-USD as people read it: two decimals from $1, four below, never rounded to zero. */
export function formatMoney(nanoUsd: number): string {
  if (nanoUsd === 0) return '$0.00'
  const usd = nanoUsd / nanoPerUsd
  if (usd < 0.0001) return '< $0.0001'
  const fine = usd.toFixed(4)
  return usd >= 1 || fine === '1.0000' ? `$${whole.format(usd)}` : `$${fine}`
}
