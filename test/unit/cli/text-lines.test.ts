import { asyncProperty, array, assert, integer, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textLines } from '../../../gateway/cli/text-lines.ts'

/** The lines of a text that arrives in pieces of `size` bytes. */
async function linesOf(text: string, size: number): Promise<string[]> {
  const bytes = Buffer.from(text)
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
  }
  const lines: string[] = []
  for await (const line of textLines(pieces())) lines.push(line)
  return lines
}

describe('lines of a stream', () => {
  it('end at LF or CRLF only: U+2028 and U+2029 belong to a JSON text', async () => {
    expect(await linesOf('\uFEFFa\u2028b\r\n\r\nc\u2029d\n\u{1F600}', 1)).toEqual([
      'a\u2028b',
      '',
      'c\u2029d',
      '\u{1F600}',
    ])
  })

  it('do not depend on how the bytes arrive', async () => {
    await assert(
      asyncProperty(array(string({ unit: 'grapheme' })), integer({ min: 1, max: 9 }), async (texts, size) => {
        const lines = texts.map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ''))
        const text = lines.map((line) => `${line}\n`).join('')
        expect(await linesOf(text, size)).toEqual(lines)
      }),
    )
  })
})
