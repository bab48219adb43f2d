import { GatewayError } from '../model/errors.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import { type CacheControls, noControls, type RequestControls } from '../model/request-controls.ts'
import { readChain } from './request-chains.ts'
import { headerText, type RequestSource } from './request-source.ts'

/** The body fields that are read here: a request with none of them, and none of the headers, costs one look each. */
const bodyFields = [
  'timeout',
  'request_timeout',
  'stream_timeout',
  'num_retries',
  'max_retries',
  'max_fallbacks',
  'context_window_fallbacks',
  'context_window_fallback_dict',
  'content_policy_fallbacks',
  'disable_fallbacks',
  'cache',
  'caching',
  'mock_timeout',
  'mock_testing_fallbacks',
  'mock_testing_context_fallbacks',
  'mock_testing_context_window_fallbacks',
  'mock_testing_content_policy_fallbacks',
  'mock_testing_rate_limit_error',
] as const
const controlHeaders = ['x-litellm-timeout', 'x-litellm-stream-timeout', 'x-litellm-num-retries'] as const

/** Each switch of LiteLLM's with the failure that it pretends. */
const mockSwitches: readonly (readonly [field: string, failure: NonNullable<RequestControls['mockFailure']>])[] = [
  ['mock_testing_context_fallbacks', 'context_window'],
  ['mock_testing_context_window_fallbacks', 'context_window'],
  ['mock_testing_content_policy_fallbacks', 'content_policy'],
  ['mock_testing_rate_limit_error', 'rate_limit'],
  ['mock_timeout', 'timeout'],
  ['mock_testing_fallbacks', 'any'],
]

const longestSeconds = 86_400
const mostRepeats = 100
const longestNamespace = 256

/**
 * What a request says to the gateway itself, in LiteLLM's fields and headers; a header wins over the body. `model` is
 * the one asked for: chains by group are looked up by it. Throws `invalid_field` naming the field or header, and
 * `unsupported_field` as `readChain` does.
 */
export function readControls({ body, headers }: RequestSource, model: string): RequestControls {
  const speaks =
    bodyFields.some((field) => body[field] !== undefined) || controlHeaders.some((name) => headers[name] !== undefined)
  if (!speaks) return noControls
  const header = (name: (typeof controlHeaders)[number]) => {
    const text = headerText(headers, name).trim()
    return text === '' ? undefined : { value: Number(text), name }
  }
  const field = (...names: string[]) => {
    const name = names.find((candidate) => body[candidate] !== undefined && body[candidate] !== null)
    return name === undefined ? undefined : { value: body[name], name }
  }
  return withoutAbsent({
    timeoutMs: readSeconds(header('x-litellm-timeout') ?? field('timeout', 'request_timeout')),
    streamTimeoutMs: readSeconds(header('x-litellm-stream-timeout') ?? field('stream_timeout')),
    numRetries: readCount(header('x-litellm-num-retries') ?? field('num_retries', 'max_retries')),
    maxFallbacks: readCount(field('max_fallbacks')),
    ...readOtherChains(body, model),
    mockFailure: mockSwitches.find(([name]) => body[name] === true)?.[1],
    cache: readCache(body),
  })
}

interface Written {
  readonly value: JsonValue | undefined
  readonly name: string
}

type OtherChains = {
  readonly [Key in 'contextWindowFallbacks' | 'contentPolicyFallbacks']: readonly string[] | undefined
}

function readOtherChains(body: JsonObject, model: string): OtherChains {
  if (body.disable_fallbacks === true) return { contextWindowFallbacks: [], contentPolicyFallbacks: [] }
  return {
    contextWindowFallbacks:
      readChain(body, 'context_window_fallbacks', model) ?? readChain(body, 'context_window_fallback_dict', model),
    contentPolicyFallbacks: readChain(body, 'content_policy_fallbacks', model),
  }
}

function readSeconds(written: Written | undefined): number | undefined {
  if (written === undefined) return undefined
  const { value, name } = written
  if (typeof value !== 'number' || !(value > 0) || value > longestSeconds) {
    throw invalid(name, `a number of seconds above 0, at most ${longestSeconds}`)
  }
  return Math.max(1, Math.round(value * 1000))
}

function readCount(written: Written | undefined): number | undefined {
  if (written === undefined) return undefined
  const { value, name } = written
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > mostRepeats) {
    throw invalid(name, `a whole number from 0 to ${mostRepeats}`)
  }
  return value
}

/** `caching: false` neither reads nor writes, `caching: true` asks for the cache where it is opt-in. */
function readCache(body: JsonObject): CacheControls | undefined {
  const written = body.cache
  const { caching } = body
  const general: CacheControls =
    caching === false ? { noCache: true, noStore: true } : caching === true ? { useCache: true } : {}
  if (written === undefined || written === null) return caching === undefined ? undefined : general
  if (!isJsonObject(written)) throw invalid('cache', 'an object such as {"no-cache": true}')
  return {
    ...general,
    ...withoutAbsent({
      noCache: readSwitch(written, 'no-cache'),
      noStore: readSwitch(written, 'no-store'),
      useCache: readSwitch(written, 'use-cache'),
      ttlMs: readAge(written, 'ttl'),
      maxAgeMs: readAge(written, 's-maxage') ?? readAge(written, 's-max-age'),
      namespace: readNamespace(written.namespace),
    }),
  }
}

function readSwitch(cache: JsonObject, name: string): boolean | undefined {
  const value = cache[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') throw invalid(`cache.${name}`, 'true or false')
  return value
}

function readAge(cache: JsonObject, name: string): number | undefined {
  const value = cache[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || value < 0) throw invalid(`cache.${name}`, 'a number of seconds, 0 or more')
  return Math.round(value * 1000)
}

function readNamespace(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value === '' || value.length > longestNamespace) {
    throw invalid('cache.namespace', `a text of 1 to ${longestNamespace} characters`)
  }
  return value
}

function invalid(name: string, wanted: string): GatewayError {
  const what = name.startsWith('x-') ? 'header' : 'field'
  return new GatewayError('invalid_field', `The ${what} "${name}" must be ${wanted}.`, { param: name })
}

type Present<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> }

function withoutAbsent<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>
}
