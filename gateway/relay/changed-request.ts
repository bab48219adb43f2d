import type { JsonObject } from '../model/json.ts'
import { scanTopLevelFields } from '../model/json-fields.ts'
import { rewriteFields } from '../model/rewrite-fields.ts'
import type { RelayRequest } from './relay-request.ts'

/**
 * The request as one entry of its own fallback chain wants it: the entry's fields in place of its own, all others with
 * the client's bytes. What no request may say is taken out later, as from any request. Pure.
 */
export function changedRequest(request: RelayRequest, changes: JsonObject): RelayRequest {
  const { fields, input } = request
  const texts = Object.entries(changes).map(([name, value]) => [name, JSON.stringify(value)] as const)
  const body = rewriteFields(request.body, fields, {
    remove: new Set(),
    replace: new Map(texts.filter(([name]) => fields.has(name))),
    add: new Map(texts.filter(([name]) => !fields.has(name))),
  })
  return {
    ...request,
    body,
    fields: scanTopLevelFields(body),
    input: { ...input, body: { ...input.body, ...changes } },
  }
}
