/** A price in USD per million tokens: `$0.09`, `$2.53`, `$15`, `$0.0125`. */
export function formatPrice(perMillion: number, locale?: string): string {
  const fine = perMillion !== 0 && perMillion < 0.1 && Math.abs(perMillion * 100 - Math.round(perMillion * 100)) > 1e-6
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: fine ? 4 : 2,
  })
  return format.format(perMillion)
}
