import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { createGate, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { oneModelConfig } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess
let client: OpenAI

const hello = [{ role: 'user' as const, content: 'hello' }]

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({
    config: oneModelConfig(upstream.url, 'router_settings:\n  num_retries: 0\n'),
  })
  client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.masterKey, maxRetries: 2 })
})

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

describe('the openai SDK', () => {
  test('creates a completion and reads its usage', async () => {
    const { data, response } = await client.chat.completions.create({ model: 'small', messages: hello }).withResponse()
    expect(data.choices[0]?.message.content).toBe('Hello.')
    expect(data.usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 5 })
    // 20 in at 0.15 and 5 out at 0.60 USD per million: exact, not a rounded binary fraction.
    expect(response.headers.get('x-litellm-response-cost')).toBe('0.000006')
    const row = (await gateway.recorded()).find(({ id }) => id === response.headers.get('x-litellm-call-id'))
    expect(row).toMatchObject({ agent: 'openai-node', costNanoUsd: 6000, priceSource: 'override' })
  })

  test('streams, with the usage it asked for', async () => {
    const stream = await client.chat.completions.create({
      model: 'small',
      messages: hello,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let tokens = 0
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      tokens += chunk.usage?.total_tokens ?? 0
    }
    expect({ text, tokens }).toEqual({ text: 'Hello.', tokens: 25 })
  })

  test('lists the models', async () => {
    const ids: string[] = []
    for await (const model of client.models.list()) ids.push(model.id)
    expect(ids).toEqual(['small'])
  })

  test('passes tools out and tool calls back', async () => {
    upstream.replyOnce({
      kind: 'completion',
      toolCalls: [{ id: 'call_1', name: 'look_up', arguments: ['{"place":"Ulm"}'] }],
    })
    const tools = [{ type: 'function' as const, function: { name: 'look_up', parameters: { type: 'object' } } }]
    const answer = await client.chat.completions.create({ model: 'small', messages: hello, tools })
    expect(answer.choices[0]?.finish_reason).toBe('tool_calls')
    expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      id: 'call_1',
      function: { name: 'look_up', arguments: '{"place":"Ulm"}' },
    })
    expect(upstream.requests.at(-1)?.json?.tools).toEqual(tools)
  })

  test('sends fields nobody knows, and gets back what nobody knows', async () => {
    upstream.replyOnce({ kind: 'completion', text: 'Hello.', extra: { new_field: { nested: [1, 2] } } })
    const body = { model: 'small', messages: hello, novel_option: { on: true } }
    const answer = await client.chat.completions.create(body)
    expect(answer).toMatchObject({ new_field: { nested: [1, 2] } })
    expect(upstream.requests.at(-1)?.json).toMatchObject({ novel_option: { on: true }, model: 'small-upstream' })
  })

  test('ends the upstream request when its stream is aborted', async () => {
    const gate = createGate()
    upstream.replyOnce({ kind: 'stream', text: ['one ', 'two'], stall: { events: 2, gate } })
    const stream = await client.chat.completions.create({ model: 'small', messages: hello, stream: true })
    const seen: string[] = []
    for await (const chunk of stream) {
      seen.push(chunk.choices[0]?.delta.content ?? '')
      if (seen.includes('one ')) stream.controller.abort()
    }
    await upstream.requests.at(-1)?.aborted
    expect(seen).toContain('one ')
  })
})

describe('its error classes', () => {
  /** Without the list of models, which the gateway asks for by itself after a 404. */
  const questions = (): number => upstream.requests.filter(({ method }) => method === 'POST').length

  test.each([
    [400, OpenAI.BadRequestError],
    [401, OpenAI.AuthenticationError],
    [403, OpenAI.PermissionDeniedError],
    [404, OpenAI.NotFoundError],
    [422, OpenAI.UnprocessableEntityError],
  ])('status %d of the upstream', async (status, errorClass) => {
    const before = questions()
    upstream.replyFor('small-upstream', { kind: 'error', status, message: 'Refused for a test.' })
    const asking = client.chat.completions.create({ model: 'small', messages: hello })
    await expect(asking).rejects.toBeInstanceOf(errorClass)
    // What waiting cannot cure is not asked again, neither by the gateway nor by the SDK.
    expect(questions()).toBe(before + 1)
    upstream.replyFor('small-upstream', { kind: 'completion', text: 'Hello.' })
  })

  test('a wrong key', async () => {
    const stranger = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-wrong', maxRetries: 0 })
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
  })

  test('an unknown model', async () => {
    const asking = client.chat.completions.create({ model: 'nobody', messages: hello })
    await expect(asking).rejects.toMatchObject({ status: 400, code: 'model_not_found' })
  })

  test('a stream that is cut throws in place of ending', async () => {
    upstream.replyOnce({ kind: 'stream', text: ['one ', 'two'], cutAfter: 3 })
    const stream = await client.chat.completions.create({ model: 'small', messages: hello, stream: true })
    const reading = async (): Promise<void> => {
      for await (const _chunk of stream);
    }
    await expect(reading()).rejects.toThrow(/./)
  })
})
