import { connect } from 'node:net'
import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { type RecordedRequest, type Script, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

/*
 * Bad input in each dialect over HTTP. The models are chosen so that every request is translated: what passes through
 * unread is the upstream's to judge.
 */

let upstream: Upstream
let gateway: GatewayProcess

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({
    config: `
model_list:
  - model_name: chat-wire
    litellm_params: { model: openai/upstream-chat, api_base: "${upstream.url}", api_key: upstream-key }
  - model_name: messages-wire
    litellm_params: { model: messages-only/claude-upstream, api_key: upstream-key }
providers:
  messages-only:
    base_url: ${upstream.url}
    wires: [anthropic]
signalbox:
  body_limit_mb: 6
`,
  })
})
beforeEach(() => {
  upstream.reset()
  upstream.reply(helloOnAnyWire)
})
afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

/** The chat upstream's own answer, or the same one on the Messages wire. */
function helloOnAnyWire({ path, json }: RecordedRequest): Script {
  if (path.endsWith('/messages')) {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-upstream',
      content: [{ type: 'text', text: 'Hello.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 2 },
    }
    return { kind: 'raw', headers: { 'content-type': 'application/json' }, body: [JSON.stringify(message)] }
  }
  return json?.stream === true ? { kind: 'stream', text: ['Hel', 'lo.'] } : { kind: 'completion', text: 'Hello.' }
}

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

describe('legacy completions', () => {
  const complete = (body: object, path = '/v1/completions'): Promise<Response> =>
    gateway.request(path, { method: 'POST', body: JSON.stringify(body) })

  it.each(['chat-wire', 'messages-wire'])('are answered by a chat model over the %s', async (model) => {
    const answer = await complete({ model, prompt: 'Say hello', max_tokens: 5 })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      object: 'text_completion',
      model,
      choices: [{ index: 0, text: 'Hello.', finish_reason: 'stop' }],
      usage: { prompt_tokens: expect.any(Number) },
    })
    expect(upstream.requests[0]?.json).toMatchObject({ messages: [{ role: 'user' }], max_tokens: 5 })
    expect(upstream.requests[0]?.body.toString()).not.toContain('prompt')
  })

  it('stream in their own form', async () => {
    const answer = await complete({ model: 'chat-wire', prompt: 'Say hello', stream: true })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const text = await answer.text()
    expect(text).toContain('"object":"text_completion"')
    expect(text).toContain('"text":"Hel"')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it.each(['/completions', '/v1/v1/completions', '/engines/chat-wire/completions'])('also at %s', async (path) => {
    expect((await complete({ model: 'chat-wire', prompt: 'hello' }, path)).status).toBe(200)
  })

  it.each<[object, string, string]>([
    [{}, 'missing_field', 'prompt'],
    [{ messages: [{ role: 'user', content: 'hello' }] }, 'invalid_field', 'messages'],
    [{ prompt: '' }, 'invalid_field', 'prompt'],
    [{ prompt: ['one', 'two'] }, 'unsupported_field', 'prompt'],
    [{ prompt: [1, 2, 3] }, 'unsupported_field', 'prompt'],
    [{ prompt: 'x', suffix: 'y' }, 'unsupported_field', 'suffix'],
    [{ prompt: 'x', stream: 'yes' }, 'invalid_field', 'stream'],
  ])('refuse %j', async (body, code, param) => {
    const answer = await complete({ model: 'chat-wire', ...body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code, param } })
    expect(upstream.requests).toHaveLength(0)
  })
})

describe('what is not held here', () => {
  it.each([
    ['GET', '/v1/responses/resp_1'],
    ['DELETE', '/v1/responses/resp_1'],
    ['GET', '/responses/resp_1'],
    ['GET', '/v1/responses/resp_1/input_items'],
    ['POST', '/v1/responses/resp_1/cancel'],
  ])('%s %s is a 404 that says so', async (method, path) => {
    const answer = await gateway.request(path, { method })
    const body = (await answer.json()) as { error: Record<string, unknown> }
    expect(answer.status).toBe(404)
    openAiShape(body)
    expect(body.error).toMatchObject({ code: 'not_found', param: 'response_id' })
    expect(body.error.message).toContain('resp_1')
  })

  it('POST /v1/responses/compact is a 404 that names the path', async () => {
    const answer = await gateway.request('/v1/responses/compact', { method: 'POST', body: '{"model":"chat-wire"}' })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('/v1/responses/compact') } })
  })

  it.each(['previous_response_id', 'background', 'conversation'])('%s is a 400 that names the field', async (field) => {
    const value = field === 'background' ? true : 'resp_1'
    const answer = await gateway.request('/v1/responses', {
      method: 'POST',
      body: JSON.stringify({ model: 'chat-wire', input: 'hello', [field]: value }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'unsupported_field', param: field } })
    expect(upstream.requests).toHaveLength(0)
  })

  it('a WebSocket at /v1/responses is a 426, after which Codex uses plain requests', async () => {
    const { port } = new URL(gateway.url)
    const head = [
      'GET /v1/responses HTTP/1.1',
      `host: 127.0.0.1:${port}`,
      `authorization: Bearer ${gateway.masterKey}`,
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
    ]
    const answer = await firstAnswer(Number(port), `${head.join('\r\n')}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 426 /u)
  })
})

/** What the server answers to exactly this text, up to the end of the head. */
function firstAnswer(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let seen = ''
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      if (!seen.includes('\r\n\r\n')) return
      resolve(seen)
      socket.destroy()
    })
    socket.write(text)
  })
}
