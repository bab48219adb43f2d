import { describe, expect, test } from 'vitest'
import { readChatFacts } from '../../../gateway/dialects/chat-completions/read-facts.ts'
import { readMessagesFacts } from '../../../gateway/dialects/messages/read-facts.ts'
import type { JsonObject } from '../../../gateway/model/json.ts'
import type { RequestControls } from '../../../gateway/model/request-controls.ts'
import { refusalOf } from '../routing/routing-fixtures.ts'

function read(fields: JsonObject, headers: Record<string, string> = {}) {
  return readChatFacts({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...fields }, 10, headers)
}

describe('what a request says to the gateway itself', () => {
  test.each<[string, JsonObject, RequestControls]>([
    ['nothing', {}, {}],
    ['a timeout', { timeout: 1.5 }, { timeoutMs: 1500 }],
    ['a request_timeout', { request_timeout: 2 }, { timeoutMs: 2000 }],
    ['the first of the two', { timeout: 1, request_timeout: 2 }, { timeoutMs: 1000 }],
    ['a stream_timeout', { stream_timeout: 0.25 }, { streamTimeoutMs: 250 }],
    ['repeats', { num_retries: 0 }, { numRetries: 0 }],
    ['repeats by their other name', { max_retries: 3 }, { numRetries: 3 }],
    ['a limit of fallbacks', { max_fallbacks: 1 }, { maxFallbacks: 1 }],
    ['null for not at all', { timeout: null, num_retries: null, cache: null, max_fallbacks: null }, {}],
    ['a pretended failure', { mock_testing_fallbacks: true }, { mockFailure: 'any' }],
    ['a pretended long request', { mock_testing_context_fallbacks: true }, { mockFailure: 'context_window' }],
    ['the same, as documented', { mock_testing_context_window_fallbacks: true }, { mockFailure: 'context_window' }],
    ['a pretended refusal', { mock_testing_content_policy_fallbacks: true }, { mockFailure: 'content_policy' }],
    ['a pretended limit', { mock_testing_rate_limit_error: true }, { mockFailure: 'rate_limit' }],
    ['a pretended timeout', { mock_timeout: true }, { mockFailure: 'timeout' }],
    ['no pretending', { mock_testing_fallbacks: false }, {}],
    [
      'cache controls',
      { cache: { 'no-cache': true, 'no-store': false, ttl: 60, 's-maxage': 1.5, namespace: 'n', 'use-cache': true } },
      { cache: { noCache: true, noStore: false, ttlMs: 60_000, maxAgeMs: 1500, namespace: 'n', useCache: true } },
    ],
    ['caching off', { caching: false }, { cache: { noCache: true, noStore: true } }],
    ['caching on', { caching: true }, { cache: { useCache: true } }],
  ])('%s', (_what, fields, controls) => {
    expect(read(fields).controls).toEqual(controls)
  })

  test('headers win over the body', () => {
    const headers = { 'x-litellm-timeout': '3', 'x-litellm-stream-timeout': '0.5', 'x-litellm-num-retries': '4' }
    expect(read({ timeout: 1, num_retries: 1 }, headers).controls).toEqual({
      timeoutMs: 3000,
      streamTimeoutMs: 500,
      numRetries: 4,
    })
  })

  test('is read in every dialect', () => {
    const body = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }], timeout: 2 }
    expect(readMessagesFacts(body, 10, {}).controls).toEqual({ timeoutMs: 2000 })
  })

  test.each<[string, JsonObject]>([
    ['timeout', { timeout: 0 }],
    ['timeout', { timeout: '5' }],
    ['timeout', { timeout: 1e9 }],
    ['stream_timeout', { stream_timeout: -1 }],
    ['num_retries', { num_retries: 1.5 }],
    ['max_retries', { max_retries: -1 }],
    ['max_fallbacks', { max_fallbacks: 'two' }],
    ['cache', { cache: true }],
    ['cache.ttl', { cache: { ttl: 'long' } }],
    ['cache.no-cache', { cache: { 'no-cache': 'yes' } }],
    ['cache.namespace', { cache: { namespace: '' } }],
    ['context_window_fallbacks', { context_window_fallbacks: 3 }],
    ['content_policy_fallbacks', { content_policy_fallbacks: [{ other: [4] }] }],
  ])('a bad %s is refused by its name', (param, fields) => {
    expect(refusalOf(() => read(fields))).toMatchObject({ code: 'invalid_field', param })
  })

  test('a bad header is refused by its name', () => {
    const refusal = refusalOf(() => read({}, { 'x-litellm-timeout': 'soon' }))
    expect(refusal).toMatchObject({ code: 'invalid_field', param: 'x-litellm-timeout' })
    expect(refusal.message).toContain('header "x-litellm-timeout"')
  })
})

describe('chains in a request', () => {
  test.each<[string, JsonObject['fallbacks']]>([
    ['names', ['b', 'c']],
    ['objects with a model', [{ model: 'b' }, { model: 'c' }]],
    ['chains by group', [{ m: ['b', { model: 'c' }] }, { other: ['x'] }]],
    ['the default entry', [{ other: ['x'] }, { '*': ['b', 'c'] }]],
    ['one block', { m: ['b', 'c'], other: ['x'] }],
    [
      'model_name and fallback_models',
      [
        { model_name: 'm', fallback_models: ['b', 'c'] },
        { model_name: 'other', fallback_models: ['x'] },
      ],
    ],
  ])('are read as %s', (_form, chain) => {
    expect(read({ fallbacks: chain ?? null }).requestFallbacks).toEqual(['b', 'c'])
    const both = read({ context_window_fallbacks: chain ?? null, content_policy_fallbacks: chain ?? null })
    expect(both.controls).toEqual({ contextWindowFallbacks: ['b', 'c'], contentPolicyFallbacks: ['b', 'c'] })
  })

  test('may change fields of the request for a model; the first entry of a model counts', () => {
    const messages = [{ role: 'user', content: 'shorter' }]
    const chain = ['a', { model: 'b', messages, temperature: 0 }, { model: 'b', temperature: 1 }, { model: 'c' }]
    const facts = read({ fallbacks: chain, context_window_fallbacks: [{ m: [{ model: 'd', max_tokens: 5 }] }] })
    expect(facts.requestFallbacks).toEqual(['a', 'b', 'b', 'c'])
    expect(facts.chainChanges).toEqual({
      fallbacks: new Map([['b', { messages, temperature: 0 }]]),
      contextWindow: new Map([['d', { max_tokens: 5 }]]),
    })
    expect(read({ fallbacks: ['a', { model: 'b' }] })).not.toHaveProperty('chainChanges')
  })

  test.each(['stream', 'timeout', 'fallbacks', 'num_retries', 'cache'])(
    'may not change %s, which holds for the whole request',
    (field) => {
      expect(() => read({ fallbacks: [{ model: 'b', [field]: true }] })).toThrow(
        expect.objectContaining({
          code: 'unsupported_field',
          param: 'fallbacks',
          message: expect.stringContaining(field),
        }),
      )
    },
  )

  test("LiteLLM's context_window_fallback_dict names one model for each", () => {
    expect(read({ context_window_fallback_dict: { m: 'big', n: 'x' } }).controls).toEqual({
      contextWindowFallbacks: ['big'],
    })
  })

  test('a chain for another group only means none', () => {
    expect(read({ fallbacks: [{ other: ['x'] }] }).requestFallbacks).toEqual([])
  })

  test('disable_fallbacks takes them all away', () => {
    const facts = read({ disable_fallbacks: true, fallbacks: ['a'], context_window_fallbacks: ['b'] })
    expect(facts.requestFallbacks).toEqual([])
    expect(facts.controls).toEqual({ contextWindowFallbacks: [], contentPolicyFallbacks: [] })
  })
})
