import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readChatFacts } from '../../../gateway/dialects/chat-completions/read-facts.ts'
import { detectDialect } from '../../../gateway/dialects/detect-dialect.ts'
import { readGeminiFacts } from '../../../gateway/dialects/gemini/read-facts.ts'
import { jsonBytes } from '../../../gateway/dialects/json-size.ts'
import { readMessagesFacts } from '../../../gateway/dialects/messages/read-facts.ts'
import { readAnyRequest } from '../../../gateway/dialects/read-any-request.ts'
import { readResponsesFacts } from '../../../gateway/dialects/responses/read-facts.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import type { JsonObject, JsonValue } from '../../../gateway/model/json.ts'

interface AgentRequest {
  readonly model?: string
  readonly headers: Record<string, string>
  readonly body: JsonObject
}

const [opencode, claudeCode, codex, geminiCli] = readFileSync(
  join(import.meta.dirname, '../../fixtures/routing/agent-requests.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as AgentRequest) as [AgentRequest, AgentRequest, AgentRequest, AgentRequest]

describe('requests in the shape of real agents', () => {
  test.each([
    [
      'opencode',
      opencode,
      {
        dialect: 'chat-completions',
        userText: 'what is in this file?',
        toolCount: 10,
        stream: true,
        maxOutputTokens: 32_000,
      },
    ],
    [
      'Claude Code',
      claudeCode,
      {
        dialect: 'messages',
        userText: 'hello',
        systemText: '# Environment\nPlatform: linux',
        toolCount: 2,
        endUser: undefined,
      },
    ],
    ['Codex', codex, { dialect: 'responses', userText: 'hello', toolCount: 4, stream: true }],
    [
      'Gemini CLI',
      geminiCli,
      {
        dialect: 'gemini',
        model: 'router',
        userText: 'hello',
        systemText: 'You are a coding agent.',
        toolCount: 2,
        maxOutputTokens: 8192,
      },
    ],
  ])('%s: what the user said, and nothing of the rest', (_, request, expected) => {
    const facts = readAnyRequest(request)
    expect(facts).toMatchObject(expected)
    expect(facts.bodyBytes).toBe(Buffer.byteLength(JSON.stringify(request.body)))
  })
})

describe('messages', () => {
  const read = (body: JsonObject) =>
    readMessagesFacts({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body }, 1, {})

  test('skip turns of tool results, see images in them', () => {
    const result = { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'no' }, { type: 'image' }] }
    const facts = read({
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'user', content: [result] },
      ],
    })
    expect(facts).toMatchObject({ userText: 'hi', hasImages: true })
    const mixed = read({ messages: [{ role: 'user', content: [result, { type: 'text', text: 'go on' }] }] })
    expect(mixed.userText).toBe('go on')
  })

  test('have their system text in the field, or later in the conversation', () => {
    expect(read({ system: 'field' }).systemText).toBe('field')
    expect(
      read({
        system: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      }).systemText,
    ).toBe('a b')
    const inside = {
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'system', content: 'inside' },
      ],
    }
    expect(read({ system: 'field', ...inside }).systemText).toBe('inside')
  })

  test('name the end user unless it is an object in disguise', () => {
    expect(read({ metadata: { user_id: 'ada' } }).endUser).toBe('ada')
    expect(read({ metadata: { user_id: '{"device_id":"d"}' } }).endUser).toBeUndefined()
    expect(read({ metadata: { user_id: 'x'.repeat(513) } }).endUser).toBeUndefined()
  })
})

describe('responses', () => {
  const read = (body: JsonObject) => readResponsesFacts({ model: 'm', ...body }, 1, {})

  test('take a text, items with or without a type, or a continuation without input', () => {
    expect(read({ input: 'hi' }).userText).toBe('hi')
    expect(read({ input: [{ role: 'user', content: 'hi' }] }).userText).toBe('hi')
    expect(
      read({ input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }] }).userText,
    ).toBe('hi')
    expect(read({ previous_response_id: 'resp_1' }).userText).toBe('')
  })

  test('have instructions and developer items as system text, the last one counting', () => {
    expect(read({ input: 'hi', instructions: 'be brief' }).systemText).toBe('be brief')
    const input = [
      { role: 'developer', content: 'inside' },
      { role: 'user', content: 'hi' },
    ]
    expect(read({ input, instructions: 'be brief' }).systemText).toBe('inside')
  })

  test('see images in items and in outputs', () => {
    const image = [{ type: 'input_image', image_url: 'data:,' }]
    expect(read({ input: [{ role: 'user', content: image }] }).hasImages).toBe(true)
    expect(read({ input: [{ type: 'function_call_output', call_id: 'c', output: image }] }).hasImages).toBe(true)
    expect(read({ input: 'hi', max_output_tokens: 9 })).toMatchObject({ hasImages: false, maxOutputTokens: 9 })
  })
})

describe('gemini', () => {
  const read = (body: JsonObject) => readGeminiFacts(body, 1, {}, { model: 'm', stream: true })

  test('takes a list or one content, in camel or snake case', () => {
    const facts = read({
      contents: { parts: [{ text: 'hi' }, { inline_data: { mime_type: 'image/png', data: '' } }] },
      system_instruction: { parts: [{ text: 'be brief' }] },
      tools: [{ function_declarations: [{}, {}, {}] }, { googleSearch: {} }],
      generation_config: { max_output_tokens: 3 },
    })
    expect(facts).toMatchObject({
      stream: true,
      userText: 'hi',
      systemText: 'be brief',
      toolCount: 4,
      hasImages: true,
      maxOutputTokens: 3,
    })
  })

  test('skips thoughts and function responses', () => {
    const contents = [
      { role: 'user', parts: [{ text: 'hi' }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }, { text: 'no', thought: true }] },
    ]
    expect(read({ contents })).toMatchObject({ userText: 'hi', hasImages: false })
  })
})

describe('detectDialect', () => {
  const messages = [{ role: 'user', content: 'hi' }]
  test.each<[string, JsonObject, Record<string, string>, string]>([
    ['contents', { contents: [] }, {}, 'gemini'],
    ['input', { input: 'x' }, {}, 'responses'],
    ['plain messages', { messages }, {}, 'chat-completions'],
    ['a prompt', { prompt: 'x' }, {}, 'chat-completions'],
    ['nothing', {}, {}, 'chat-completions'],
    ['a system field', { messages, system: 'x' }, {}, 'messages'],
    ['an Anthropic header', { messages }, { 'anthropic-version': '2023-06-01' }, 'messages'],
    ['a tool with input_schema', { messages, tools: [{ name: 'a', input_schema: {} }] }, {}, 'messages'],
    ['a tool with parameters', { messages, tools: [{ type: 'function', function: {} }] }, {}, 'chat-completions'],
    ['thinking', { messages, thinking: { type: 'adaptive' } }, {}, 'messages'],
    ['a tool_result block', { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }, {}, 'messages'],
    ['an image_url part', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, {}, 'chat-completions'],
  ])('%s', (_, body, headers, dialect) => {
    expect(detectDialect(body, headers)).toBe(dialect)
  })
})

describe('on arbitrary JSON', () => {
  const key = fc.constantFrom(
    'model',
    'messages',
    'input',
    'contents',
    'system',
    'tools',
    'metadata',
    'fallbacks',
    'prompt',
    'role',
    'content',
    'parts',
    'text',
    'type',
    '__proto__',
  )
  const value: fc.Arbitrary<JsonValue> = fc.letrec<{ node: JsonValue }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<JsonValue>('user', 'system', 'text', 'input_text', '<system-reminder>', 7, null, true),
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(key, tie('node'), { maxKeys: 5 }),
    ),
  })).node
  const body = fc.dictionary(key, value, { maxKeys: 8 }).map((given) => ({ model: 'm', ...given }))
  const readers = {
    chat: readChatFacts,
    messages: readMessagesFacts,
    responses: readResponsesFacts,
    gemini: readGeminiFacts,
  }

  test.each(Object.entries(readers))('the reader of %s gives facts or a refusal with a parameter', (_, readFacts) => {
    fc.assert(
      fc.property(body, (given) => {
        try {
          expect(typeof readFacts(given, 1, {}).userText).toBe('string')
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
          expect((error as GatewayError).param).not.toBeNull()
        }
      }),
      { numRuns: 500 },
    )
  })

  test('the size is that of compact JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        // JSON writes -0 as 0 and so do we: both sides go through the same text.
        expect(jsonBytes(given as JsonValue)).toBe(Buffer.byteLength(JSON.stringify(given)))
      }),
    )
  })

  test('no depth overflows the stack', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000)
    const written = `{"model":"m","messages":[{"role":"user","content":"hi"}],"x":${deep}}`
    const facts = readAnyRequest({ body: JSON.parse(written) as JsonObject })
    expect(facts).toMatchObject({ userText: 'hi', bodyBytes: written.length })
  })
})
