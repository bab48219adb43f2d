import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  answerText,
  chatText,
  messagesText,
  responsesText,
  spokenBytes,
} from '../../../gateway/providers/spoken-text.ts'

/** Text as a stream's reader has it: one character per byte. */
const bytesOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('latin1')
const written = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2

describe('the text of a model in an event', () => {
  it('is measured as it is written, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (content, other) => {
        const chunk = { id: other, choices: [{ index: 0, delta: { role: 'assistant', content } }] }
        expect(spokenBytes(bytesOf(chunk), chatText)).toBe(written(content))
        const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: content } }
        expect(spokenBytes(bytesOf(delta), messagesText)).toBe(written(content))
      }),
    )
  })

  it.each([
    [
      chatText,
      { choices: [{ delta: { reasoning_content: 'abc', tool_calls: [{ function: { arguments: '{}' } }] } }] },
      5,
    ],
    [messagesText, { delta: { type: 'input_json_delta', partial_json: '{"a' } }, 4],
    [responsesText, { type: 'response.output_text.delta', delta: 'abcd', sequence_number: 3 }, 4],
    [answerText, { choices: [{ message: { role: 'assistant', content: 'abc' } }], content: [{ text: 'de' }] }, 5],
    [chatText, { choices: [{ delta: { content: null } }] }, 0],
  ])('counts what this wire calls text (%#)', (fields, event, bytes) => {
    expect(spokenBytes(bytesOf(event), fields)).toBe(bytes)
  })

  it('goes as far as a text that is cut off', () => {
    expect(spokenBytes('{"content":"abc\\', chatText)).toBe(4)
  })
})
