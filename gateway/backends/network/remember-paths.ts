import { isIP } from 'node:net'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { KeptValue } from '../remember-backends.ts'
import type { KnownHost } from './host-watch.ts'

/** Keeps over which path each host was last reached. Must not throw. */
export interface PathMemory {
  load(): Promise<ReadonlyMap<string, KnownHost>>
  save(known: ReadonlyMap<string, KnownHost>): void
}

/** Hosts that were learned longest ago go first. */
const mostHosts = 200

/** A value that cannot be read or written is no reason to stop: the paths are learned again. */
export function rememberPaths(kept: KeptValue, onFailure: (failure: unknown) => void): PathMemory {
  return {
    async load() {
      try {
        const value = await kept.get()
        return new Map(isJsonObject(value) ? Object.entries(value).flatMap(readEntry) : [])
      } catch (failure) {
        onFailure(failure)
        return new Map()
      }
    },
    save(known) {
      const entries = [...known].slice(-mostHosts).map(([host, each]): [string, JsonObject] => [host, written(each)])
      kept.set(Object.fromEntries(entries)).catch(onFailure)
    },
  }
}

function written({ address, learned }: KnownHost): JsonObject {
  const { source, interface: name, tunnel, subnet } = learned
  return { address, source, interface: name ?? null, tunnel: tunnel ?? null, subnet: subnet ?? null }
}

function readEntry([host, value]: [string, JsonValue | undefined]): [string, KnownHost][] {
  if (!isJsonObject(value)) return []
  const { address, source } = value
  if (typeof address !== 'string' || isIP(address) === 0 || typeof source !== 'string') return []
  const text = (field: JsonValue | undefined): string | undefined => (typeof field === 'string' ? field : undefined)
  const learned = { source, interface: text(value.interface), tunnel: text(value.tunnel), subnet: text(value.subnet) }
  return [[host, { address, learned }]]
}
