import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRateLimits } from '../../../../gateway/relay/deployments/rate-limit-headers.ts'

const now = Date.parse('2026-11-27T12:00:30Z')
const day = { resetsAtMinute: 0, timeZone: 'Europe/Berlin' }
const read = (headers: Record<string, string>) => readRateLimits(headers, now, day)

describe('rate-limit headers', () => {
  test('OpenAI: resets are durations', () => {
    const limits = read({
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '6m0s',
      'x-ratelimit-limit-tokens': '30000',
      'x-ratelimit-remaining-tokens': '29000',
      'x-ratelimit-reset-tokens': '20ms',
    })
    expect(limits).toEqual([
      { unit: 'requests', window: undefined, limit: 500, remaining: 0, resetsAt: now + 360_000 },
      { unit: 'tokens', window: undefined, limit: 30_000, remaining: 29_000, resetsAt: now + 20 },
    ])
  })

  test('Groq: fractions of seconds', () => {
    const limits = read({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '2m59.5s' })
    expect(limits[0]?.resetsAt).toBe(now + 179_500)
  })

  test('Anthropic: RFC 3339, input and output apart', () => {
    const limits = read({
      'anthropic-ratelimit-input-tokens-limit': '50000',
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': '2026-11-27T12:01:00Z',
    })
    expect(limits).toEqual([
      { unit: 'input tokens', window: undefined, limit: 50_000, remaining: 0, resetsAt: now + 30_000 },
    ])
  })

  test("Anthropic's plans: a state and seconds since the epoch", () => {
    const limits = read({
      'anthropic-ratelimit-unified-5h-status': 'rejected',
      'anthropic-ratelimit-unified-5h-reset': String(now / 1000 + 600),
      'anthropic-ratelimit-unified-7d-status': 'allowed',
    })
    expect(limits).toMatchObject([{ remaining: 0, resetsAt: now + 600_000 }, { remaining: 1 }])
  })

  test('SAIA: one reset for the shortest window, the others end with the clock', () => {
    const limits = read({
      'x-ratelimit-limit-minute': '30',
      'x-ratelimit-remaining-minute': '0',
      'x-ratelimit-limit-hour': '200',
      'x-ratelimit-remaining-hour': '170',
      'x-ratelimit-limit-day': '1000',
      'x-ratelimit-remaining-day': '0',
      'ratelimit-reset': '17',
    })
    expect(limits).toEqual([
      { unit: 'requests', window: 'minute', limit: 30, remaining: 0, resetsAt: now + 17_000 },
      { unit: 'requests', window: 'hour', limit: 200, remaining: 170, resetsAt: Date.parse('2026-11-27T13:00:00Z') },
      { unit: 'requests', window: 'day', limit: 1000, remaining: 0, resetsAt: Date.parse('2026-11-27T23:00:00Z') },
    ])
  })

  test('Cerebras and Mistral: unit and window in one name', () => {
    const limits = read({
      'x-ratelimit-remaining-tokens-minute': '0',
      'x-ratelimit-reset-tokens-minute': '11.382867',
      'x-ratelimitbysize-remaining-month': '9',
    })
    expect(limits[0]).toMatchObject({ unit: 'tokens', window: 'minute', remaining: 0, resetsAt: now + 11_382.867 })
    expect(limits[1]).toMatchObject({ unit: 'tokens', window: 'month', resetsAt: Date.parse('2026-12-01T00:00:00Z') })
  })

  test('OpenRouter: ms since the epoch', () => {
    const limits = read({
      'x-ratelimit-limit': '20',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(now + 5_000),
    })
    expect(limits).toEqual([{ unit: 'requests', window: undefined, limit: 20, remaining: 0, resetsAt: now + 5_000 }])
  })

  test('nothing is read into words that are not known', () => {
    expect(read({ 'x-ratelimit-remaining-images': '0', 'x-ratelimit-type': 'UserByModelByDay' })).toEqual([])
  })

  test('never throws, whatever stands in them', () => {
    const name = fc.constantFrom(
      'x-ratelimit-remaining-requests',
      'x-ratelimit-reset-requests',
      'x-ratelimit-remaining-day',
      'ratelimit-reset',
      'anthropic-ratelimit-unified-reset',
      'anthropic-ratelimit-tokens-remaining',
      'x-ratelimit-',
    )
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(fc.string(), fc.double().map(String))), (headers) => {
        for (const { remaining, resetsAt } of read(headers)) {
          expect(Number.isNaN(remaining)).toBe(false)
          if (resetsAt !== undefined) expect(Number.isNaN(resetsAt)).toBe(false)
        }
      }),
    )
  })
})
