import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deploymentAt, type RelayServer, startRelayServer } from '../../doubles/relay-server.ts'
import { type RecordedRequest, type Script, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

let upstream: Upstream
let server: RelayServer
let dropParams: boolean

beforeEach(async () => {
  dropParams = true
  upstream = await startUpstream()
  server = await startRelayServer({ dropParams: () => dropParams })
  server.setDeployments([deploymentAt(upstream.url)])
})
afterEach(async () => {
  await server.close()
  await upstream.close()
})

const post = (fields: object): Promise<Response> =>
  fetch(server.url, { method: 'POST', body: JSON.stringify({ model: 'group', messages: [], ...fields }) })

/** An upstream that takes no field but those it must. */
const refuses =
  (...fields: readonly string[]) =>
  ({ json }: RecordedRequest): Script => {
    const field = fields.find((name) => json?.[name] !== undefined)
    if (field !== undefined) {
      return {
        kind: 'error',
        status: 400,
        message: `Unsupported parameter: '${field}' is not supported with this model.`,
      }
    }
    return json?.stream === true ? { kind: 'stream', text: ['Hi.'] } : { kind: 'completion', text: 'Hi.' }
  }

describe('a field that the upstream refuses by name', () => {
  it('is left out at once under drop_params, and from then on beforehand', async () => {
    upstream.reply(refuses('seed', 'top_k'))
    const first = await post({ seed: 1, top_k: 5, temperature: 0 })
    expect(first.status).toBe(200)
    expect(first.headers.get('x-signalbox-warning')).toContain('dropped seed')
    expect(first.headers.get('x-litellm-attempted-retries')).toBe('0')
    expect(upstream.requests.map(({ json }) => [json?.seed, json?.top_k])).toEqual([
      [1, 5],
      [undefined, 5],
      [undefined, undefined],
    ])
    expect(upstream.requests.at(-1)?.json).toMatchObject({ temperature: 0 })
    const second = await post({ seed: 2, top_k: 5 })
    expect(second.status).toBe(200)
    expect(second.headers.get('x-signalbox-warning')).toContain('dropped seed')
    expect(upstream.requests).toHaveLength(4)
  })

  it('a refused value is left out of this request alone', async () => {
    const refusesLow = ({ json }: RecordedRequest): Script =>
      json?.temperature === 0.2
        ? {
            kind: 'error',
            status: 400,
            message: "Unsupported value: 'temperature' does not support 0.2 with this model.",
          }
        : { kind: 'completion', text: 'Hi.' }
    upstream.reply(refusesLow)
    expect((await post({ temperature: 0.2 })).status).toBe(200)
    expect((await post({ temperature: 1 })).status).toBe(200)
    expect(upstream.requests.map(({ json }) => json?.temperature)).toEqual([0.2, undefined, 1])
  })

  it('is named without drop_params, with what would help', async () => {
    dropParams = false
    upstream.reply(refuses('seed'))
    const answer = await post({ seed: 1 })
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as { error: { message: string; param: string } }
    expect(error.param).toBe('seed')
    expect(error.message).toContain('drop_params: true')
    expect(upstream.requests).toHaveLength(1)
  })

  it('ends when the upstream refuses what was left out, and never leaves the conversation out', async () => {
    upstream.reply({ kind: 'error', status: 400, message: "Unsupported parameter: 'seed'" })
    expect((await post({ seed: 1 })).status).toBe(400)
    expect(upstream.requests).toHaveLength(2)
    upstream.reset()
    upstream.reply({ kind: 'error', status: 400, message: "Unsupported parameter: 'messages'" })
    expect((await post({})).status).toBe(400)
    expect(upstream.requests).toHaveLength(1)
  })

  it('the wish for usage is the gateway’s own, and given up without asking', async () => {
    dropParams = false
    upstream.reply(refuses('stream_options'))
    const answer = await post({ stream: true })
    expect(await answer.text()).toContain('Hi.')
    await (await post({ stream: true })).text()
    expect(upstream.requests.map(({ json }) => json?.stream_options)).toEqual([
      { include_usage: true },
      undefined,
      undefined,
    ])
  })
})

describe('pitfall 52: gpt-5.6 with tools', () => {
  const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }]
  const asResponse = (): Script => ({
    kind: 'raw',
    headers: { 'content-type': 'application/json' },
    body: [
      JSON.stringify({
        id: 'resp_1',
        object: 'response',
        status: 'completed',
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi.' }] }],
        usage: { input_tokens: 1, output_tokens: 1 },
      }),
    ],
  })
  const asksFor = (id: string): void => {
    const chat = deploymentAt(upstream.url, { upstreamModel: id })
    const responses = { ...chat, adapter: 'openai-responses' as const }
    server.setDeployments([{ ...chat, alternatives: [responses] }])
    upstream.reply(({ path }) => (path.endsWith('/responses') ? asResponse() : { kind: 'completion', text: 'Hi.' }))
  }

  it.each<[string, string, object, string]>([
    ['goes to Responses, where it thinks', 'gpt-5.6-sol', { tools }, '/v1/responses'],
    ['also with an effort', 'gpt-5.6-sol', { tools, reasoning_effort: 'high' }, '/v1/responses'],
    ['stays where it is not to think', 'gpt-5.6-sol', { tools, reasoning_effort: 'none' }, '/v1/chat/completions'],
    ['stays without tools', 'gpt-5.6-sol', {}, '/v1/chat/completions'],
    ['does not concern older models', 'gpt-5.4', { tools }, '/v1/chat/completions'],
    ['nor what Responses cannot hold', 'gpt-5.6-sol', { tools, n: 2 }, '/v1/chat/completions'],
  ])('%s', async (_name, model, fields, path) => {
    asksFor(model)
    const messages = [{ role: 'user', content: 'hi' }]
    const answer = await post({ messages, ...fields })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'Hi.' } }] })
    expect(upstream.requests.map((request) => request.path)).toEqual([path])
  })

  it('without a Responses wire it is told not to think, and the client hears of it', async () => {
    server.setDeployments([deploymentAt(upstream.url, { upstreamModel: 'gpt-5.6-sol' })])
    const answer = await post({ messages: [{ role: 'user', content: 'hi' }], tools })
    expect(upstream.requests[0]?.json).toMatchObject({ reasoning_effort: 'none' })
    expect(answer.headers.get('x-signalbox-warning')).toContain('reasoning was set to none')
  })
})
