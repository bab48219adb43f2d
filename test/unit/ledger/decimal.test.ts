import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, decimalOfNumber, multiply, parseDecimal, shiftDown, toNanoUsd } from '../../../gateway/ledger/decimal.ts'

/** A fraction kept as two integers: slow and obvious, to compare with. */
interface Fraction {
  readonly over: bigint
  readonly under: bigint
}

/** Digits before the point, digits after it, exponent. */
const decimalParts = fc.record({
  whole: fc.stringMatching(/^\d{1,12}$/),
  decimals: fc.stringMatching(/^\d{0,15}$/),
  exponent: fc.integer({ min: -20, max: 8 }),
})

type DecimalParts = typeof decimalParts extends fc.Arbitrary<infer Value> ? Value : never

function textOf({ whole, decimals, exponent }: DecimalParts): string {
  return `${whole}${decimals === '' ? '' : `.${decimals}`}e${exponent}`
}

function fractionOf({ whole, decimals, exponent }: DecimalParts): Fraction {
  const over = BigInt(whole + decimals)
  const under = 10n ** BigInt(decimals.length)
  return exponent >= 0
    ? { over: over * 10n ** BigInt(exponent), under }
    : { over, under: under * 10n ** BigInt(-exponent) }
}

function parse(text: string) {
  const value = parseDecimal(text)
  if (value === undefined) throw new Error(`not a decimal: ${text}`)
  return value
}

describe('decimal arithmetic', () => {
  it('gives the nano-dollars of any price list like exact fractions do, rounded half up once', () => {
    const charge = fc.record({ price: decimalParts, tokens: fc.integer({ min: 0, max: 2 ** 31 }) })
    fc.assert(
      fc.property(fc.array(charge, { minLength: 1, maxLength: 5 }), (charges) => {
        const total = charges.map(({ price, tokens }) => multiply(parse(textOf(price)), tokens)).reduce(add)
        const exact = charges
          .map(({ price, tokens }) => ({ ...fractionOf(price), tokens }))
          .reduce<Fraction>(
            (sum, { over, under, tokens }) => ({
              over: sum.over * under + over * BigInt(tokens) * sum.under,
              under: sum.under * under,
            }),
            { over: 0n, under: 1n },
          )
        const nano = (exact.over * 1_000_000_000n * 2n + exact.under) / (exact.under * 2n)
        expect(toNanoUsd(total)).toBe(nano <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(nano) : undefined)
      }),
    )
  })

  it('reads every finite non-negative number as the decimal it prints', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (value) => {
        const decimal = decimalOfNumber(value)
        expect(Number(`${decimal?.digits}e-${decimal?.scale}`)).toBe(value)
      }),
    )
  })

  it.each([
    ['0.00000015', 15n, 8],
    ['1.5e-7', 15n, 8],
    ['1.5E-7', 15n, 8],
    ['.5', 5n, 1],
    ['5.', 5n, 0],
    ['+3', 3n, 0],
    ['2e3', 2000n, 0],
    ['0', 0n, 0],
  ])('reads %s', (text, digits, scale) => {
    expect(parseDecimal(text)).toEqual({ digits, scale })
  })

  it.each([
    '',
    '.',
    'e5',
    '-1',
    '1,5',
    '0x10',
    ' 1',
    '1 ',
    'NaN',
    'Infinity',
    '1e',
    '1e999',
    '1e-999',
    '1_000',
    '1.2.3',
  ])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined()
  })

  it('refuses numbers that are none', () => {
    expect(decimalOfNumber(Number.NaN)).toBeUndefined()
    expect(decimalOfNumber(Number.POSITIVE_INFINITY)).toBeUndefined()
    expect(decimalOfNumber(-0.1)).toBeUndefined()
  })

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseDecimal(text)))
  })

  it('divides by powers of ten without loss', () => {
    expect(toNanoUsd(shiftDown(parse('0.003625'), 6))).toBe(4)
    expect(toNanoUsd(multiply(shiftDown(parse('0.003625'), 6), 1000))).toBe(3625)
  })

  it('gives nothing rather than an inexact number of nano-dollars', () => {
    expect(toNanoUsd(parse('9007199.254740991'))).toBe(Number.MAX_SAFE_INTEGER)
    expect(toNanoUsd(parse('9007199.254740992'))).toBeUndefined()
  })
})
