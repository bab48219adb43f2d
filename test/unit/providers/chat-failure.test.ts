import { describe, expect, it } from 'vitest'
import { readChatAnswer } from '../../../gateway/providers/chat-wire/chat-answer.ts'
import { readChatErrorObject, readChatFailure } from '../../../gateway/providers/chat-wire/chat-failure.ts'
import { readRetryAfter } from '../../../gateway/providers/chat-wire/retry-after.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { Secret } from '../../../gateway/model/secret.ts'

const name = { provider: 'mistral', upstreamModel: 'm1' }
const failure = (status: number, body: unknown, headers = {}) =>
  readChatFailure(name, status, headers, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))

describe('readChatFailure', () => {
  it.each([
    [401, 'provider_key_refused', 401],
    [402, 'provider_payment_required', 402],
    [403, 'provider_permission_denied', 403],
    [404, 'upstream_not_found', 404],
    [400, 'upstream_bad_request', 400],
    [422, 'upstream_unprocessable', 422],
    [429, 'rate_limited', 429],
    [500, 'upstream_error', 500],
    [503, 'upstream_error', 503],
    [529, 'upstream_error', 503],
    [302, 'upstream_invalid_answer', 502],
    [304, 'upstream_invalid_answer', 502],
  ])('status %i is %s', (status, code, seen) => {
    expect(failure(status, { error: { message: 'words', type: 't', code: 'c' } })).toMatchObject({
      code,
      status: seen,
      upstream: { status, code: 'c', type: 't' },
    })
  })

  it.each([
    [{ error: { message: 'x', code: 'context_length_exceeded' } }, 400],
    [{ error: { message: "This model's maximum context length is 4096 tokens" } }, 400],
    [{ error: { message: 'prompt is too long: 9 tokens > 8 maximum' } }, 400],
    [{ error: { message: 'Prompt contains 9 tokens, too large for model with 8 maximum context length' } }, 422],
    [{ error: { type: 'exceed_context_size_error', message: 'x' } }, 400],
  ])('recognises an overflow: %j', (body, status) => {
    expect(failure(status, body)).toMatchObject({ code: 'context_length_exceeded', status: 400, shouldRetry: false })
  })

  it('pitfall 61: a plan that is asked for at the wrong endpoint is not asked again, and says what to change', () => {
    const error = failure(429, { error: { code: '1113', message: 'Insufficient balance or no resource package.' } })
    expect(error).toMatchObject({ code: 'provider_payment_required', shouldRetry: false, retryAfterMs: undefined })
    expect(error.message).toContain('the plan needs another api_base')
  })

  it('never takes a 429 for an overflow', () => {
    expect(failure(429, { error: { message: 'maximum context length' } }).code).toBe('rate_limited')
  })

  it.each([
    '',
    '<html>bad gateway</html>',
    '[]',
    '{"error":"plain text"}',
    '{"detail":[{"msg":"x"}]}',
    '{"message":"kong"}',
  ])('reads the body %s', (body) => {
    expect(failure(502, body).code).toBe('upstream_error')
  })

  it('does not tell a client the key that an upstream quotes', () => {
    const apiKey = { kind: 'value', secret: new Secret('long-provider-key') } as const
    const said = { error: { message: 'Wrong API key: long-provider-key' } }
    const refused = readChatFailure({ ...name, apiKey }, 401, {}, Buffer.from(JSON.stringify(said)))
    expect(refused.message).toContain('Wrong API key: [key]')
    expect(readChatErrorObject({ ...name, apiKey }, said.error).message).not.toContain('long-provider-key')
  })

  it('hands on how long to wait', () => {
    expect(failure(429, {}, { 'retry-after': '7' }).retryAfterMs).toBe(7_000)
  })

  it('keeps the field an upstream names', () => {
    expect(failure(400, { error: { message: 'x', param: 'temperature' } }).param).toBe('temperature')
  })
})

describe('an error that came with status 200', () => {
  it('is read by its own code', () => {
    expect(readChatErrorObject(name, { message: 'x', code: 429 }).code).toBe('rate_limited')
    expect(readChatErrorObject(name, { message: 'x', code: 'server_error' }).code).toBe('upstream_error')
  })

  it.each([
    ['{"error":{"message":"x"}}', 'upstream_error'],
    ['<html>', 'upstream_invalid_answer'],
    ['{"choices":', 'upstream_invalid_answer'],
    ['[]', 'upstream_invalid_answer'],
    ['{}', 'upstream_invalid_answer'],
  ])('%s is %s', (body, code) => {
    expect(() => readChatAnswer(name, Buffer.from(body))).toThrow(GatewayError)
    try {
      readChatAnswer(name, Buffer.from(body))
    } catch (error) {
      expect((error as GatewayError).code).toBe(code)
    }
  })
})

describe('an answer for a client that asked for a stream', () => {
  it('becomes one chunk with indexed tool calls, usage and the end marker', () => {
    const answer = readChatAnswer(
      name,
      Buffer.from(
        JSON.stringify({
          id: 'a',
          object: 'chat.completion',
          choices: [
            {
              index: 0,
              finish_reason: 'tool_calls',
              message: {
                role: 'assistant',
                content: null,
                tool_calls: [{ id: 't', type: 'function', function: { name: 'f', arguments: '{}' } }],
              },
            },
          ],
          usage: { prompt_tokens: 1, completion_tokens: 2 },
        }),
      ),
    )
    const { events, terminal } = answer.asStream()
    const [first, second] = events
      .toString()
      .trim()
      .split('\n\n')
      .map((line) => JSON.parse(line.slice(6)))
    expect(first.choices[0]).toEqual({
      index: 0,
      finish_reason: 'tool_calls',
      delta: {
        role: 'assistant',
        content: null,
        tool_calls: [{ index: 0, id: 't', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    })
    expect(second).toMatchObject({ choices: [], usage: { prompt_tokens: 1 }, object: 'chat.completion.chunk' })
    expect(terminal.toString()).toBe('data: [DONE]\n\n')
  })

  it('has no usage chunk for a client that did not ask for one', () => {
    const body = Buffer.from(JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } }))
    const answer = readChatAnswer(name, body, true)
    expect(answer.usage).toMatchObject({ inputTokens: 1, outputTokens: 2 })
    expect(answer.asStream().events.toString()).not.toContain('usage')
  })
})

describe('readRetryAfter', () => {
  const now = Date.parse('2026-11-20T12:00:00Z')
  it.each([
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': '99999999' }, 86_400_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, expected) => {
    expect(readRetryAfter(headers, now)).toBe(expected)
  })
})
