import { describe, expect, it } from 'vitest'
import { sealState } from '../../../../gateway/model/sealed-state.ts'
import { Secret } from '../../../../gateway/model/secret.ts'
import { sendNative } from './call-double.ts'

const hi = [{ role: 'user', content: 'hi' }]

describe('the native path', () => {
  it('changes the model and nothing else, byte for byte', () => {
    const before =
      '{ "model":"router",\n "max_tokens": 1e3, "messages":[{"role":"user","content":"h\\u00e9"}], "new_field":{"n":0.10,"big":12345678901234567890}}'
    expect(sendNative(before).text).toBe(before.replace('"router"', '"claude-opus-4-8"'))
  })

  it('forwards version and betas, and no credential but its own', () => {
    const { request } = sendNative(
      { model: 'x', max_tokens: 5, messages: hi },
      {},
      { dialectHeaders: { 'anthropic-version': '2026-10-21', 'anthropic-beta': 'a-1,b-2' } },
    )
    expect(request.url).toBe('https://api.anthropic.com/v1/messages')
    expect(request.headers).toMatchObject({
      'x-api-key': 'sk-ant-api-test',
      'anthropic-version': '2026-10-21',
      'anthropic-beta': 'a-1,b-2',
    })
    expect(request.headers).not.toHaveProperty('authorization')
  })

  it("joins the betas of the config with the client's", () => {
    const { request } = sendNative(
      { model: 'x', max_tokens: 5, messages: hi },
      { headers: { 'anthropic-beta': 'c-3,a-1' } },
      { dialectHeaders: { 'anthropic-beta': 'a-1,b-2' } },
    )
    expect(request.headers['anthropic-beta']).toBe('c-3,a-1,b-2')
  })

  it.each([
    ['https://api.anthropic.com', 'https://api.anthropic.com/v1/messages'],
    ['https://api.z.ai/api/anthropic', 'https://api.z.ai/api/anthropic/v1/messages'],
    ['https://opencode.ai/zen/go/v1', 'https://opencode.ai/zen/go/v1/messages'],
  ])('a base %s is reached at %s', (baseUrl, url) => {
    expect(sendNative({ model: 'x', messages: hi }, { baseUrl }).request.url).toBe(url)
  })

  it('sends the token of a sign-in as a bearer', () => {
    const apiKey = { kind: 'value', secret: new Secret('sk-ant-oat01-test') } as const
    const { headers } = sendNative({ model: 'x', messages: hi }, { apiKey }).request
    expect(headers).toMatchObject({ authorization: 'Bearer sk-ant-oat01-test' })
    expect(headers).not.toHaveProperty('x-api-key')
  })

  it('takes out fields for the gateway and those that no request may set', () => {
    const sent = sendNative({
      model: 'x',
      max_tokens: 5,
      messages: hi,
      fallbacks: ['y'],
      api_base: 'http://evil',
      metadata: { tags: ['t'], user_id: 'u' },
    })
    expect(sent.body).toEqual({ model: 'claude-opus-4-8', max_tokens: 5, messages: hi, metadata: { user_id: 'u' } })
    expect(sent.call.warnings).toEqual(['dropped api_base: a request may not set it'])
  })

  it('adds defaults where the client sent nothing', () => {
    const { body } = sendNative(
      { model: 'x', max_tokens: 5, messages: hi },
      {},
      { defaults: { max_tokens: 9, speed: 'fast' } },
    )
    expect(body).toMatchObject({ max_tokens: 5, speed: 'fast' })
  })
})

describe('fields fitted to the model that answers', () => {
  const claudeCode = {
    model: 'router-auto',
    max_tokens: 128_000,
    messages: hi,
    thinking: { type: 'adaptive', display: 'omitted' },
    output_config: { effort: 'medium' },
    temperature: 0.5,
  }

  it('newest forms for a model that knows them stay as they are', () => {
    const { temperature: _temperature, ...body } = claudeCode
    const sent = sendNative(body)
    expect(sent.body).toEqual({ ...body, model: 'claude-opus-4-8' })
    expect(sent.call.warnings).toEqual([])
  })

  it('adaptive thinking becomes a budget for a model without it', () => {
    const sent = sendNative(claudeCode, { upstreamModel: 'claude-haiku-4-5' })
    expect(sent.body).toMatchObject({ max_tokens: 64_000, thinking: { type: 'enabled', budget_tokens: 8_192 } })
    expect(sent.body).not.toHaveProperty('output_config')
    expect(sent.call.warnings).toHaveLength(3)
  })

  it('a budget becomes an effort for a model without budgets', () => {
    const { body } = sendNative({
      ...claudeCode,
      thinking: { type: 'enabled', budget_tokens: 31_999 },
      output_config: { format: { type: 'json_schema' } },
    })
    expect(body).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'xhigh', format: { type: 'json_schema' } },
    })
  })

  it('a budget stays below an output limit that was lowered', () => {
    const { body } = sendNative(
      { ...claudeCode, thinking: { type: 'enabled', budget_tokens: 100_000 }, output_config: {} },
      { upstreamModel: 'claude-haiku-4-5' },
    )
    expect(body).toMatchObject({ max_tokens: 64_000, thinking: { type: 'enabled', budget_tokens: 63_999 } })
  })

  it('"disabled" is left out for a model that always thinks', () => {
    const { body } = sendNative({ ...claudeCode, thinking: { type: 'disabled' } }, { upstreamModel: 'claude-opus-5-5' })
    expect(body).not.toHaveProperty('thinking')
  })

  it('temperature is dropped where it is refused, and kept where it is harmless', () => {
    expect(sendNative(claudeCode).body).not.toHaveProperty('temperature')
    expect(sendNative({ ...claudeCode, temperature: 1 }).body).toHaveProperty('temperature', 1)
  })

  it('rules on thinking blocks go where thinking goes', () => {
    const { body } = sendNative(
      { ...claudeCode, context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } },
      { upstreamModel: 'claude-3-5-sonnet-20241022' },
    )
    expect(body).not.toHaveProperty('thinking')
    expect(body).not.toHaveProperty('context_management')
  })

  it('changes nothing for a model of another maker', () => {
    const { body } = sendNative(claudeCode, { upstreamModel: 'glm-5.3' })
    expect(body).toEqual({ ...claudeCode, model: 'glm-5.3' })
  })

  it("system messages between others become part of the user's turn for older models only", () => {
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'system', content: [{ type: 'text', text: 'env' }] },
      { role: 'assistant', content: 'ho' },
      { role: 'user', content: 'bye' },
    ]
    expect(sendNative({ model: 'x', max_tokens: 5, messages }).body.messages).toEqual(messages)
    expect(
      sendNative({ model: 'x', max_tokens: 5, messages }, { upstreamModel: 'claude-sonnet-4-6' }).body.messages,
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'hi' },
          { type: 'text', text: '<system>\nenv\n</system>' },
        ],
      },
      messages[2],
      messages[3],
    ])
  })
})

describe('thinking of other upstreams in the history', () => {
  const foreign = { type: 'thinking', thinking: 'mine', signature: sealState([{ scope: 'x', kind: 'k', data: 'd' }]) }
  const genuine = { type: 'thinking', thinking: 'theirs', signature: 'R2VudWluZQ==' }
  const use = { type: 'tool_use', id: 't', name: 'f', input: { n: 0 } }
  const history = (...thinking: object[]): object[] => [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: [...thinking, use] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'r' }] },
  ]
  const send = (messages: object[], deployment: object = {}, more: object = {}): ReturnType<typeof sendNative> =>
    sendNative(JSON.stringify({ model: 'x', max_tokens: 5_000, messages, ...more }), deployment)

  it('is taken out, a genuine one stays byte for byte', () => {
    const sent = send(history(foreign, genuine, { type: 'redacted_thinking', data: foreign.signature }))
    expect(sent.body.messages).toEqual(history(genuine))
    expect(sent.call.warnings).toEqual(['left out thinking that another upstream made'])
  })

  it('unsigned thinking is taken out for Claude models', () => {
    const unsigned = { type: 'thinking', thinking: 'x', signature: '' }
    expect(send(history(unsigned)).body.messages).toEqual(history())
    expect(send(history(unsigned), { upstreamModel: 'glm-5.3' }).body.messages).toEqual(history(unsigned))
  })

  it('takes a turn that held nothing else out with it', () => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [foreign] },
      { role: 'user', content: 'b' },
    ]
    expect(send(messages).body.messages).toEqual([messages[0], messages[2]])
  })

  it('switches thinking with a budget off when the open tool turn lost its own', () => {
    const more = { thinking: { type: 'enabled', budget_tokens: 2_000 } }
    expect(send(history(foreign), { upstreamModel: 'claude-haiku-4-5' }, more).body.thinking).toEqual({
      type: 'disabled',
    })
    expect(send(history(genuine), { upstreamModel: 'claude-haiku-4-5' }, more).body.thinking).toEqual(more.thinking)
  })

  it('keeps the spelling of numbers in what it rewrites', () => {
    const text = JSON.stringify({ model: 'x', max_tokens: 5, messages: history(foreign) }).replace(
      '"n":0',
      '"n":12345678901234567890,"m":1.0',
    )
    expect(sendNative(text).text).toContain('{"n":12345678901234567890,"m":1.0}')
  })
})
