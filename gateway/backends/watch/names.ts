import type { BackendVendor } from '../../config/providers/backend-names.ts'
import { cardOf } from '../identify/identify.ts'
import { portOf } from './targets.ts'

/**
 * The name of a server that nobody named: its vendor's; a second one of the same vendor, or one elsewhere, has its host or
 * port behind it. Pure: `taken` holds the names in use.
 */
export function nameFor(vendor: BackendVendor, url: string, taken: ReadonlySet<string>): string {
  const { hostname } = new URL(url)
  const port = portOf(url)
  const isLoopback = hostname === '[::1]' || /^127\.|^localhost$/.test(hostname)
  const place = isLoopback ? '' : `-${hostname.replaceAll(/[^\w.-]/g, '')}`
  const wishes = [`${vendor}${place}`, `${vendor}${place}-${port}`]
  const free = wishes.find((wish) => !taken.has(wish))
  if (free !== undefined) return free
  for (let count = 2; ; count += 1) {
    const name = `${vendor}${place}-${port}-${count}`
    if (!taken.has(name)) return name
  }
}

/** The vendor's label, or what stands for it. */
export function labelOf(vendor: BackendVendor | undefined): string {
  return vendor === undefined ? 'OpenAI-compatible server' : cardOf(vendor).label
}
