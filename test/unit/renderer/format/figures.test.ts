import { describe, expect, it } from 'vitest'
import { formatContribution, formatCount, formatScore, formatTokensShort } from '../../../../renderer/format/figures.ts'

const plain = (text: string) => text.replaceAll('\u202f', '_')

describe('formatCount', () => {
  it('groups thousands', () => expect(formatCount(18_432, 'en-US')).toBe('18,432'))
})

describe('formatTokensShort', () => {
  it.each([
    [0, '0'],
    [934, '934'],
    [18_432, '18.4_k'],
    [134_200, '134_k'],
    [999_499, '999_k'],
    [999_500, '1_M'],
    [3_340_000, '3.34_M'],
  ])('writes %i as %s', (tokens, text) => expect(plain(formatTokensShort(tokens, 'en-US'))).toBe(text))
})

describe('formatScore', () => {
  it.each([
    [0.1, '0.10'],
    [0.395, '0.395'],
    [-0.2, '\u22120.20'],
    [0, '0.00'],
    [-0, '0.00'],
    [0.1 + 0.2, '0.30'],
  ])('writes %d as %s', (score, text) => expect(formatScore(score, 'en-US')).toBe(text))
})

describe('formatContribution', () => {
  it('shows the sign of what raises and of what lowers', () => {
    expect(formatContribution(0.28, 'en-US')).toBe('+0.28')
    expect(formatContribution(-0.2, 'en-US')).toBe('\u22120.20')
    expect(formatContribution(0, 'en-US')).toBe('0.00')
  })
})
