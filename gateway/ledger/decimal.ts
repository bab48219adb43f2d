/**
 * An exact, non-negative decimal number: `digits` / 10^`scale`. Money is computed with these and rounded once, at the
 * end, because binary floats cannot hold prices such as 0.00000015.
 */
export interface Decimal {
  readonly digits: bigint
  /** At least 0. */
  readonly scale: number
}

export const zero: Decimal = { digits: 0n, scale: 0 }

const decimalText = /^\+?(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,4}))?$/

/** Exponents beyond this are no price: they would only make numbers of absurd size. */
const largestScale = 100

/** Reads `0.00000015`, `1.5e-7`, `.5`, `3`; undefined for anything else, negative numbers included. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = decimalText.exec(text)
  if (match === null) return undefined
  const [, whole = '', fraction = '', bareFraction = '', exponent = '0'] = match
  const decimals = fraction + bareFraction
  const scale = decimals.length - Number(exponent)
  if (Math.abs(scale) > largestScale) return undefined
  const digits = BigInt(whole + decimals)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

/** The decimal a JavaScript number prints as: `0.15` is exactly 0.15, as the author of a price table meant it. */
export function decimalOfNumber(value: number): Decimal | undefined {
  return Number.isFinite(value) ? parseDecimal(String(value)) : undefined
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale)
  return { digits: digitsAt(left, scale) + digitsAt(right, scale), scale }
}

/** `count` is a non-negative safe integer (tokens). */
export function multiply(value: Decimal, count: number): Decimal {
  return { digits: value.digits * BigInt(count), scale: value.scale }
}

/** The exact product. */
export function times(left: Decimal, right: Decimal): Decimal {
  return { digits: left.digits * right.digits, scale: left.scale + right.scale }
}

/** Divides by 10^`power`, exactly. */
export function shiftDown(value: Decimal, power: number): Decimal {
  return { digits: value.digits, scale: value.scale + power }
}

/** As a plain number: to compare, never to bill. */
export function toNumber(value: Decimal): number {
  return Number(value.digits) / 10 ** value.scale
}

/** USD to whole nano-USD, half up. Undefined beyond what a JavaScript number holds exactly (about nine million USD). */
export function toNanoUsd(usd: Decimal): number | undefined {
  const nano = roundHalfUp(usd, 9)
  return nano <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(nano) : undefined
}

/** The digits of a value at a scale that is at least its own. */
function digitsAt(value: Decimal, scale: number): bigint {
  return scale === value.scale ? value.digits : value.digits * tenTo(scale - value.scale)
}

/** Prices have few scales, and every request is priced: their powers are kept. */
const powers = Array.from({ length: 25 }, (_, exponent) => 10n ** BigInt(exponent))

function tenTo(exponent: number): bigint {
  return powers[exponent] ?? 10n ** BigInt(exponent)
}

/** `value` × 10^`places`, rounded half up to a whole number. */
function roundHalfUp(value: Decimal, places: number): bigint {
  if (value.scale <= places) return digitsAt(value, places)
  const divisor = tenTo(value.scale - places)
  return (value.digits * 2n + divisor) / (divisor * 2n)
}
