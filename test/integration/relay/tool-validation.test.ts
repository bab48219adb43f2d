import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { type RecordedRequest, type Script, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

let upstream: Upstream
const gateways = new Map<'warn' | 'repair', GatewayProcess>()

beforeAll(async () => {
  upstream = await startUpstream()
  for (const mode of ['warn', 'repair'] as const) {
    const config = `
model_list:
  - model_name: model
    litellm_params:
      { model: openai/upstream-chat, api_base: "${upstream.url}", api_key: key, input_cost_per_token: 0, output_cost_per_token: 0.001 }
signalbox:
  tool_validation: ${mode}
`
    gateways.set(mode, await startGatewayProcess({ config }))
  }
})
beforeEach(() => upstream.reset())
afterAll(async () => {
  for (const gateway of gateways.values()) await gateway.remove()
  await upstream.close()
})

const schema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }
const usage = { prompt: 10, completion: 5 }

/** The model calls the tool with these arguments, in the form that is asked for. */
const calling =
  (text: string) =>
  ({ json }: RecordedRequest): Script => ({
    kind: json?.stream === true ? 'stream' : 'completion',
    toolCalls: [{ id: 'call_1', name: 'read_file', arguments: [text] }],
    usage,
  })

const chat = (members: object = {}) => ({
  path: '/v1/chat/completions',
  body: {
    model: 'model',
    messages: [{ role: 'user', content: 'Read it.' }],
    tools: [{ type: 'function', function: { name: 'read_file', parameters: schema } }],
    ...members,
  },
})
const messages = (members: object = {}) => ({
  path: '/v1/messages',
  body: {
    model: 'model',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Read it.' }],
    tools: [{ name: 'read_file', input_schema: schema }],
    ...members,
  },
})

async function ask(mode: 'warn' | 'repair', { path, body }: { path: string; body: object }) {
  const gateway = gateways.get(mode)
  if (gateway === undefined) throw new Error(`There is no gateway for ${mode}.`)
  const answer = await gateway.request(path, { method: 'POST', body: JSON.stringify(body) })
  const text = await answer.text()
  const [row] = await gateway.recorded(1)
  return { status: answer.status, warning: answer.headers.get('x-signalbox-warning'), text, row }
}

const complaint = "a call of tool read_file breaks its schema: arguments must have required property 'path'"

describe('tool_validation: warn', () => {
  it.each([
    ['passed through', chat()],
    ['translated', messages()],
  ])(
    'a wrong call in a JSON answer that is %s goes out as it is, with header and ledger warning',
    async (_name, request) => {
      upstream.reply(calling('{"file":"a.ts"}'))
      const { status, warning, text, row } = await ask('warn', request)
      expect(status).toBe(200)
      expect(text).toContain('a.ts')
      expect(warning).toBe(complaint)
      expect(row?.warnings).toEqual([complaint])
      expect(upstream.requests).toHaveLength(1)
    },
  )

  it('a wrong call in a translated stream is told to the ledger', async () => {
    upstream.reply(calling('{"file":"a.ts"}'))
    const { warning, text, row } = await ask('warn', messages({ stream: true }))
    expect(text).toContain('message_stop')
    expect(warning).toBeNull()
    expect(row?.warnings).toEqual([complaint])
  })

  it('a call that fits is not mentioned', async () => {
    upstream.reply(calling('{"path":"a.ts"}'))
    for (const request of [chat(), messages(), messages({ stream: true })]) {
      expect((await ask('warn', request)).row?.warnings).toEqual([])
    }
  })
})

describe('tool_validation: repair', () => {
  it.each([
    ['passed through', chat()],
    ['translated', messages()],
    ['a translated stream', messages({ stream: true })],
  ])('a wrong call is sent back once before the client sees it: %s', async (_name, request) => {
    upstream.replyOnce(calling('{"file":"wrong.ts"}'), calling('{"path":"right.ts"}'))
    const { status, text, row } = await ask('repair', request)
    expect(status).toBe(200)
    expect(text).toContain('right.ts')
    expect(text).not.toContain('wrong.ts')
    expect(upstream.requests).toHaveLength(2)
    expect(upstream.requests[1]?.json?.messages?.slice(1)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'call_1', function: { arguments: '{"file":"wrong.ts"}' } }] },
      { role: 'tool', tool_call_id: 'call_1', content: expect.stringContaining("required property 'path'") },
    ])
    expect(row?.warnings).toEqual([complaint])
    // Both answers are paid for.
    expect(row?.usage).toMatchObject({ inputTokens: 20, outputTokens: 10 })
    expect(row?.attempts).toHaveLength(2)
  })

  it('an answer that stays wrong goes out after one try', async () => {
    upstream.reply(calling('{"file":"still.ts"}'))
    const { status, text } = await ask('repair', messages())
    expect(status).toBe(200)
    expect(text).toContain('still.ts')
    expect(upstream.requests).toHaveLength(2)
  })

  it('the first answer goes out where the correction fails', async () => {
    upstream.replyOnce(calling('{"file":"first.ts"}'), { kind: 'error', status: 500, message: 'down' })
    const { status, text, row } = await ask('repair', messages())
    expect(status).toBe(200)
    expect(text).toContain('first.ts')
    expect(row).toMatchObject({ status: 200, usage: { inputTokens: 10, outputTokens: 5 } })
  })

  it('a stream that passes through is not held', async () => {
    upstream.reply(calling('{"file":"a.ts"}'))
    const { text } = await ask('repair', chat({ stream: true }))
    expect(text).toContain('a.ts')
    expect(upstream.requests).toHaveLength(1)
  })
})
