import { vendorOf } from '../config/providers/backend-names.ts'
import { isJsonObject, type JsonValue } from '../model/json.ts'
import type { BackendMemory, RememberedBackend } from './backend.ts'

/** A place for one small value, kept between runs. */
export interface KeptValue {
  get(): Promise<JsonValue | undefined>
  set(value: JsonValue): Promise<void>
}

/** Keeps earlier seen servers in one value. A value that cannot be read or written is no reason to stop. */
export function rememberBackends(kept: KeptValue, onFailure: (failure: unknown) => void): BackendMemory {
  let written = ''
  return {
    async load() {
      try {
        const value = await kept.get()
        return Array.isArray(value) ? value.flatMap(readEntry) : []
      } catch (failure) {
        onFailure(failure)
        return []
      }
    },
    save(backends) {
      // The time alone is not worth a write.
      const text = JSON.stringify(backends.map(({ url, name, vendor }) => [url, name, vendor]))
      if (text === written) return
      written = text
      kept.set(backends.map((backend) => ({ ...backend }))).catch(onFailure)
    },
  }
}

function readEntry(value: JsonValue): RememberedBackend[] {
  if (!isJsonObject(value)) return []
  const { url, name, lastSeenAt } = value
  const vendor = typeof value.vendor === 'string' ? vendorOf(value.vendor) : undefined
  if (typeof url !== 'string' || !URL.canParse(url) || typeof name !== 'string' || vendor === undefined) return []
  return [{ url, name, vendor, lastSeenAt: typeof lastSeenAt === 'number' ? lastSeenAt : 0 }]
}
