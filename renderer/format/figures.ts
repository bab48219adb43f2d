/** Thin no-break space: stands before every unit. */
export const thinSpace = '\u202f'

/** Replaces the hyphen that number formats print by a real minus. */
export function withRealMinus(text: string): string {
  return text.replace('-', '\u2212')
}

/** A whole number grouped for the locale: `18,432`. */
export function formatCount(count: number, locale?: string): string {
  return withRealMinus(new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(count))
}

/** Tokens for narrow places, three significant digits: `934`, `18.4 k`, `134 k`, `3.34 M`. */
export function formatTokensShort(tokens: number, locale?: string): string {
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  if (tokens < 1_000) return short.format(tokens)
  // 999,500 would print as 1,000 k: what rounds up to a million is a million.
  if (tokens < 999_500) return `${short.format(tokens / 1_000)}${thinSpace}k`
  return `${short.format(tokens / 1_000_000)}${thinSpace}M`
}

/** A score or boundary: two decimals, three if needed, with a real minus: `0.10`, `0.395`, `−0.20`. */
export function formatScore(score: number, locale?: string): string {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 3 })
  const text = format.format(score)
  return text === format.format(-0) ? format.format(0) : withRealMinus(text)
}

/** What a dimension adds: as formatScore, with a plus where it raises the score. */
export function formatContribution(amount: number, locale?: string): string {
  const text = formatScore(amount, locale)
  return amount > 0 && text !== formatScore(0, locale) ? `+${text}` : text
}

/** A share of one as whole percent: `62 %`; below half a percent but not nothing, `< 1 %`. */
export function formatShare(share: number, locale?: string): string {
  if (share > 0 && share < 0.005) return `< 1${thinSpace}%`
  return `${formatCount(Math.round(share * 100), locale)}${thinSpace}%`
}
