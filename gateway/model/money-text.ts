/** Nano-USD as a plain decimal USD text without trailing zeros: 150 → `0.00000015`. Exact. */
export function usdText(nanoUsd: number): string {
  const digits = Math.abs(nanoUsd).toString().padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '')
  const whole = digits.slice(0, -9)
  return `${nanoUsd < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}
