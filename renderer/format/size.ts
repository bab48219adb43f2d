import { formatTokensShort, thinSpace } from './figures.ts'

/** A model's file: `15.6 GB`, `0.3 GB`, `238 GB`. */
export function formatFileSize(bytes: number, locale?: string): string {
  const gigabytes = bytes / 1e9
  const digits = gigabytes < 100 ? 1 : 0
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return gigabytes < 0.05 ? `< ${format.format(0.1)}${thinSpace}GB` : `${format.format(gigabytes)}${thinSpace}GB`
}

/** A context window. Makers count in steps of 1,024 tokens, so 131,072 is `128 k`; others as tokens are written elsewhere. */
export function formatWindow(tokens: number, locale?: string): string {
  if (tokens < 1_024 || tokens % 1_024 !== 0) return formatTokensShort(tokens, locale)
  return `${new Intl.NumberFormat(locale).format(tokens / 1_024)}${thinSpace}k`
}

/** Memory in GiB without its unit, one decimal below 100: `17.2`, `131`. */
export function formatMemory(bytes: number, locale?: string): string {
  const gibibytes = bytes / 2 ** 30
  const digits = gibibytes < 100 ? 1 : 0
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    gibibytes,
  )
}
