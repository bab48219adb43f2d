import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashKey } from '../../../gateway/access/key-secret.ts'
import { parseKeyLifetime } from '../../../gateway/access/key-lifetime.ts'
import { createSessionTokens } from '../../../gateway/access/session-tokens.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'

const day = 86_400_000

describe('one-time codes and sessions', () => {
  function open() {
    const clock = { time: 0 }
    return { clock, tokens: createSessionTokens({ now: () => clock.time }) }
  }

  it('takes a code once', () => {
    const { tokens } = open()
    const code = tokens.issueCode()
    const token = tokens.exchange(code)
    expect(tokens.isSession(hashKey(token ?? ''))).toBe(true)
    expect(tokens.exchange(code)).toBeUndefined()
    expect(tokens.exchange('guess')).toBeUndefined()
  })

  it('takes no code after ten minutes', () => {
    const { tokens, clock } = open()
    const code = tokens.issueCode()
    clock.time = 10 * 60_000
    expect(tokens.exchange(code)).toBeUndefined()
  })

  it('ends a session after thirty idle days, not before', () => {
    const { tokens, clock } = open()
    const hash = hashKey(tokens.exchange(tokens.issueCode()) ?? '')
    for (let round = 0; round < 3; round += 1) {
      clock.time += 29 * day
      expect(tokens.isSession(hash)).toBe(true)
    }
    clock.time += 30 * day
    expect(tokens.isSession(hash)).toBe(false)
  })

  it('keeps a bounded number of codes, the newest ones', () => {
    const { tokens } = open()
    const codes = Array.from({ length: 150 }, () => tokens.issueCode())
    expect(tokens.exchange(codes[0] ?? '')).toBeUndefined()
    expect(tokens.exchange(codes[149] ?? '')).toBeDefined()
  })
})

describe('lifetimes', () => {
  const now = Date.UTC(2026, 0, 31, 12)

  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['12h', 12 * 3_600_000],
    ['30d', 30 * day],
    ['2w', 14 * day],
    ['1mo', Date.UTC(2026, 1, 28, 12) - now],
    ['12mo', Date.UTC(2027, 0, 31, 12) - now],
  ])('%s', (text, lifetime) => expect(parseKeyLifetime(text, now)).toBe(lifetime))

  it.each(['', '0d', '-1d', '1.5h', '5', 'd', 'monthly', '1y', '999999999mo', '9999999999s'])('refuses %j', (text) => {
    expect(() => parseKeyLifetime(text, now)).toThrow(GatewayError)
  })

  it('never throws anything but GatewayError', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseKeyLifetime(text, now)).toBeGreaterThan(0)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GatewayError)
        }
      }),
    )
  })
})
