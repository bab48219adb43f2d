import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventSplitter } from '../../../gateway/upstream/event-splitter.ts'

function split(chunks: readonly Buffer[]): { events: string[]; rest: string } {
  const splitter = new EventSplitter()
  const events: string[] = []
  for (const chunk of chunks) {
    const batch = splitter.push(chunk)
    if (batch === undefined) continue
    let start = 0
    for (const end of batch.ends) {
      events.push(batch.bytes.toString('utf8', start, end))
      start = end
    }
    expect(start).toBe(batch.bytes.length)
  }
  return { events, rest: splitter.rest().toString('utf8') }
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((left, right) => left - right)
  return [0, ...at].map((start, index) => bytes.subarray(start, at[index] ?? bytes.length))
}

describe('EventSplitter', () => {
  it.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['data: a\n\n', 'data: b\n\n']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['data: a\r\n\r\n', 'data: b\r\n\r\n']],
    ['CR', 'data: a\r\rdata: b\r\r', ['data: a\r\r', 'data: b\r\r']],
    ['multi-line data', 'data: a\r\ndata: b\r\n\r\n', ['data: a\r\ndata: b\r\n\r\n']],
  ])('cuts %s streams', (_name, text, events) => {
    expect(split([Buffer.from(text)])).toEqual({ events, rest: '' })
  })

  it('keeps an incomplete event for later', () => {
    expect(split([Buffer.from('data: a\n\ndata: b\n')])).toEqual({ events: ['data: a\n\n'], rest: 'data: b\n' })
  })

  it('gives the same events however LF and CRLF streams are cut, also inside a character or a line end', () => {
    const lineEnd = fc.constantFrom('\n', '\r\n')
    const payload = fc.array(
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, '·')),
      { minLength: 1, maxLength: 6 },
    )
    fc.assert(
      fc.property(payload, lineEnd, fc.array(fc.nat(500), { maxLength: 12 }), (texts, end, places) => {
        const expected = texts.map((text) => `data: ${text}${end}${end}`)
        const bytes = Buffer.from(expected.join(''))
        expect(split(cut(bytes, places)).events.join('')).toBe(expected.join(''))
        expect(split(cut(bytes, places)).events).toEqual(expected)
      }),
    )
  })

  it('loses no byte of arbitrary input', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('\r', '\n', 'a', ':', 'é') }), { maxLength: 8 }),
        (texts) => {
          const { events, rest } = split(texts.map((text) => Buffer.from(text)))
          expect(events.join('') + rest).toBe(texts.join(''))
        },
      ),
    )
  })

  it('refuses to hold an event beyond 32 MiB', () => {
    const splitter = new EventSplitter()
    const megabyte = Buffer.alloc(1024 * 1024, 'a')
    expect(() => {
      for (let count = 0; count < 40; count += 1) splitter.push(megabyte)
    }).toThrow(RangeError)
  })
})
