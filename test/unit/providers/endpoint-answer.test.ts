import { describe, expect, it } from 'vitest'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { readChatAnswer } from '../../../gateway/providers/chat-wire/chat-answer.ts'
import { readEndpointAnswer } from '../../../gateway/providers/openai-compatible/endpoint-call.ts'
import { readEndpointUsage } from '../../../gateway/providers/openai-compatible/endpoint-usage.ts'

const name = { provider: 'openai', upstreamModel: 'text-embedding-3-small' }

const read = (body: Buffer, headers: Record<string, string>, path = '/embeddings', stream = false) =>
  readEndpointAnswer(
    { name, call: { path, stream }, readUsage: (answer) => readEndpointUsage(deploymentDouble({}), path, answer) },
    body,
    headers,
  )

describe('the answer of an endpoint that is no conversation', () => {
  it('keeps bytes and type, and gives the usage of JSON', () => {
    const body = Buffer.from('{ "data":[{"embedding":[0.10]}], "usage":{"prompt_tokens":7,"total_tokens":7} }')
    const answer = read(body, { 'content-type': 'application/json' })
    expect(answer.body).toBe(body)
    expect(answer.usage).toMatchObject({ inputTokens: 7, outputTokens: 0 })
    expect(() => readChatAnswer(name, body, false)).toThrow('without choices')
  })

  it('keeps audio as it is', () => {
    const body = Buffer.from([0xff, 0xfb, 0x90, 0x00])
    expect(read(body, { 'content-type': 'audio/mpeg' })).toMatchObject({
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
      read(Buffer.from(text), { 'content-type': 'application/json' })
    } catch (error) {
      seen = error
    }
    expect(seen).toMatchObject({ code })
  })

  it.each<[string, string, object, object | null]>([
    ['seconds of audio', '/audio/transcriptions', { type: 'duration', seconds: 9 }, null],
    ['tokens of sound', '/audio/transcriptions', { input_tokens: 9, input_token_details: { audio_tokens: 9 } }, null],
    ['tokens of a picture', '/images/edits', { input_tokens: 9, output_tokens: 100 }, null],
    ['tokens of text', '/moderations', { input_tokens: 9, output_tokens: 1 }, { inputTokens: 9, outputTokens: 1 }],
    ['nothing but a total', '/rerank', { total_tokens: 5 }, null],
  ])('%s: a price is never made up', (_name, path, usage, expected) => {
    const { usage: counted } = read(
      Buffer.from(JSON.stringify({ usage })),
      { 'content-type': 'application/json' },
      path,
    )
    if (expected === null) expect(counted).toBeNull()
    else expect(counted).toMatchObject(expected)
  })

  it('a web page is no answer, but may be what a file holds', () => {
    const page = Buffer.from('<html>login</html>')
    expect(() => read(page, { 'content-type': 'text/html; charset=utf-8' })).toThrow('web page')
    expect(read(page, { 'content-type': 'text/html' }, '/files/file-1/content').body).toBe(page)
    const errorFile = Buffer.from('{"error":{"message":"kept"}}')
    expect(read(errorFile, { 'content-type': 'application/json' }, '/files/f/content').body).toBe(errorFile)
  })

  it('a transcript in one piece serves a client that wants a stream; a picture does not', () => {
    const body = Buffer.from('{"text":"hello there"}')
    const { events, terminal } = read(
      body,
      { 'content-type': 'application/json' },
      '/audio/transcriptions',
      true,
    ).asStream()
    expect(events.toString()).toBe('data: {"type":"transcript.text.delta","delta":"hello there"}\n\n')
    expect(terminal.toString()).toBe('data: {"type":"transcript.text.done","text":"hello there"}\n\n')
    expect(() => read(body, { 'content-type': 'application/json' }, '/images/generations', true)).toThrow('stream')
  })
})
