import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest'
import type { GatewayProcess } from '../../doubles/gateway-process.ts'
import type { Upstream } from '../../doubles/upstream-server.ts'
import { helloOnAnyWire, startTwoWires } from './two-wires.ts'

/*
 * Bad input in each dialect over HTTP. The models are chosen so that every request is translated: what passes through
 * unread is the upstream's to judge.
 */

let upstream: Upstream
let gateway: GatewayProcess

beforeAll(async () => {
  ;({ upstream, gateway } = await startTwoWires())
})
beforeEach(() => {
  upstream.reset()
  upstream.reply(helloOnAnyWire)
})
afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

interface Part {
  readonly kind: 'text' | 'bad-image' | 'unknown' | 'nested' | 'orphan-result'
  readonly text?: string
}

interface DialectCase {
  readonly name: 'chat completions' | 'responses' | 'messages' | 'gemini'
  readonly model: string
  readonly path: (model: string) => string
  /** A request with this one part in the user's turn. */
  readonly body: (model: string, part: Part) => object
  readonly conversationField: string
  /** Checks that the body of an answer is an error of this dialect and of no other. */
  readonly expectShape: (body: unknown, status: number) => void
}

function nested(levels: number): object {
  let value: object = {}
  for (let level = 0; level < levels; level += 1) value = { deeper: value }
  return value
}

const notBase64 = 'this is not base64 !!!'

const openAiShape = (body: unknown): void => {
  const { error, ...beside } = body as { error: Record<string, unknown> }
  expect(beside).toEqual({})
  expect(error).toMatchObject({ message: expect.any(String), type: expect.any(String), code: expect.any(String) })
  expect(error).toHaveProperty('param')
  expect(error).not.toHaveProperty('status')
}

const chatPart = (part: Part): object | undefined =>
  ({
    text: { type: 'text', text: part.text ?? 'hello' },
    'bad-image': { type: 'image_url', image_url: { url: `data:image/png;base64,${notBase64}` } },
    unknown: { type: 'hologram', hologram: {} },
    nested: { type: 'hologram', hologram: nested(1_000) },
    'orphan-result': undefined,
  })[part.kind]

const cases: readonly DialectCase[] = [
  {
    name: 'chat completions',
    model: 'messages-wire',
    path: () => '/v1/chat/completions',
    body: (model, part) => {
      const content = chatPart(part)
      const message =
        content === undefined
          ? { role: 'tool', tool_call_id: 'call_1', content: 'done' }
          : { role: 'user', content: [content] }
      return { model, messages: [message] }
    },
    conversationField: 'messages',
    expectShape: openAiShape,
  },
  {
    name: 'responses',
    model: 'chat-wire',
    path: () => '/v1/responses',
    body: (model, part) => {
      const content = {
        text: { type: 'input_text', text: part.text ?? 'hello' },
        'bad-image': { type: 'input_image', image_url: `data:image/png;base64,${notBase64}` },
        unknown: { type: 'hologram', hologram: {} },
        nested: { type: 'hologram', hologram: nested(1_000) },
        'orphan-result': undefined,
      }[part.kind]
      const item =
        content === undefined
          ? { type: 'function_call_output', call_id: 'call_1', output: 'done' }
          : { type: 'message', role: 'user', content: [content] }
      return { model, input: [item] }
    },
    conversationField: 'input',
    expectShape: openAiShape,
  },
  {
    name: 'messages',
    model: 'chat-wire',
    path: () => '/v1/messages',
    body: (model, part) => {
      const block = {
        text: { type: 'text', text: part.text ?? 'hello' },
        'bad-image': { type: 'image', source: { type: 'base64', media_type: 'image/png', data: notBase64 } },
        unknown: { type: 'hologram', hologram: {} },
        nested: { type: 'hologram', hologram: nested(1_000) },
        'orphan-result': { type: 'tool_result', tool_use_id: 'toolu_1', content: 'done' },
      }[part.kind]
      return { model, max_tokens: 100, messages: [{ role: 'user', content: [block] }] }
    },
    conversationField: 'messages',
    expectShape: (body) => {
      const { type, error, request_id: id, ...beside } = body as Record<string, unknown>
      expect(beside).toEqual({})
      expect(type).toBe('error')
      expect(id).toEqual(expect.any(String))
      expect(error).toMatchObject({
        type: expect.stringMatching(/_error$|^request_too_large$/u),
        message: expect.any(String),
      })
    },
  },
  {
    name: 'gemini',
    model: 'chat-wire',
    path: (model) => `/v1beta/models/${model}:generateContent`,
    body: (_model, part) => {
      const written = {
        text: { text: part.text ?? 'hello' },
        'bad-image': { inlineData: { mimeType: 'image/png', data: notBase64 } },
        unknown: { hologram: {} },
        nested: { hologram: nested(1_000) },
        'orphan-result': { functionResponse: { name: 'weather', response: { result: 'done' } } },
      }[part.kind]
      return { contents: [{ role: 'user', parts: [written] }] }
    },
    conversationField: 'contents',
    expectShape: (body, status) => {
      const { error, ...beside } = body as { error: Record<string, unknown> }
      expect(beside).toEqual({})
      expect(error).toMatchObject({
        code: status,
        message: expect.any(String),
        status: expect.stringMatching(/^[A-Z_]+$/u),
      })
      expect(error).not.toHaveProperty('type')
      expect(error).not.toHaveProperty('param')
    },
  },
]

const post = (dialect: DialectCase, body: object | string, model = dialect.model): Promise<Response> =>
  gateway.request(dialect.path(model), { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })

/** The body of a refusal, after a look at its status, its shape and that no upstream was asked. */
async function refusal(dialect: DialectCase, answer: Response, status: number): Promise<string> {
  const text = await answer.text()
  expect({ status: answer.status, text }).toMatchObject({ status })
  expect(answer.headers.get('content-type')).toContain('application/json')
  expect(answer.headers.get('x-should-retry')).toBe('false')
  dialect.expectShape(JSON.parse(text), status)
  expect(upstream.requests).toHaveLength(0)
  return text
}

describe.each(cases)('$name', (dialect) => {
  const { model } = dialect

  it('is answered where nothing is wrong', async () => {
    const answer = await post(dialect, dialect.body(model, { kind: 'text' }))
    expect({ status: answer.status, text: await answer.text() }).toMatchObject({
      status: 200,
      text: expect.stringContaining('Hello.'),
    })
  })

  it.each([
    ['malformed JSON', '{"model": "chat-wire", '],
    ['no body', ''],
    ['a list', '[]'],
    ['a text', '"hello"'],
  ])('refuses %s', async (_name, body) => {
    expect(await refusal(dialect, await post(dialect, body), 400)).toContain('invalid_json')
  })

  it('refuses a request without its conversation, and names the field', async () => {
    const text = await refusal(dialect, await post(dialect, { model }), 400)
    expect(text).toContain(dialect.conversationField)
    expect(text).toContain('missing_field')
  })

  it.each([7, true])('refuses a conversation that is %j', async (conversation) => {
    const text = await refusal(dialect, await post(dialect, { model, [dialect.conversationField]: conversation }), 400)
    expect(text).toContain(dialect.conversationField)
  })

  it('refuses an unknown model, and names it', async () => {
    const text = await refusal(
      dialect,
      await post(dialect, dialect.body('no-such-model', { kind: 'text' }), 'no-such-model'),
      400,
    )
    expect(text).toContain('no-such-model')
    expect(text).toContain('model_not_found')
  })

  it.each([
    ['a wrong key', 'sk-wrong-key', 'invalid_key'],
    ['no key', undefined, 'missing_key'],
  ])('refuses %s', async (_name, key, code) => {
    const answer = await gateway.request(dialect.path(model), {
      method: 'POST',
      body: JSON.stringify(dialect.body(model, { kind: 'text' })),
      key,
    })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(await refusal(dialect, answer, 401)).toContain(code)
  })

  it('refuses a body above the limit', async () => {
    const text = 'x'.repeat(7 * 1024 * 1024)
    const answer = await post(dialect, dialect.body(model, { kind: 'text', text }))
    expect(await refusal(dialect, answer, 413)).not.toContain('xxxx')
  })

  it('takes 5 MB in one line', async () => {
    const text = 'word '.repeat(1024 * 1024)
    const answer = await post(dialect, dialect.body(model, { kind: 'text', text }))
    expect(answer.status).toBe(200)
    await answer.text()
    expect(upstream.requests[0]?.body.length).toBeGreaterThan(text.length)
  })

  it('refuses an image that is not base64, and names the field', async () => {
    const text = await refusal(dialect, await post(dialect, dialect.body(model, { kind: 'bad-image' })), 400)
    expect(text).toContain('invalid_field')
    expect(text).toContain('base64')
    expect(text).not.toContain(notBase64)
  })

  it.each(['unknown', 'nested'] as const)('refuses a part it does not know: %s', async (kind) => {
    await refusal(dialect, await post(dialect, dialect.body(model, { kind })), 400)
  })

  it('does not break on arrays that are nested 100,000 levels deep', async () => {
    const depth = 100_000
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`
    const body = JSON.stringify({ model, [dialect.conversationField]: 'DEEP' }).replace('"DEEP"', deep)
    await refusal(dialect, await post(dialect, body), 400)
  })

  it('does not send a tool result without its call', async () => {
    const answer = await post(dialect, dialect.body(model, { kind: 'orphan-result' }))
    const text = await answer.text()
    if (answer.status === 200) expect(answer.headers.get('x-signalbox-warning')).toContain('tool result')
    else dialect.expectShape(JSON.parse(text), 400)
    for (const { body } of upstream.requests) expect(body.toString()).not.toMatch(/tool_call_id|tool_use_id/u)
  })

  it('tells of an overloaded upstream in its own words', async () => {
    upstream.reply({ kind: 'error', status: 529, message: 'Overloaded' })
    const answer = await post(dialect, dialect.body(model, { kind: 'text' }))
    const status = dialect.name === 'messages' ? 529 : 503
    expect(answer.status).toBe(status)
    dialect.expectShape(await answer.json(), 503)
    expect((await gateway.recorded(1))[0]?.status).toBe(status)
  })
})
