import { describe, expect, it } from 'vitest'
import { answerKey, groupMark, type KeyedRequest } from '../../../gateway/cache/answer-key.ts'
import type { JsonObject } from '../../../gateway/model/json.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

const request: KeyedRequest = {
  scope: 'key-1',
  namespaces: ['', ''],
  dialect: 'chat-completions',
  shape: ['', '', 'sse'],
  stream: false,
  askedModel: 'smart',
  group: 'cheap',
  groupMark: 'mark',
  defaults: {},
  headers: {},
  body: { model: 'smart', messages: [{ role: 'user', content: 'hello' }] },
}

const keyOf = (changes: Partial<KeyedRequest>) => answerKey({ ...request, ...changes })
const withBody = (more: JsonObject, changes: Partial<KeyedRequest> = {}) =>
  keyOf({ ...changes, body: { ...request.body, ...more } })

describe('the key of an answer', () => {
  it('is 64 hex digits and the same for the same request', () => {
    expect(answerKey(request)).toMatch(/^[0-9a-f]{64}$/)
    expect(keyOf({ body: { messages: [{ content: 'hello', role: 'user' }], model: 'smart' } })).toBe(answerKey(request))
  })

  it.each<[string, Partial<KeyedRequest>]>([
    ['whose key it is', { scope: 'key-2' }],
    ['the namespace of the config', { namespaces: ['team', ''] }],
    ['the namespace of the request', { namespaces: ['', 'team'] }],
    ['the dialect', { dialect: 'messages' }],
    ['the form of the answer', { shape: ['', 'legacy', 'sse'] }],
    ['whether it is a stream', { stream: true }],
    ['the name asked for', { askedModel: 'other' }],
    ['the group that answers', { group: 'strong' }],
    ['what stands behind the group', { groupMark: 'other' }],
    ['fields that are added', { defaults: { temperature: 0 } }],
    ['headers that go upstream', { headers: { 'anthropic-beta': 'x' } }],
  ])('changes with %s', (_what, changes) => {
    expect(keyOf(changes)).not.toBe(answerKey(request))
  })

  it.each<[JsonObject]>([
    [{ temperature: 0.5 }],
    [{ unknown_field: true }],
    [{ messages: [{ role: 'user', content: 'hello ' }] }],
    [
      {
        messages: [{ role: 'user', content: [{ type: 'text', text: 'hello', cache_control: { type: 'ephemeral' } }] }],
      },
    ],
  ])('changes with %j', (more) => {
    expect(withBody(more)).not.toBe(answerKey(request))
  })

  it.each<[JsonObject]>([
    [{ cache: { ttl: 5 } }],
    [{ tags: ['a'] }],
    [{ num_retries: 3, timeout: 5, fallbacks: ['b'] }],
    [{ stream: false }],
    [{ user: 'me', metadata: { run: 1 }, prompt_cache_key: 'ses_1' }],
    [{ api_key: 'sk-other' }],
  ])('does not change with %j', (more) => {
    expect(withBody(more)).toBe(answerKey(request))
  })

  it('changes with labels in Responses, whose answers repeat them', () => {
    const responses = { dialect: 'responses' } as const
    expect(withBody({ metadata: { run: 1 } }, responses)).not.toBe(keyOf(responses))
  })

  it('is none for a number that cannot be read exactly', () => {
    expect(withBody({ seed: 2 ** 53 })).toBeUndefined()
  })
})

describe('the mark of a group', () => {
  const first = deploymentDouble({ id: 'a' })
  const second = deploymentDouble({ id: 'b' })

  it('does not depend on the order of its deployments', () => {
    expect(groupMark([first, second])).toBe(groupMark([second, first]))
  })

  it.each([{ upstreamModel: 'other' }, { baseUrl: 'http://127.0.0.1:8' }, { defaults: { temperature: 1 } }])(
    'changes with %j',
    (changes) => {
      expect(groupMark([{ ...first, ...changes }])).not.toBe(groupMark([first]))
    },
  )

  it('does not change with prices, keys and limits', () => {
    expect(groupMark([{ ...first, rpm: 5, apiKey: { kind: 'missing', names: ['X'] } }])).toBe(groupMark([first]))
  })
})
