/** Gives numbers in [0, 1), the same ones for the same seed. */
export type RandomSource = () => number

/**
 * Makes a source from one number in [0, 1): that number first, then those of a 32-bit generator ("mulberry32") seeded
 * with it.
 */
export function createRandomSource(seed: number): RandomSource {
  let state = Math.floor(seed * 0x1_0000_0000) >>> 0
  let isFirst = true
  return () => {
    if (isFirst) {
      isFirst = false
      return seed
    }
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
