import { describe, expect, it } from 'vitest'
import { readChatAnswer } from '../../../gateway/providers/chat-wire/chat-answer.ts'
import { readEndpointAnswer } from '../../../gateway/providers/openai-compatible/endpoint-call.ts'

const name = { provider: 'openai', upstreamModel: 'text-embedding-3-small' }

describe('the answer of an endpoint that is no conversation', () => {
  it('keeps bytes and type, and gives the usage of JSON', () => {
    const body = Buffer.from('{ "data":[{"embedding":[0.10]}], "usage":{"prompt_tokens":7,"total_tokens":7} }')
    const answer = readEndpointAnswer(name, body, { 'content-type': 'application/json' })
    expect(answer.body).toBe(body)
    expect(answer.usage).toMatchObject({ inputTokens: 7, outputTokens: 0 })
    expect(() => readChatAnswer(name, body, false)).toThrow('without choices')
  })

  it('keeps audio as it is', () => {
    const body = Buffer.from([0xff, 0xfb, 0x90, 0x00])
    expect(readEndpointAnswer(name, body, { 'content-type': 'audio/mpeg' })).toMatchObject({
      body,
      contentType: 'audio/mpeg',
      usage: null,
    })
  })

  it.each([
    ['an error with status 200', '{"error":{"message":"x"}}', 'upstream_error'],
    ['cut JSON', '{"data":', 'upstream_invalid_answer'],
  ])('refuses %s', (_name, text, code) => {
    let seen: unknown
    try {
      readEndpointAnswer(name, Buffer.from(text), { 'content-type': 'application/json' })
    } catch (error) {
      seen = error
    }
    expect(seen).toMatchObject({ code })
  })
})
