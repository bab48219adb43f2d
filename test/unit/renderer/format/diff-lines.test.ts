import { createTwoFilesPatch } from 'diff'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDiff, summariseDiff } from '../../../../renderer/format/diff-lines.ts'

const patch = (before: string, after: string, names = ['a', 'a']) =>
  createTwoFilesPatch(names[0] ?? '', names[1] ?? '', before, after, '', '', { context: 3 })

describe('readDiff', () => {
  it('gives each line its number, with a gap between hunks', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`)
    const after = before.with(1, 'other').toSpliced(18, 1)
    const lines = readDiff(patch(`${before.join('\n')}\n`, `${after.join('\n')}\n`))
    expect(lines.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', number: 2, text: 'line 2' },
      { kind: 'added', number: 2, text: 'other' },
      { kind: 'gap', number: null, text: '' },
      { kind: 'removed', number: 19, text: 'line 19' },
    ])
  })

  it('takes lines that look like heads of a diff for what they are', () => {
    const after = '--- a\n+++ b\n@@ -1 +1 @@ not a head\n'
    expect(readDiff(patch('', after)).map(({ kind, text }) => [kind, text])).toEqual([
      ['added', '--- a'],
      ['added', '+++ b'],
      ['added', '@@ -1 +1 @@ not a head'],
    ])
  })

  it('finds every added line of any two texts', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', '', '+c', '-d', ' e', '@@ -1,2 +3,4 @@'))
      .map((all) => all.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const kept = readDiff(patch(before, after)).filter(({ kind }) => kind === 'added' || kind === 'same')
        const lines = after.split('\n')
        return kept.every(({ number, text: line }) => number !== null && lines[number - 1] === line)
      }),
    )
  })
})

it('says whether a file is new, and how much of it changes', () => {
  expect(summariseDiff(patch('', 'a\nb\n', ['/dev/null', 'x']))).toEqual({
    isNew: true,
    isGone: false,
    added: 2,
    removed: 0,
  })
  expect(summariseDiff(patch('a\n', 'b\n'))).toMatchObject({ isNew: false, added: 1, removed: 1 })
})
