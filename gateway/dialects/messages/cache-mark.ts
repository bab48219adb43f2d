import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { CacheMark } from '../../model/parts.ts'
import { isAbsent, wrongField } from './field-checks.ts'

/** The `cache_control` of a block, as the field that parts carry. Throws GatewayError 400 when it is no object. */
export function readCacheMark(block: JsonObject, path: string): { readonly cacheMark?: CacheMark } {
  const mark = block.cache_control
  if (isAbsent(mark)) return {}
  if (!isJsonObject(mark)) throw wrongField(`${path}.cache_control`, 'an object')
  return { cacheMark: { ttl: mark.ttl === '1h' || mark.ttl === '5m' ? mark.ttl : undefined } }
}
