import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { readChatErrorObject } from '../../../gateway/providers/chat-wire/chat-failure.ts'
import { ChatStreamTap } from '../../../gateway/providers/chat-wire/chat-stream-tap.ts'

const name = { provider: 'openai', upstreamModel: 'gpt-test' }

function openTap(withholdUsage = false): ChatStreamTap {
  return new ChatStreamTap({
    withholdUsage,
    readError: (error) => readChatErrorObject(name, error),
    oversized: () => new GatewayError('upstream_invalid_answer', 'too large'),
  })
}

const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`
const chunk = (delta: object, finish: string | null = null, more: object = {}): string =>
  event({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...more })
const usage = { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13, prompt_tokens_details: { cached_tokens: 4 } }
const usageChunk = event({ id: 'c', choices: [], usage })
const role = chunk({ role: 'assistant', content: '' })
const hello = chunk({ content: 'hello 🚦' })
const stop = chunk({}, 'stop')
const done = 'data: [DONE]\n\n'

function run(tap: ChatStreamTap, chunks: readonly (string | Buffer)[]): string {
  const out: Buffer[] = []
  for (const bytes of chunks) out.push(...tap.feed(Buffer.from(bytes)))
  out.push(...tap.finish())
  return Buffer.concat(out).toString()
}

describe('ChatStreamTap', () => {
  it('gives on every byte but the end marker', () => {
    const tap = openTap()
    expect(run(tap, [role + hello, stop + usageChunk + done])).toBe(role + hello + stop + usageChunk)
    expect(tap).toMatchObject({ complete: true, terminated: true, sawOutput: true, failure: undefined })
    expect(tap.terminal.toString()).toBe(done)
    expect(tap.usage).toEqual({
      inputTokens: 10,
      cachedTokens: 4,
      cacheWriteTokens: 0,
      outputTokens: 3,
      reasoningTokens: 0,
    })
  })

  it('keeps a usage chunk back that the client did not ask for', () => {
    const tap = openTap(true)
    expect(run(tap, [role + hello + stop + usageChunk + done])).toBe(role + hello + stop)
    expect(tap.usage?.inputTokens).toBe(10)
  })

  it('reads usage from a chunk with choices and gives that chunk on', () => {
    const tap = openTap(true)
    const finish = chunk({}, 'stop', { usage })
    expect(run(tap, [hello + finish + done])).toBe(hello + finish)
    expect(tap.usage?.outputTokens).toBe(3)
  })

  it('reads usage before the finish chunk, and takes the last word', () => {
    const tap = openTap(true)
    run(tap, [hello, event({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }), stop, usageChunk, done])
    expect(tap.usage?.inputTokens).toBe(10)
  })

  it('does not take the first event for output before there is some', () => {
    const tap = openTap()
    tap.feed(Buffer.from(role))
    expect(tap.sawOutput).toBe(false)
    tap.feed(Buffer.from(hello))
    expect(tap.sawOutput).toBe(true)
  })

  it.each([
    ['tool calls', { tool_calls: [{ index: 0, id: 'x', function: { name: 'f', arguments: '' } }] }],
    ['reasoning_content', { reasoning_content: 'hm' }],
    ['reasoning', { reasoning: 'hm' }],
    ['a refusal', { refusal: 'no' }],
  ])('takes %s for output', (_name, delta) => {
    const tap = openTap()
    tap.feed(Buffer.from(chunk(delta)))
    expect(tap.sawOutput).toBe(true)
  })

  it('survives chunks without choices, null deltas and comments', () => {
    const tap = openTap()
    const odd = `: OPENROUTER PROCESSING\n\n${event({ choices: [], prompt_filter_results: [] })}${event({ choices: [{ delta: null }] })}${event({})}`
    expect(run(tap, [odd + hello + stop + done])).toBe(odd + hello + stop)
    expect(tap.complete).toBe(true)
  })

  it('does not take `finish_reason: null` of one choice for the end of all', () => {
    const two = event({
      choices: [
        { index: 0, delta: {}, finish_reason: 'stop' },
        { index: 1, delta: { content: 'x' }, finish_reason: null },
      ],
    })
    const tap = openTap()
    run(tap, [hello + two])
    expect(tap.complete).toBe(true)
  })

  it('is not complete when the stream is cut, and keeps half an event back', () => {
    const tap = openTap()
    expect(run(tap, [role + hello, 'data: {"choices":[{"delta":{"content":"ha'])).toBe(role + hello)
    expect(tap.complete).toBe(false)
  })

  it('accepts a last event without its blank line', () => {
    const tap = openTap()
    expect(run(tap, [hello, stop.trimEnd()])).toBe(hello + stop)
    expect(tap.complete).toBe(true)
    const withMarker = openTap()
    run(withMarker, [hello + stop, 'data: [DONE]'])
    expect(withMarker.terminated).toBe(true)
    expect(withMarker.terminal.toString()).toBe(done)
  })

  it('turns an error event into a failure and gives nothing of it on', () => {
    const tap = openTap()
    expect(run(tap, [role + hello, event({ error: { message: 'overloaded', code: 503 } }) + stop + done])).toBe(
      role + hello,
    )
    expect(tap.failure?.code).toBe('upstream_error')
    expect(tap.complete).toBe(false)
  })

  it('ignores what comes after the end marker', () => {
    const tap = openTap()
    expect(run(tap, [hello + stop + done + hello, hello])).toBe(hello + stop)
  })

  it('reads CRLF, spaces and multi-line data', () => {
    const tap = openTap()
    const text =
      'data:{"choices":[{"delta":{"content":"a"},\r\ndata:"finish_reason" : "stop"}]}\r\n\r\ndata:  [DONE] \r\n\r\n'
    run(tap, [text])
    expect(tap).toMatchObject({ complete: true, terminated: true })
  })

  it('answers with the fallback end marker when the upstream sends none', () => {
    const tap = openTap()
    run(tap, [hello + stop])
    expect(tap).toMatchObject({ complete: true, terminated: false })
    expect(tap.terminal.toString()).toBe(done)
  })

  it('says the same however the bytes are cut', () => {
    const whole = Buffer.from(role + hello + chunk({ content: '"usage":{"x":1}' }) + stop + usageChunk + done)
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 20 }), fc.boolean(), (places, withhold) => {
        const at = [...new Set(places)].sort((left, right) => left - right)
        const pieces = [0, ...at].map((start, index) => whole.subarray(start, at[index] ?? whole.length))
        const tap = openTap(withhold)
        const expected = role + hello + chunk({ content: '"usage":{"x":1}' }) + stop + (withhold ? '' : usageChunk)
        expect(run(tap, pieces)).toBe(expected)
        expect(tap.usage?.outputTokens).toBe(3)
      }),
    )
  })
})
