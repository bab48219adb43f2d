import { withRealMinus } from './figures.ts'

const nanoPerDollar = 1_000_000_000
const smallestShown = 100_000

/**
 * Integer nano-USD as money: `$16.59` from one dollar, four decimals below, `< $0.0001` for anything smaller but not
 * zero, `$0.00` for zero.
 */
export function formatMoney(nanoUsd: number, locale?: string): string {
  const size = Math.abs(nanoUsd)
  if (size > 0 && size < smallestShown) {
    const least = dollars(smallestShown, 4, locale)
    return nanoUsd < 0 ? `> \u2212${least}` : `< ${least}`
  }
  // What four decimals would print as $1.0000 is a dollar.
  const fine = size !== 0 && Math.round(size / smallestShown) < nanoPerDollar / smallestShown
  return dollars(nanoUsd, fine ? 4 : 2, locale)
}

/** A difference of money with its sign, whole cents from one cent: `+$0.08`, `−$0.31`, `+$0.0004`. */
export function formatMoneyChange(nanoUsd: number, locale?: string): string {
  const text = Math.abs(nanoUsd) >= nanoPerDollar / 100 ? dollars(nanoUsd, 2, locale) : formatMoney(nanoUsd, locale)
  return nanoUsd > 0 ? `+${text}` : text
}

/** Money beside the line of a scale: `$0`, `$4`, `$2.50`, `$0.0025`. */
export function formatScaleMoney(nanoUsd: number, locale?: string): string {
  return nanoUsd % nanoPerDollar === 0 ? dollars(nanoUsd, 0, locale) : formatMoney(nanoUsd, locale)
}

/** The exact figure for a tooltip: all nine decimals, `$0.022300000`. */
export function formatExactMoney(nanoUsd: number): string {
  const size = Math.abs(nanoUsd)
  const fraction = String(size % nanoPerDollar).padStart(9, '0')
  return `${nanoUsd < 0 ? '\u2212' : ''}$${Math.floor(size / nanoPerDollar)}.${fraction}`
}

function dollars(nanoUsd: number, decimals: number, locale?: string): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return withRealMinus(format.format(nanoUsd / nanoPerDollar))
}
