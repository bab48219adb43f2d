import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createReminderRemover, newestUsableText } from '../../../gateway/model/reminder-blocks.ts'

const remove = createReminderRemover([
  { open: '<a>', close: '</a>' },
  { open: '<b>', close: '</b>' },
])

describe('createReminderRemover', () => {
  test.each([
    ['no block', ' as it is ', ' as it is '],
    ['one block', 'x <a>y</a> z', 'x  z'],
    ['several', '<a>1</a><a>2</a>x', 'x'],
    ['any case', '<A>1</a>x', 'x'],
    ['nested', '<a>1<a>2</a>3</a>x', 'x'],
    ['one in another kind', '<a>1<b>2</b>3</a>x', 'x'],
    ['overlapping', '<a>1<b>2</a>3</b>x', 'x'],
    ['not closed', '<a>x', '<a>x'],
    ['not opened', 'x</a>', 'x</a>'],
    ['the outer not closed', '<a>x<a>1</a>y', '<a>xy'],
    ['nothing but a block', ' <a>1</a>\n', ''],
    ['letters that change length in lower case', 'İİİ<a>1</a>x', 'İİİx'],
  ])('%s', (_, text, expected) => {
    expect(remove(text)).toBe(expected)
  })

  test('takes markers literally, also when both are the same or one begins with the other', () => {
    expect(createReminderRemover([{ open: '(*', close: '*)' }])('(* x *)y')).toBe('y')
    expect(createReminderRemover([{ open: '---', close: '---' }])('a --- b --- c --- d')).toBe('a  c --- d')
    expect(createReminderRemover([{ open: '#', close: '##' }])('# x ## y')).toBe('y')
    expect(createReminderRemover([{ open: '##', close: '#' }])('## x # y')).toBe('y')
    expect(createReminderRemover([{ open: '', close: 'x' }])('axa')).toBe('axa')
  })

  test('depends on no case, cuts no text outside of blocks, and adds nothing', () => {
    const piece = fc.constantFrom('<a>', '</a>', '<b>', '</b>', 'x', ' ')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const rest = remove(pieces.join(''))
        expect(remove(pieces.join('').toUpperCase())).toBe(rest.toUpperCase())
        expect(rest.length).toBeLessThanOrEqual(pieces.join('').length)
        if (!pieces.some((marker) => marker.startsWith('</'))) expect(rest).toBe(pieces.join(''))
      }),
    )
  })

  test.each([
    ['openings', '<a>'.repeat(330_000)],
    ['closings', '</a>'.repeat(250_000)],
  ])('reads a megabyte of %s', (_, text) => {
    expect(remove(text)).toBe(text)
  })

  test('cuts a megabyte of nested blocks', () => {
    expect(remove(`${'<a>'.repeat(150_000)}${'</a>'.repeat(150_000)}x`)).toBe('x')
  })
})

test('the newest turn that still says something is the text', () => {
  expect(newestUsableText(['<a>1</a>', ' ', 'two', 'three'], remove)).toBe('two')
  expect(newestUsableText([], remove)).toBe('')
})
