import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConfigProblem } from '../../../../gateway/contract/status.ts'
import { excerptOf, offsetOf, shownInEditor, withNearest } from '../../../../renderer/state/config-draft.ts'

const problem = (part: Partial<ConfigProblem>): ConfigProblem => ({
  severity: 'error',
  file: 'config.yaml',
  line: 1,
  column: 1,
  path: '',
  message: '',
  seen: null,
  wanted: null,
  nearest: null,
  ...part,
})
const text = 'a: 1\r\nb: 2\nbb: 3\nc: 4\n'

describe('excerptOf', () => {
  it('has two lines before, the line itself, and one after', () => {
    expect(excerptOf(text, problem({ line: 3 })).map(({ number, text: line }) => `${number} ${line}`)).toEqual([
      '1 a: 1',
      '2 b: 2',
      '3 bb: 3',
      '4 c: 4',
    ])
    expect(excerptOf(text, problem({ line: 1 })).map(({ isProblem }) => isProblem)).toEqual([true, false])
  })

  it('is empty without a line, and beyond the end', () => {
    expect(excerptOf(text, problem({ line: null }))).toEqual([])
    expect(excerptOf(text, problem({ line: 99 }))).toEqual([])
  })
})

describe('offsetOf', () => {
  it('finds each place of any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ''))), (lines) => {
        const whole = lines.join('\n')
        return lines.every((line, index) => whole.startsWith(line, offsetOf(whole, index + 1, 1)))
      }),
    )
  })

  it('stays inside the text', () => {
    expect(offsetOf(text, 99, 1)).toBe(text.length)
    expect(offsetOf(text, 2, 99)).toBe('a: 1\r\nb: 2'.length)
  })
})

describe('withNearest', () => {
  it('replaces the word at its place and no other', () => {
    const mended = withNearest('b: b\nb: b\n', problem({ line: 2, column: 4, seen: 'b', nearest: 'x' }))
    expect(mended).toBe('b: b\nb: x\n')
  })

  it('gives nothing where the word is gone, or none is known', () => {
    expect(withNearest('a: 1\n', problem({ seen: 'zz', nearest: 'x' }))).toBeUndefined()
    expect(withNearest('a: 1\n', problem({ seen: 'a' }))).toBeUndefined()
    expect(withNearest('a: 1\n', problem({ line: 7, seen: 'a', nearest: 'x' }))).toBeUndefined()
  })
})

it('shows errors before warnings, and no notes', () => {
  const all = [
    problem({ severity: 'warning', line: 1 }),
    problem({ severity: 'note', line: 2 }),
    problem({ line: 9 }),
    problem({ line: 3 }),
  ]
  expect(shownInEditor(all).map(({ severity, line }) => [severity, line])).toEqual([
    ['error', 3],
    ['error', 9],
    ['warning', 1],
  ])
})
