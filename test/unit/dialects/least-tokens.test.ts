import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readChatFacts } from '../../../gateway/dialects/chat-completions/read-facts.ts'
import { readEndpointFacts } from '../../../gateway/dialects/chat-completions/read-endpoint-facts.ts'
import { leastTokens, leastTokensOfText } from '../../../gateway/dialects/least-tokens.ts'
import type { JsonObject } from '../../../gateway/model/json.ts'

describe('the least number of tokens of a text', () => {
  test.each([
    ['words', 'The quick brown fox, and nobody minds. '.repeat(100), 700],
    ['a long word', 'x'.repeat(5000), 313],
    ['a rule of one mark, which may be a single token', '='.repeat(121), 1],
    ['many rules', `${'-'.repeat(200)} `.repeat(10), 20],
    ['space, however much', ' \t\n'.repeat(5000), 0],
    ['nothing', '', 0],
  ])('of %s', (_what, text, tokens) => {
    expect(leastTokensOfText(text)).toBe(tokens)
  })

  test('is never more than half its bytes and one, so that short requests need not be counted', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (written) => {
        expect(leastTokensOfText(written)).toBeLessThanOrEqual((Buffer.byteLength(written) + 1) / 2)
      }),
    )
  })
})

describe('the least number of tokens of a request', () => {
  const words = 'one two three four'

  test.each<[string, JsonObject]>([
    ['chat messages', { messages: [{ role: 'user', content: words }] }],
    ['parts', { messages: [{ role: 'user', content: [{ type: 'text', text: words }] }] }],
    ['a tool call', { messages: [{ role: 'assistant', tool_calls: [{ function: { arguments: words } }] }] }],
    [
      'a tool use',
      { messages: [{ content: [{ type: 'tool_use', input: { path: 'one two', deep: ['three', 'four'] } }] }] },
    ],
    ['a tool result', { messages: [{ content: [{ type: 'tool_result', content: [{ text: words }] }] }] }],
    ['tools', { tools: [{ function: { description: words } }] }],
    ['Responses', { instructions: 'one two', input: [{ type: 'function_call_output', output: 'three four' }] }],
    [
      'Gemini',
      { contents: [{ parts: [{ text: 'one two' }, { functionResponse: { response: { out: 'three four' } } }] }] },
    ],
    ['a system prompt', { system: [{ type: 'text', text: words }] }],
  ])('counts %s', (_what, body) => {
    expect(leastTokens(body)).toBe(4)
  })

  test.each<[string, JsonObject]>([
    ['images', { messages: [{ content: [{ image_url: { url: `data:image/png;base64,${'A'.repeat(9000)}` } }] }] }],
    ['data', { messages: [{ content: [{ source: { data: 'A'.repeat(9000) } }] }] }],
    ['thoughts', { messages: [{ content: [{ type: 'thinking', thinking: words, text: words }] }] }],
    ['thought parts', { contents: [{ parts: [{ thought: true, text: words }] }] }],
    ['reasoning', { input: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: words }] }] }],
    ['what is no part of the conversation', { metadata: { text: words }, prediction: { content: words } }],
    ['answer formats', { response_format: { description: words }, text: { format: { description: words } } }],
    ['a conversation that the upstream may cut', { truncation: 'auto', input: words }],
    ['one that it may edit', { context_management: {}, messages: [{ content: words }] }],
  ])('does not count %s', (_what, body) => {
    expect(leastTokens(body)).toBe(0)
  })

  test('is counted once, when asked, and never for inputs that have the window to themselves', () => {
    const messages = [{ role: 'user', content: words }]
    expect(readChatFacts({ model: 'm', messages }, 10, {}).leastInputTokens?.()).toBe(4)
    expect(readEndpointFacts({ model: 'm', input: [words, words] }, 10, {}).leastInputTokens).toBeUndefined()
  })

  test('comes to an end with a body that is nested without one', () => {
    let body: JsonObject = { text: words }
    for (let depth = 0; depth < 5000; depth += 1) body = { content: [body] }
    expect(leastTokens(body)).toBe(0)
  })
})
