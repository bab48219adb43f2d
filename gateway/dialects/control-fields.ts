import { GatewayError } from '../model/errors.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { ChainChanges } from '../model/request-facts.ts'
import { objectField } from './object-field.ts'
import { readChain, readChainChanges } from './request-chains.ts'
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

/** The fallback groups of the request (`readChain`); `disable_fallbacks: true` means none. */
export function readFallbacks(body: JsonObject, model: string): readonly string[] | undefined {
  return body.disable_fallbacks === true ? [] : readChain(body, 'fallbacks', model)
}

/** What the entries of the request's chains change; undefined where none changes anything. Throws as `readFallbacks` does. */
export function readChanges(body: JsonObject, model: string): ChainChanges | undefined {
  const fallbacks = readChainChanges(body, 'fallbacks', model)
  const contextWindow = readChainChanges(body, 'context_window_fallbacks', model)
  const contentPolicy = readChainChanges(body, 'content_policy_fallbacks', model)
  if (fallbacks === undefined && contextWindow === undefined && contentPolicy === undefined) return undefined
  return { fallbacks, contextWindow, contentPolicy }
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
