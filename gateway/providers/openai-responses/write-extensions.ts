import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { ModelRequest } from '../../model/model-request.ts'
import { controlFields } from '../../model/gateway-fields.ts'
import { unsupported } from './refuse.ts'
import type { Warnings } from './warnings.ts'

/** Fields of chat completions that Responses has under the same name. */
const sharedWithChat: ReadonlySet<string> = new Set([
  'moderation',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'store',
])

/**
 * Fields that have no place in the canonical request: carried where this wire knows them, else dropped with a warning.
 * @throws GatewayError `unsupported_field` for a wish that cannot be dropped without another answer than was asked for
 */
export function writeExtensions(provider: string, request: ModelRequest, warnings: Warnings): JsonObject {
  const kept: JsonObject = {}
  for (const [field, value] of Object.entries(request.extensions)) {
    if (controlFields.has(field)) continue
    if (request.dialect === 'responses' || (request.dialect === 'chat-completions' && sharedWithChat.has(field))) {
      kept[field] = value
    } else if (asksForSound(field, value)) {
      throw unsupported(provider, field, 'its answers are text.')
    } else if (field !== 'web_search_options') warnings.add(`dropped ${field}`)
  }
  return kept
}

function asksForSound(field: string, value: JsonValue): boolean {
  return field === 'modalities' ? Array.isArray(value) && value.some((kind) => kind !== 'text') : field === 'audio'
}

/** The search tool that `web_search_options` of chat completions stands for. */
export function searchTool(request: ModelRequest): JsonObject[] {
  const options = request.extensions.web_search_options
  if (!isJsonObject(options) || request.dialect !== 'chat-completions') return []
  const { search_context_size: size, user_location: place } = options
  // Chat completions nests the place once more.
  const location =
    isJsonObject(place) && isJsonObject(place.approximate) ? { ...place.approximate, type: 'approximate' } : place
  return [
    {
      type: 'web_search',
      ...(size === undefined ? {} : { search_context_size: size }),
      ...(location === undefined ? {} : { user_location: location }),
    },
  ]
}
