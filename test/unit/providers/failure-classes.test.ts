import { describe, expect, it } from 'vitest'
import type { UpstreamHeaders } from '../../../gateway/upstream/upstream-exchange.ts'
import { readChatFailure } from '../../../gateway/providers/chat-wire/chat-failure.ts'
import { readRetryAfter, readRetryText } from '../../../gateway/providers/chat-wire/retry-after.ts'

const failure = (status: number, error: object, headers: UpstreamHeaders = {}) =>
  readChatFailure({ provider: 'double', upstreamModel: 'm' }, status, headers, Buffer.from(JSON.stringify({ error })))

describe('what an upstream means by its refusal', () => {
  it.each([
    ['OpenAI out of credit', 429, { code: 'insufficient_quota', message: 'x' }, 'provider_payment_required', 402],
    [
      'pitfall 61: Z.ai plan on the wrong endpoint',
      429,
      { code: '1113', message: 'x' },
      'provider_payment_required',
      402,
    ],
    ['Z.ai busy', 429, { code: '1302', message: 'x' }, 'rate_limited', 429],
    ['Z.ai overflow', 400, { code: '1261', message: 'x' }, 'context_length_exceeded', 400],
    ['Z.ai policy', 400, { code: '1301', message: 'x' }, 'content_policy_violation', 400],
    ['DeepSeek policy', 400, { message: 'Content Exists Risk' }, 'content_policy_violation', 400],
    ['OpenRouter moderation', 403, { message: 'x', metadata: { reasons: ['y'] } }, 'content_policy_violation', 400],
    ['a plain 403', 403, { message: 'x' }, 'provider_permission_denied', 403],
    ['Gemini bad key', 400, { message: 'API key not valid. Use another.' }, 'provider_key_refused', 401],
    ['a conflict', 409, { message: 'x' }, 'conflict', 409],
    ['Groq without flex capacity', 498, { message: 'x' }, 'upstream_error', 503],
    [
      'pitfall 65: a long user name is no overflow',
      400,
      { code: 'string_above_max_length', message: 'String too long. Expected a maximum length of 64.' },
      'upstream_bad_request',
      400,
    ],
    [
      'pitfall 65: a rate limit in tokens is no overflow',
      429,
      { message: 'Limit reached for the context window of this minute' },
      'rate_limited',
      429,
    ],
  ])('%s', (_case, status, error, code, seen) => {
    expect(failure(status, error)).toMatchObject({ code, status: seen })
  })

  it.each<[string, UpstreamHeaders, number | undefined]>([
    ['milliseconds of Azure', { 'x-ms-retry-after-ms': '250' }, 250],
    [
      'a duration of a spent limit',
      { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '2m59.5s' },
      179_500,
    ],
    [
      'a limit that is not spent',
      { 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '2m' },
      undefined,
    ],
    ['seconds of SAIA', { 'x-ratelimit-remaining-minute': '0', 'ratelimit-reset': '17' }, 17_000],
    ['the epoch of OpenRouter', { 'x-ratelimit-reset': '1700000005000' }, 5_000],
    ['retry-after first', { 'retry-after': '2', 'x-ratelimit-reset': '1700000005000' }, 2_000],
  ])('waits by %s', (_case, headers, expected) => {
    expect(readRetryAfter(headers, 1_700_000_000_000)).toBe(expected)
  })

  it('waits by the words of the sentence where no header says it', () => {
    expect(failure(429, { message: 'Rate limit. Please try again in 1.5s.' }).retryAfterMs).toBe(1_500)
    expect(readRetryText('Please retry in 20ms')).toBe(20)
    expect(readRetryText('Please retry later')).toBeUndefined()
  })
})
