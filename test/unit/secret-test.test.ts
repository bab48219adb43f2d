import { describe, expect, it } from 'vitest'
import { defaultDeadlines } from '../../gateway/config/compile/compile-deadlines.ts'
import { Secret } from '../../gateway/model/secret.ts'
import type { ListPlace, ModelEntriesAnswer } from '../../gateway/providers/model-list.ts'
import { testSecret } from '../../gateway/secret-test.ts'

const place = (host: string): ListPlace => ({
  adapter: 'openai-compatible',
  baseUrl: `https://${host}/v1`,
  apiKey: { kind: 'none' },
  headers: {},
  deadlines: defaultDeadlines,
})
const answered = (status: number, models?: number): ModelEntriesAnswer => ({
  kind: 'answered',
  status,
  entries: models === undefined ? undefined : Array.from({ length: models }, (_, index) => ({ id: `m${index}` })),
})

/** One provider that says this with the key, and that without. */
async function tryOne(withKey: ModelEntriesAnswer, without: ModelEntriesAnswer = answered(401)) {
  const tested = {
    name: 'A_KEY',
    value: new Secret('sk-canary'),
    provider: undefined,
    places: new Map([['acme', place('acme.test')]]),
  }
  const { works, results } = await testSecret(tested, async ({ apiKey }) =>
    apiKey.kind === 'value' ? withKey : without,
  )
  expect(JSON.stringify(results)).not.toContain('canary')
  return { works, ...results[0] }
}

describe('a test of a key', () => {
  it.each([
    ['works', answered(200, 27), answered(401), true, 27, null, /^Works: 27 models\.$/],
    ['one model', answered(200, 1), answered(401), true, 1, null, /^Works: 1 model\.$/],
    ['a list for anybody', answered(200, 3), answered(200, 3), true, 3, null, /the key itself is not proved/],
    ['a refusal', answered(401), answered(401), false, null, 'provider_key_refused', /^acme refuses this key \(401\)/],
    ['a wait', answered(429), answered(401), false, null, 'rate_limited', /Try again later/],
    [
      'no list',
      answered(404),
      answered(404),
      false,
      null,
      'upstream_error',
      /^acme\.test gave no list of models \(404\)/,
    ],
    [
      'nobody',
      { kind: 'unreachable', reason: 'acme.test refused the connection' },
      answered(401),
      false,
      null,
      'upstream_error',
      /refused the connection\.$/,
    ],
  ] as const)('tells of %s', async (_name, withKey, without, works, models, code, sentence) => {
    const result = await tryOne(withKey, without)
    expect(result).toMatchObject({ works, models, code, provider: 'acme', host: 'acme.test' })
    expect(result.sentence).toMatch(sentence)
  })

  it('is refused without a value, without anybody to ask, and for a provider it is no key of', async () => {
    const nobody = async () => answered(200, 1)
    const tested = { name: 'A_KEY', value: new Secret('x'), provider: undefined, places: new Map<string, ListPlace>() }
    await expect(testSecret({ ...tested, value: undefined }, nobody)).rejects.toMatchObject({
      code: 'provider_key_missing',
    })
    await expect(testSecret(tested, nobody)).rejects.toMatchObject({ code: 'not_found' })
    const places = new Map([['acme', place('acme.test')]])
    await expect(testSecret({ ...tested, places, provider: 'other' }, nobody)).rejects.toThrow(/is one of acme/)
  })
})
