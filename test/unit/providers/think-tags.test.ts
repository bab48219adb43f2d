import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../gateway/model/answer.ts'
import { ChatReader, readChatAnswerParts } from '../../../gateway/providers/chat-wire/chat-reader.ts'
import { flattenToolNames } from '../../../gateway/model/flatten-tools.ts'
import { ThinkTags } from '../../../gateway/providers/chat-wire/think-tags.ts'

/** The pieces of a content that came in these chunks, neighbours of one kind joined. */
function read(chunks: readonly string[], whole = false): { reasoning: string; text: string } {
  const tags = new ThinkTags()
  const pieces = [...chunks.flatMap((chunk) => tags.split(chunk, whole)), ...tags.flush()]
  const of = (kind: string): string => pieces.flatMap((piece) => (piece.kind === kind ? [piece.text] : [])).join('')
  return { reasoning: of('reasoning'), text: of('text') }
}

describe('thinking between tags in the content', () => {
  it.each<[string, string, string, string]>([
    ['at the beginning', '<think>\nhm, 1 < 2\n</think>\n\nTwo.', 'hm, 1 < 2\n', 'Two.'],
    ['behind blank space', ' \n<think>hm</think>Two.', 'hm', 'Two.'],
    ['empty', '<think>\n\n</think>\n\nTwo.', '', 'Two.'],
    ['never closed', '<think>hm', 'hm', ''],
    ['later on: text of the model', 'The tag <think>x</think> is one.', '', 'The tag <think>x</think> is one.'],
    ['almost', '<thinking>x</thinking>', '', '<thinking>x</thinking>'],
    ['a second time', '<think>a</think>b<think>c</think>', 'a', 'b<think>c</think>'],
    ['the beginning of a tag alone', '<thi', '', '<thi'],
    ['none', 'Two.', '', 'Two.'],
  ])('%s', (_name, content, reasoning, text) => {
    expect(read([content])).toEqual({ reasoning, text })
    expect(read(content.split(''))).toEqual({ reasoning, text })
  })

  it('the opening tag may be missing in a whole answer', () => {
    expect(read(['hm\n</think>\n\nTwo.'], true)).toEqual({ reasoning: 'hm\n', text: 'Two.' })
    expect(read(['hm\n</think>\n\nTwo.'])).toEqual({ reasoning: '', text: 'hm\n</think>\n\nTwo.' })
  })

  it('any chunking gives the same', () => {
    const bit = fc.constantFrom('<think>', '</think>', '<', 'thi', 'nk>', '/', 'a', ' ', '\n')
    fc.assert(
      fc.property(fc.array(bit, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 6 }), (bits, cuts) => {
        const content = bits.join('')
        const places = [0, ...cuts.filter((cut) => cut < content.length).toSorted((a, b) => a - b), content.length]
        const chunks = places.slice(1).map((end, index) => content.slice(places[index], end))
        expect(read(chunks)).toEqual(read([content]))
      }),
    )
  })
})

describe('an answer of the chat wire with thinking between tags', () => {
  const reading = {
    upstream: { provider: 'vllm', upstreamModel: 'r1' },
    names: flattenToolNames([], []),
    scope: 'scope',
    isWrapped: () => false,
    unwrap: (written: string) => written,
  }
  const delta = (content: string, finish: string | null = null): string =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`
  const stream = Buffer.from(
    `${['<th', 'ink>h', 'm</thi', 'nk>\n\nTwo', '.'].map((text) => delta(text)).join('')}${delta('', 'stop')}data: [DONE]\n\n`,
  )

  const kindsOf = (reads: boolean): string[] => {
    const reader = new ChatReader({ ...reading, readsThinkTags: reads })
    const answer = gatherAnswer([...reader.feed(stream), ...reader.finish()])
    return answer.parts.map(({ part, text }) => `${part.type}: ${text}`)
  }

  it('is thinking and text, or text alone where that is wished', () => {
    expect(kindsOf(true)).toEqual(['reasoning: hm', 'text: Two.'])
    expect(kindsOf(false)).toEqual(['text: <think>hm</think>\n\nTwo.'])
  })

  it('also when it comes whole', () => {
    const body = JSON.stringify({ choices: [{ message: { content: 'hm</think>Two.' }, finish_reason: 'stop' }] })
    const parts = gatherAnswer(readChatAnswerParts({ ...reading, readsThinkTags: true }, Buffer.from(body))).parts
    expect(parts).toMatchObject([
      { part: { type: 'reasoning' }, text: 'hm' },
      { part: { type: 'text' }, text: 'Two.' },
    ])
  })
})
