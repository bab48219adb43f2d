import { formatCount } from '../format/figures.ts'

/** A count with its noun: `1 request`, `1,906 requests`. */
export function plural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
