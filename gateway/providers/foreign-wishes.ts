import type { Deployment } from '../config/gateway-config.ts'
import type { Dialect } from '../model/dialect.ts'
import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonValue } from '../model/json.ts'
import type { ModelRequest } from '../model/model-request.ts'

interface Wish {
  readonly field: string
  readonly why: string
}

/**
 * Refuses what a translation would lose although the answer would be another one without it: sound and pictures, tools and
 * content that are kept elsewhere, a context that the server is to compact. A request that stays on the wire of its own
 * dialect may have all of it. Pure.
 *
 * @param wire the dialect of the upstream's wire; undefined where no client speaks it
 * @throws GatewayError `unsupported_field` naming field and provider
 */
export function refuseForeignWishes(request: ModelRequest, deployment: Deployment, wire: Dialect | undefined): void {
  if (request.dialect === wire) return
  const wish = foreignWish(request.extensions, wire)
  if (wish === undefined) return
  const { provider, upstreamModel } = deployment
  throw new GatewayError(
    'unsupported_field',
    `${provider} (model ${upstreamModel}) cannot take "${wish.field}": ${wish.why} Leave it out or choose another model.`,
    { param: wish.field },
  )
}

function foreignWish(fields: ModelRequest['extensions'], wire: Dialect | undefined): Wish | undefined {
  const config = fields.generationConfig ?? fields.generation_config
  const modalities = fields.modalities ?? (isJsonObject(config) ? responseModalities(config) : undefined)
  if (wantsMoreThanText(modalities) || isJsonObject(fields.audio)) {
    return { field: 'modalities', why: 'a translated answer is text.' }
  }
  const cached = ['cachedContent', 'cached_content'].find((field) => saysSomething(fields[field]))
  if (cached !== undefined) return { field: cached, why: 'the content is kept by another provider.' }
  if (saysSomething(fields.mcp_servers)) return { field: 'mcp_servers', why: 'it calls no servers of tools.' }
  // OpenAI's Responses do without it as well as they can: a longer history is cut there.
  if (wire !== 'responses' && compacts(fields.context_management)) {
    return { field: 'context_management', why: 'it does not compact the context.' }
  }
  return undefined
}

function responseModalities(config: Readonly<Record<string, JsonValue>>): JsonValue | undefined {
  return config.responseModalities ?? config.response_modalities
}

function wantsMoreThanText(modalities: JsonValue | undefined): boolean {
  return (
    Array.isArray(modalities) && modalities.some((kind) => typeof kind !== 'string' || kind.toLowerCase() !== 'text')
  )
}

function saysSomething(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return false
  return !Array.isArray(value) || value.length > 0
}

/** Messages has `{edits: [{type}]}`, Responses a list of `{type}`; clearing old thoughts is the upstream's own matter. */
function compacts(value: JsonValue | undefined): boolean {
  const edits = isJsonObject(value) ? value.edits : value
  if (!Array.isArray(edits)) return false
  return edits.some((edit) => isJsonObject(edit) && typeof edit.type === 'string' && edit.type.startsWith('compact'))
}
