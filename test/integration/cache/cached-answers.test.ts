import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CachedGateway, helloInKind, startCachedGateway } from './cached-gateway.ts'

/*
 * The cache of the real gateway, over HTTP: every dialect, passed through and translated, as JSON and as a stream.
 */

let double: CachedGateway

beforeAll(async () => {
  double = await startCachedGateway(
    'litellm_settings:\n  cache: true\n  cache_params: { type: redis, host: os.environ/NO_REDIS }',
  )
})
beforeEach(() => {
  double.upstream.reset()
  double.upstream.reply(helloInKind)
})
afterAll(() => double.stop())

const dialects = ['chat-completions', 'responses', 'messages', 'gemini'] as const
type DialectName = (typeof dialects)[number]

let count = 0
/** A text that no other test has asked. */
const freshText = () => `question ${(count += 1)}`

interface Asked {
  readonly dialect: DialectName
  readonly model: string
  readonly stream: boolean
  readonly text: string
  readonly more?: object
  readonly key?: string
}

function ask({ dialect, model, stream, text, more = {}, key }: Asked): Promise<Response> {
  const turn = { role: 'user', content: text }
  const [path, body] = {
    'chat-completions': ['/v1/chat/completions', { model, stream, messages: [turn] }],
    responses: ['/v1/responses', { model, stream, input: text }],
    messages: ['/v1/messages', { model, stream, max_tokens: 100, messages: [turn] }],
    gemini: [
      `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      { contents: [{ role: 'user', parts: [{ text }] }] },
    ],
  }[dialect] as [string, object]
  return double.gateway.request(path, {
    method: 'POST',
    body: JSON.stringify({ ...body, ...more }),
    ...(key === undefined ? {} : { key }),
  })
}

const chat = (text: string, more: object = {}, key?: string) =>
  ask({
    dialect: 'chat-completions',
    model: 'chat-completions',
    stream: false,
    text,
    more,
    ...(key === undefined ? {} : { key }),
  })

const isHit = (response: Response) => response.headers.has('x-litellm-cache-key')

async function spendLog(callId: string | null): Promise<Record<string, unknown> | undefined> {
  const response = await double.gateway.request('/spend/logs?limit=50')
  const rows = (await response.json()) as Record<string, unknown>[]
  return rows.find((row) => row.request_id === callId)
}

describe.each(dialects)('a repeated request in %s', (dialect) => {
  describe.each(dialects)('to a model on the wire of %s', (model) => {
    it.each([false, true])(
      'is answered with the same bytes, at no cost, without the upstream; streamed: %s',
      async (stream) => {
        const asked = { dialect, model, stream, text: freshText() }
        const first = await ask(asked)
        const firstBytes = await first.text()
        const second = await ask(asked)
        expect(first.status, firstBytes).toBe(200)
        expect(first.headers.get('x-signalbox-warning')).toBeNull()
        expect(isHit(first)).toBe(false)
        expect(await second.text()).toBe(firstBytes)
        expect(second.status).toBe(200)
        expect(second.headers.get('x-litellm-cache-key')).toMatch(/^[0-9a-f]{64}$/)
        expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'))
        expect(second.headers.get('x-signalbox-model')).toBe(model)
        expect(second.headers.get('x-litellm-response-cost')).toBe('0')
        expect(second.headers.get('x-litellm-call-id')).not.toBe(first.headers.get('x-litellm-call-id'))
        expect(double.upstream.requests).toHaveLength(1)
        expect(await spendLog(second.headers.get('x-litellm-call-id'))).toMatchObject({ cache_hit: 'True', spend: 0 })
        expect(await spendLog(first.headers.get('x-litellm-call-id'))).toMatchObject({ cache_hit: 'False' })
      },
    )
  })
})

describe('what is kept', () => {
  it('a stream and a whole answer apart', async () => {
    const text = freshText()
    await (await ask({ dialect: 'messages', model: 'messages', stream: true, text })).text()
    const whole = await ask({ dialect: 'messages', model: 'messages', stream: false, text })
    expect(isHit(whole)).toBe(false)
  })

  it('nothing of a failure', async () => {
    const text = freshText()
    double.upstream.replyOnce({ kind: 'error', status: 400, message: 'no' })
    expect((await chat(text)).status).toBe(400)
    const again = await chat(text)
    expect([again.status, isHit(again)]).toEqual([200, false])
  })

  it('nothing of a stream that was cut or broke with an error', async () => {
    const text = freshText()
    const asked = { dialect: 'chat-completions', model: 'chat-completions', stream: true, text } as const
    double.upstream.replyOnce({ kind: 'stream', text: ['Hel', 'lo.'], cutAfter: 3 })
    await (await ask(asked)).text()
    double.upstream.replyOnce({ kind: 'stream', text: ['Hel', 'lo.'], errorAfter: { events: 3, message: 'broke' } })
    const second = await ask(asked)
    await second.text()
    const third = await ask(asked)
    expect([isHit(second), isHit(third)]).toEqual([false, false])
    expect(await third.text()).toContain('[DONE]')
  })

  it('nothing of an answer with a warning', async () => {
    const text = freshText()
    const asked = { dialect: 'chat-completions', model: 'messages', stream: false, text, more: { seed: 7 } } as const
    const first = await ask(asked)
    await first.text()
    expect(first.headers.get('x-signalbox-warning')).toContain('seed')
    expect(isHit(await ask(asked))).toBe(false)
  })

  it('per key: nobody gets what another key asked for', async () => {
    const made = await Promise.all(
      ['one', 'two'].map((alias) =>
        double.gateway.request('/key/generate', { method: 'POST', body: JSON.stringify({ key_alias: alias }) }),
      ),
    )
    const keys = await Promise.all(made.map(async (response) => ((await response.json()) as { key: string }).key))
    const text = freshText()
    const asked = keys.flatMap((key) => [key, key])
    const hits: boolean[] = []
    for (const key of asked) hits.push(isHit(await chat(text, {}, key)))
    expect(hits).toEqual([false, true, false, true])
  })

  it('markers of a prompt cache go upstream as they came', async () => {
    const content = [{ type: 'text', text: freshText(), cache_control: { type: 'ephemeral', ttl: '1h' } }]
    const more = { messages: [{ role: 'user', content }] }
    const asked = { dialect: 'messages', model: 'messages', stream: false, text: '', more } as const
    await (await ask(asked)).text()
    expect(double.upstream.requests[0]?.body.toString()).toContain(JSON.stringify(content))
    expect(isHit(await ask(asked))).toBe(true)
  })
})

describe('what a request says', () => {
  it('no-cache asks anew and keeps the new answer', async () => {
    const text = freshText()
    await chat(text)
    expect(isHit(await chat(text, { cache: { 'no-cache': true } }))).toBe(false)
    expect(isHit(await chat(text))).toBe(true)
    expect(double.upstream.requests).toHaveLength(2)
    expect(double.upstream.requests[1]?.json).not.toHaveProperty('cache')
  })

  it('no-store keeps nothing', async () => {
    const text = freshText()
    await chat(text, { cache: { 'no-store': true } })
    expect(isHit(await chat(text))).toBe(false)
  })

  it('a namespace is a cache of its own', async () => {
    const text = freshText()
    await chat(text, { cache: { namespace: 'a' } })
    expect(isHit(await chat(text, { cache: { namespace: 'b' } }))).toBe(false)
    expect(isHit(await chat(text, { cache: { namespace: 'a' } }))).toBe(true)
  })

  it('an answer may be too old', async () => {
    const text = freshText()
    await chat(text)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(isHit(await chat(text, { cache: { 's-maxage': 0.001 } }))).toBe(false)
    expect(isHit(await chat(text, { cache: { 's-maxage': 600 } }))).toBe(true)
  })
})

describe('embeddings', () => {
  const embed = (input: unknown) =>
    double.gateway.request('/v1/embeddings', {
      method: 'POST',
      body: JSON.stringify({ model: 'chat-completions', input }),
    })
  const inputsAsked = () => double.upstream.requests.map(({ json }) => (json as unknown as { input: unknown }).input)

  it('of a repeated batch are the same bytes', async () => {
    const batch = [freshText(), 'aa', 'bbb']
    const first = await (await embed(batch)).text()
    const second = await embed(batch)
    expect(await second.text()).toBe(first)
    expect(isHit(second)).toBe(true)
    expect(inputsAsked()).toHaveLength(1)
  })

  it('are asked for only where they are not known, each once, and answered in order with all tokens', async () => {
    const [a, b, c] = [freshText(), freshText(), freshText()]
    await (await embed([a, b])).text()
    const mixed = await embed([c, b, `${c}!`, a, c])
    const body = (await mixed.json()) as { data: { index: number; embedding: number[] }[]; usage: object }
    expect(inputsAsked()).toEqual([
      [a, b],
      [c, `${c}!`],
    ])
    expect(body.data.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
    expect(body.data.map(({ embedding }) => embedding[0])).toEqual([c, b, `${c}!`, a, c].map((text) => text.length))
    const tokens = [c, b, `${c}!`, a, c].reduce((sum, text) => sum + text.length, 0)
    expect(body.usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens })
    const [row] = await double.gateway.recorded(1)
    expect(row?.usage?.inputTokens).toBe(2 * c.length + 1)
  })

  it('of known inputs in a new order cost nothing', async () => {
    const [a, b] = [freshText(), `${freshText()}..`]
    await (await embed([a, b])).text()
    const turned = await embed([b, a])
    const { data } = (await turned.json()) as { data: { embedding: number[] }[] }
    expect(isHit(turned)).toBe(true)
    expect(data.map(({ embedding }) => embedding[0])).toEqual([b.length, a.length])
    expect(isHit(await embed(a))).toBe(true)
    expect(inputsAsked()).toHaveLength(1)
  })
})

describe('the routes of the cache', () => {
  it('tell its size, delete single answers, and empty it', async () => {
    const text = freshText()
    await chat(text)
    const hit = await chat(text)
    const request = (path: string, init?: RequestInit) => double.gateway.request(path, init)
    expect(await (await request('/cache/ping')).json()).toMatchObject({ status: 'healthy' })
    const key = hit.headers.get('x-litellm-cache-key')
    const removed = await request('/cache/delete', { method: 'POST', body: JSON.stringify({ keys: [key] }) })
    expect(await removed.json()).toMatchObject({ deleted: 1 })
    expect(isHit(await chat(text))).toBe(false)
    const { answers } = (await (await request('/api/cache')).json()) as { answers: number }
    expect(answers).toBeGreaterThan(0)
    const flushed = await request('/cache/flushall', { method: 'POST' })
    expect(await flushed.json()).toMatchObject({ deleted: answers })
    expect(isHit(await chat(text))).toBe(false)
  })
})
