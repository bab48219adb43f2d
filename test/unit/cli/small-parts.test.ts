import { assert, integer, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CommandFailure } from '../../../gateway/cli/command-failure.ts'
import { readDuration, readSince } from '../../../gateway/cli/duration.ts'
import { formatNanoUsd } from '../../../gateway/cli/money.ts'
import { spendLines } from '../../../gateway/cli/spend-lines.ts'
import { textTable } from '../../../gateway/cli/text-table.ts'
import { reportDouble, sumsDouble } from '../../doubles/spend-sums.ts'

describe('--since', () => {
  const now = new Date(2026, 10, 20, 15, 30).getTime()

  it.each<[string, number]>([
    ['90s', now - 90_000],
    ['12h', now - 12 * 3_600_000],
    ['7d', now - 7 * 86_400_000],
    ['2w', now - 14 * 86_400_000],
    ['today', new Date(2026, 10, 20).getTime()],
    ['2026-02-28', new Date(2026, 1, 28).getTime()],
  ])('%s', (text, expected) => {
    expect(readSince(text, now)).toBe(expected)
  })

  it.each(['', '7', 'd', '0d', '-1d', '2026-02-30', '2026-13-01', 'yesterday', '1.5d'])('refuses %j', (text) => {
    expect(() => readSince(text, now)).toThrow(CommandFailure)
  })

  it('gives a positive length or refuses, whatever the text', () => {
    assert(
      property(string(), (text) => {
        let length: number
        try {
          length = readDuration(text, '--since')
        } catch (error) {
          expect(error).toBeInstanceOf(CommandFailure)
          return
        }
        expect(length).toBeGreaterThan(0)
      }),
    )
  })
})

describe('money on a terminal', () => {
  it.each<[number, string]>([
    [0, '$0.00'],
    [1, '$0.000000001'],
    [11_500, '$0.000012'],
    [123_456, '$0.00012'],
    [12_000_000, '$0.012'],
    [250_000_000, '$0.25'],
    [12_340_000_000, '$12.34'],
    [-250_000_000, '-$0.25'],
  ])('%i nano-dollars are %s', (nanoUsd, text) => {
    expect(formatNanoUsd(nanoUsd)).toBe(text)
  })

  it('never shows something as nothing, and is never off by more than half of what it shows last', () => {
    assert(
      property(integer({ min: 1, max: 2 ** 45 }), (nanoUsd) => {
        const text = formatNanoUsd(nanoUsd)
        const shown = Number(text.slice(1))
        const decimals = text.split('.')[1]?.length ?? 0
        expect(shown).toBeGreaterThan(0)
        expect(Math.abs(shown - nanoUsd / 1e9)).toBeLessThanOrEqual(0.5000001 * 10 ** -decimals)
      }),
    )
  })
})

describe('a spend report', () => {
  const sums = sumsDouble({ requests: 3, inputTokens: 12_345, outputTokens: 6 })

  it('says unknown where no cost is known, never $0.00, and why that may be', () => {
    const row = { ...sums, name: 'a', unknownPriced: 3 }
    const lines = spendLines(reportDouble({ by: 'model', rows: [row], totals: row }))
    expect(lines[1]).toMatch(/^a +3 +12,345 +0 +6 +unknown +3 of unknown cost$/)
    expect(lines.at(-1)).toContain('tokens were not reported')
    expect(lines.join()).not.toContain('$0.00')
  })

  it('keeps pretend money beside the cost', () => {
    const row = { ...sums, name: null, billedNanoUsd: 250_000_000, demoNanoUsd: 12_000_000 }
    const [, line] = spendLines(reportDouble({ by: 'router', rows: [row], totals: row }))
    expect(line).toMatch(/^\(no router\) .* \$0\.25 {2}\$0\.012 pretend$/)
  })

  it('keeps what is not paid per token beside the cost, and tells what the routers saved', () => {
    const row = { ...sums, name: 'a', billedNanoUsd: 1, flatRateNanoUsd: 2_000_000_000, localNanoUsd: 500_000_000 }
    const totals = { ...row, savingsNanoUsd: 3_000_000_000, savingsRequests: 2, savingsUnknown: 1 }
    const lines = spendLines(reportDouble({ rows: [row], totals, notes: ['A note.'] }))
    expect(lines[1]).toContain('$2.00 by subscription, $0.50 local')
    expect(lines.join('\n')).toContain('Saved by routing: $3.00 over 2 answers; 1 of unknown price left out.')
    expect(lines).toContain('A note.')
  })

  it('says that there is nothing', () => {
    const none = { ...sums, requests: 0 }
    expect(spendLines(reportDouble({ by: 'day', rows: [], totals: none }))).toEqual(['No requests in this time.'])
  })
})

describe('a table', () => {
  it('lines its columns up, numbers to the right, without blanks at the end', () => {
    expect(textTable([['name', '1'], ['x', '100', ''], ['long name']], [1])).toEqual([
      'name         1',
      'x          100',
      'long name',
    ])
  })
})
