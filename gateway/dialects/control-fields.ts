import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import { headerText, type RequestSource } from './request-source.ts'

/** Longest names and lists that are kept: they end up in the ledger. */
const longestModel = 400
const longestUser = 512
const longestTag = 256
const mostTags = 100

/** The model asked for: from the URL, else the body. Throws `missing_field` or `invalid_field`. */
export function readModel({ body, url }: RequestSource): string {
  const model = url.model ?? body.model
  if (model === undefined || model === null) {
    throw new GatewayError('missing_field', 'The request names no "model"; a name from /v1/models is wanted.', {
      param: 'model',
    })
  }
  if (typeof model !== 'string' || model.trim() === '') {
    throw new GatewayError('invalid_field', 'The "model" must be a text that is not empty: a name from /v1/models.', {
      param: 'model',
    })
  }
  if (model.length > longestModel) {
    throw new GatewayError(
      'invalid_field',
      `The "model" has ${model.length} characters; at most ${longestModel} are wanted.`,
      {
        param: 'model',
      },
    )
  }
  return model
}

/** A list that the dialect demands. Throws `missing_field` when it is absent, `invalid_field` when it is no list or empty. */
export function requireList(body: JsonObject, field: string): JsonValue[] {
  const value = body[field]
  if (value === undefined || value === null) {
    throw new GatewayError('missing_field', `The request has no "${field}"; a list is wanted.`, { param: field })
  }
  if (!Array.isArray(value)) {
    throw new GatewayError('invalid_field', `The field "${field}" must be a list.`, { param: field })
  }
  if (value.length === 0) {
    throw new GatewayError('invalid_field', `The list "${field}" is empty; at least one entry is wanted.`, {
      param: field,
    })
  }
  return value
}

/**
 * Fallback groups of the request: names, objects `{model}`, or LiteLLM's `{group: [names]}`, of which the entry of the
 * asked model or `*` counts. `disable_fallbacks: true` means none. Undefined when the request says nothing. Throws
 * `invalid_field`, and `unsupported_field` for an entry that would change more than the model.
 */
export function readFallbacks(body: JsonObject, model: string): readonly string[] | undefined {
  if (body.disable_fallbacks === true) return []
  const written = body.fallbacks
  if (written === undefined || written === null) return undefined
  if (!Array.isArray(written)) throw invalidFallbacks()
  return written.flatMap((entry) => {
    if (!isJsonObject(entry) || entry.model !== undefined) return [fallbackName(entry)]
    const chains = Object.values(entry)
    if (!chains.every((chain) => Array.isArray(chain))) throw invalidFallbacks()
    const chain = objectField(entry, model) ?? objectField(entry, '*')
    return Array.isArray(chain) ? chain.map((next) => fallbackName(next)) : []
  })
}

function fallbackName(entry: JsonValue): string {
  const name = isJsonObject(entry) ? entry.model : entry
  if (typeof name !== 'string' || name === '') throw invalidFallbacks()
  if (isJsonObject(entry) && Object.keys(entry).length > 1) {
    throw new GatewayError('unsupported_field', 'An entry of "fallbacks" may name a "model" and nothing else.', {
      param: 'fallbacks',
    })
  }
  return name
}

function invalidFallbacks(): GatewayError {
  return new GatewayError('invalid_field', 'The field "fallbacks" must be a list of model names.', {
    param: 'fallbacks',
  })
}

const noTags: readonly string[] = []

/**
 * Tags from `tags`, `metadata.tags`, `litellm_metadata.tags` and the header `x-litellm-tags`, each once. They label a
 * request and change nothing in it, so one that is too long is left out.
 */
export function readTags({ body, headers }: RequestSource): readonly string[] {
  const written = [body.tags, objectField(body.metadata, 'tags'), objectField(body.litellm_metadata, 'tags')]
  if (written.every((value) => value === undefined) && headers['x-litellm-tags'] === undefined) return noTags
  const tags = written
    .flatMap((value) => (Array.isArray(value) ? value : []))
    .filter((tag): tag is string => typeof tag === 'string')
  const inHeader = headerText(headers, 'x-litellm-tags').split(',')
  const distinct = new Set([...tags, ...inHeader].map((tag) => tag.trim()))
  return [...distinct].filter((tag) => tag !== '' && tag.length <= longestTag).slice(0, mostTags)
}

/**
 * The end user: `user`, else `metadata.user_id`. Claude Code puts JSON with a device id there, which is not ours to
 * keep, so an object written as text does not count.
 */
export function readEndUser(body: JsonObject): string | undefined {
  const named = body.user ?? objectField(body.metadata, 'user_id')
  if (typeof named !== 'string' || named === '' || named.length > longestUser) return undefined
  return named.trimStart().startsWith('{') ? undefined : named
}

/** The first of the values that is a whole number above 0; lenient, because the upstream judges the rest. */
export function readTokenLimit(...values: readonly (JsonValue | undefined)[]): number | undefined {
  return values.find((value): value is number => Number.isSafeInteger(value) && Number(value) > 0)
}

/** A field of a value that may be no object at all. */
export function objectField(value: JsonValue | undefined, field: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, field) ? value[field] : undefined
}
