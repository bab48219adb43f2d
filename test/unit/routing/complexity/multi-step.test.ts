import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { multiStepPatterns } from '../../../../gateway/routing/complexity/multi-step.ts'

const million = 1_000_000

describe('multiStepPatterns', () => {
  test.each([
    ['first do a, then b', ['first-then']],
    ['first, set up authentication', ['first-then']],
    ['then first', []],
    ['first\nthen', []],
    ['first\r then', ['first-then']],
    ['firstthen', ['first-then']],
    ['first a\nthen b first c then d', ['first-then']],
    ['first a\nthen b\nfirst c\nthen d', []],
    ['step 1', ['step-number']],
    ['step3', ['step-number']],
    ['step \t 2', ['step-number']],
    ['step by step', []],
    ['1. a', ['numbered-list']],
    ['3.12. and', ['numbered-list']],
    ['3.12', []],
    ['1.', []],
    ['a) b', ['lettered-list']],
    ['(see foo) bar', ['lettered-list']],
    ['foo()', []],
    ['1) b', []],
  ])('%j', (text, expected) => {
    expect(multiStepPatterns(text)).toEqual(expected)
  })

  test('finds "first" and "then" on one line as the plain pattern does', () => {
    const piece = fc.constantFrom('first', 'then', '\n', ' ', 'x', 'fir', 'st')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('')
        expect(multiStepPatterns(text).includes('first-then')).toBe(/first[^\n]*then/.test(text))
      }),
      { numRuns: 2000 },
    )
  })

  // Each of these makes a quadratic search take 10^11 steps or more, which no test time limit survives.
  test.each([
    ['"first" without "then"', 'first '.repeat(million / 6)],
    ['"first" on every line', 'first\n'.repeat(million / 6)],
    ['"then" on every other line', 'first\nthen\n'.repeat(million / 11)],
    ['"then" before "first" on every line', 'then first\n'.repeat(million / 11)],
    ['a long number', '1'.repeat(million)],
    ['numbers and dots', '1.'.repeat(million / 2)],
    ['"step" and spaces', `step${' '.repeat(million)}x`],
    ['"step" many times', 'step  '.repeat(million / 6)],
    ['brackets', 'a)'.repeat(million / 2)],
  ])('reads a megabyte of %s', (_, text) => {
    expect(multiStepPatterns(text)).toEqual([])
  })
})
