import type { CachedCall, CacheSettings } from '../config/gateway-config.ts'
import type { Dialect } from '../model/dialect.ts'
import type { CacheControls } from '../model/request-controls.ts'

/** What the cache does for one request. */
export interface CacheUse {
  readonly read: boolean
  readonly write: boolean
  /** How long the answer is kept, in ms. */
  readonly ttlMs: number
  /** How old an answer may be, in ms; undefined = as old as it is kept. */
  readonly maxAgeMs: number | undefined
  /** Divisions in which the answer is looked for. */
  readonly namespaces: readonly string[]
  /** The same request of the moment may answer this one too. */
  readonly coalesce: boolean
}

/**
 * What configuration and request together ask of the cache; undefined when that is nothing. As in LiteLLM, `no-cache`
 * asks for a fresh answer (which is kept), `no-store` for one that is not kept. Pure.
 */
export function cacheUse(
  settings: CacheSettings,
  controls: CacheControls | undefined,
  call: CachedCall | undefined,
): CacheUse | undefined {
  if (call === undefined || !settings.calls.includes(call)) return undefined
  const wanted = settings.enabled && (settings.mode === 'default_on' || controls?.useCache === true)
  const read = wanted && controls?.noCache !== true
  const write = wanted && controls?.noStore !== true
  const coalesce = settings.coalesce && controls?.noCache !== true && controls?.noStore !== true
  if (!read && !write && !coalesce) return undefined
  const namespaces = [settings.namespace ?? '', controls?.namespace ?? '']
  const ttlMs = Math.min(controls?.ttlMs ?? settings.ttlMs, settings.maxAgeMs)
  return { read, write, ttlMs, maxAgeMs: controls?.maxAgeMs, namespaces, coalesce }
}

/** Which kind of call a request is; undefined for those that are never kept (images, speech, moderations, rankings). */
export function callOf(dialect: Dialect, endpoint: string | undefined, isLegacy: boolean): CachedCall | undefined {
  if (endpoint !== undefined) return endpoint === '/embeddings' ? 'embeddings' : undefined
  return isLegacy ? 'completions' : dialect
}
