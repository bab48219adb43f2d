import type { NewKeyOptions } from '../../access/key-store.ts'
import { parseKeyLifetime } from '../../access/key-lifetime.ts'
import { GatewayError } from '../../model/errors.ts'
import type { JsonObject, JsonValue } from '../../model/json.ts'

const honoured = new Set(['key', 'key_alias', 'duration', 'models', 'key_type'])

/** Words of LiteLLM for "every model". */
const allModels = new Set(['all-proxy-models', 'all-team-models', '*'])

/**
 * Reads the body of `/key/generate` (litellm-compat §5.1). A field this version cannot honour is refused: a budget that is
 * accepted and not kept would be worse than none.
 * @param now ms since the epoch
 * @throws GatewayError `unsupported_field`, `invalid_field`
 */
export function readKeyRequest(body: JsonObject, now: number): NewKeyOptions {
  const refused = Object.keys(body).filter((name) => !honoured.has(name) && !isAbsent(body[name]))
  if (refused.length > 0) {
    const names = refused.map((name) => name.slice(0, 60)).join(', ')
    throw new GatewayError(
      'unsupported_field',
      `This version cannot honour: ${names}. It knows ${[...honoured].join(', ')}; leave the rest out.`,
      { param: (refused[0] ?? '').slice(0, 60) },
    )
  }
  const duration = readText(body, 'duration')
  return {
    key: readText(body, 'key'),
    alias: readText(body, 'key_alias'),
    kind: readKind(body),
    models: readModels(body),
    lifetimeMs: duration === undefined ? undefined : parseKeyLifetime(duration, now),
  }
}

/** The names in a list field such as `keys` of `/key/delete`. @throws GatewayError `invalid_field` */
export function readNames(body: JsonObject, field: string): readonly string[] {
  const value = body[field]
  if (isAbsent(value)) return []
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value
  throw new GatewayError('invalid_field', `${field} must be a list of texts.`, { param: field })
}

function readKind(body: JsonObject): 'virtual' | 'management' {
  const kind = readText(body, 'key_type') ?? 'default'
  if (kind === 'default' || kind === 'llm_api') return 'virtual'
  if (kind === 'management') return 'management'
  throw new GatewayError('invalid_field', 'key_type must be llm_api, management or default.', { param: 'key_type' })
}

function readModels(body: JsonObject): readonly string[] {
  const models = readNames(body, 'models')
  if (models.some((model) => allModels.has(model))) return []
  const pattern = models.find((model) => model.includes('*'))
  if (pattern === undefined) return models
  throw new GatewayError('unsupported_field', 'Patterns in models are not in this version; name each model.', {
    param: 'models',
  })
}

function readText(body: JsonObject, field: string): string | undefined {
  const value = body[field]
  if (isAbsent(value)) return undefined
  if (typeof value === 'string' && value.length <= 500) return value
  throw new GatewayError('invalid_field', `${field} must be a text of at most 500 characters.`, { param: field })
}

/** LiteLLM's own clients send every field, null where it is not meant. */
function isAbsent(value: JsonValue | undefined): boolean {
  return value === undefined || value === null
}
