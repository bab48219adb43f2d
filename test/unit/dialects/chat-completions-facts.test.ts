import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readChatFacts } from '../../../gateway/dialects/chat-completions/read-facts.ts'
import type { RequestHeaders } from '../../../gateway/dialects/request-source.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import type { JsonObject, JsonValue } from '../../../gateway/model/json.ts'

function read(body: JsonObject, headers: RequestHeaders = {}) {
  return readChatFacts({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body }, 10, headers)
}

const readMessages = (messages: JsonValue) => read({ messages })
const text = (value: string) => ({ type: 'text', text: value })
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }

function refusalOf(call: () => unknown): GatewayError {
  try {
    call()
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the user text', () => {
  test.each<[string, JsonValue, string]>([
    ['a text as it is', ' two  spaces ', ' two  spaces '],
    ['text parts joined with one space, trimmed', [text(' a'), image, text('b ')], 'a b'],
    ['nothing of parts that are no text', [image, { type: 'file', text: 'x' }, 7, null, 'y', text('a')], 'a'],
  ])('is %s', (_, content, expected) => {
    expect(readMessages([{ role: 'user', content }]).userText).toBe(expected)
  })

  test('comes from the last user turn that has any', () => {
    const messages = [
      { role: 'user', content: 'first' },
      { role: 'user', content: 'second' },
      { role: 'assistant', content: 'no' },
      { role: 'tool', content: 'no', tool_call_id: 'a' },
      { role: 'user', content: [image] },
      { role: 'user', content: ' ' },
      { role: 'user', content: '' },
      { role: 'user', content: null },
      { role: 'user' },
    ]
    expect(readMessages(messages).userText).toBe('second')
    expect(readMessages(messages).userTurns).toEqual(['second', 'first'])
    expect(readMessages([{ role: 'user', content: [image] }]).userText).toBe('')
  })

  test('of a legacy completion is its prompt', () => {
    const legacy = (prompt: JsonValue) => readChatFacts({ model: 'm', prompt }, 1, {}).userText
    expect(legacy('write')).toBe('write')
    expect(legacy(['one', 'two'])).toBe('two')
    expect(legacy([1, 2, 3])).toBe('')
  })

  test('is found under ten thousand turns and tools without reading into them', () => {
    const history = Array.from({ length: 10_000 }, (_, index) => [
      { role: 'user', content: `Implement step ${index}` },
      { role: 'assistant', content: 'architecture '.repeat(10) },
    ]).flat()
    expect(readMessages([...history, { role: 'user', content: 'hello' }]).userText).toBe('hello')
  })

  test('is read however deep anything is nested', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    const body = JSON.parse(
      `{"model":"m","metadata":${deep(10_000)},"messages":[{"role":"user","content":${deep(10_000)}},{"role":"user","content":"hi"}]}`,
    ) as JsonObject
    expect(readChatFacts(body, 1, {}).userText).toBe('hi')
  })
})

describe('blocks of the agent', () => {
  const userText = (content: JsonValue, headers: RequestHeaders = {}) =>
    read({ messages: [{ role: 'user', content }] }, headers).userText
  const reminder = '<system-reminder>Think hard.</system-reminder>'

  test('are cut from the turn', () => {
    expect(userText(`${reminder} hello`)).toBe('hello')
    expect(userText([text(reminder), text(reminder.toUpperCase()), text('hello')])).toBe('hello')
  })

  test('leave a turn that held nothing else to the one before', () => {
    const messages = [
      { role: 'user', content: 'hello' },
      { role: 'user', content: [text(reminder)] },
    ]
    expect(readMessages(messages).userText).toBe('hello')
  })

  test('that are not closed are text', () => {
    expect(userText('what does <system-reminder> mean?')).toBe('what does <system-reminder> mean?')
  })

  test('of one agent are cut for that agent alone', () => {
    const context = '<environment_context><cwd>/</cwd></environment_context> hello'
    expect(userText(context)).toBe(context)
    expect(userText(context, { 'user-agent': 'codex_cli_rs/0.169.0' })).toBe('hello')
    expect(userText(context, { originator: 'codex_vscode' })).toBe('hello')
    const session = '<session_context>x</session_context> hello'
    expect(userText(session)).toBe(session)
    expect(userText(session, { 'user-agent': 'QwenCode/0.24.4 (linux; x64)' })).toBe('hello')
  })

  test.each(['recommended_plugins', 'user_instructions', 'environments_instructions'])(
    '<%s> of Codex is cut',
    (name) => {
      expect(userText(`<${name}>x</${name}>hello`, { originator: 'codex_exec' })).toBe('hello')
    },
  )

  test('a file that opencode read is dropped with its call, for opencode alone', () => {
    const parts = [
      text('hello'),
      text('Called the Read tool with the following input: {}'),
      text('<file>sql</file>'),
      text('bye'),
    ]
    expect(userText(parts, { 'user-agent': 'opencode/1.18.33' })).toBe('hello bye')
    expect(userText(parts)).toContain('<file>')
    expect(userText([text('<file>sql</file>')], { 'user-agent': 'opencode/1.18.33' })).toBe('<file>sql</file>')
  })
})

describe('the other facts', () => {
  test('are read where the request has them', () => {
    const facts = read(
      {
        messages: [
          { role: 'system', content: 'one' },
          { role: 'developer', content: [text('two')] },
          { role: 'system', content: ' ' },
          { role: 'user', content: [text('hi'), image] },
        ],
        stream: true,
        tools: [{ type: 'function' }, { type: 'custom' }],
        functions: [{ name: 'old' }],
        max_tokens: 5,
        max_completion_tokens: 7,
        user: 'ada',
        tags: ['x', 3],
        metadata: { tags: ['y', 'x'] },
        fallbacks: ['a', { model: 'b' }, { m: ['c'] }, { other: ['d'] }, { '*': ['e'] }],
      },
      { 'x-litellm-tags': 'z, ,y' },
    )
    expect(facts).toMatchObject({
      dialect: 'chat-completions',
      model: 'm',
      systemText: 'two',
      stream: true,
      toolCount: 3,
      hasImages: true,
      maxOutputTokens: 7,
      endUser: 'ada',
      tags: ['x', 'y', 'z'],
      requestFallbacks: ['a', 'b', 'c', 'e'],
      bodyBytes: 10,
    })
  })

  test('are absent where it has not, or has nonsense', () => {
    for (const nonsense of [
      {},
      { stream: 'true', tools: 'x', max_tokens: '9', user: 4, tags: 'x', metadata: [], fallbacks: null },
    ]) {
      expect(read(nonsense)).toMatchObject({
        stream: false,
        toolCount: 0,
        hasImages: false,
        maxOutputTokens: undefined,
        endUser: undefined,
        tags: [],
        requestFallbacks: undefined,
        systemText: '',
      })
    }
  })

  test('disable_fallbacks means none at all', () => {
    expect(read({ disable_fallbacks: true, fallbacks: ['a'] }).requestFallbacks).toEqual([])
  })

  test('tags are bounded, because they are stored', () => {
    const tags = [...Array.from({ length: 200 }, (_, index) => `tag${index}`), 'x'.repeat(257)]
    expect(read({ tags }).tags).toEqual(tags.slice(0, 100))
    expect(read({ tags: ['x'.repeat(257), 'y'.repeat(256)] }).tags).toEqual(['y'.repeat(256)])
  })

  test('the URL wins over the body', () => {
    const body = { model: 'body', messages: [{ role: 'user', content: 'hi' }] }
    expect(readChatFacts(body, 1, {}, { model: 'url', stream: true })).toMatchObject({ model: 'url', stream: true })
  })
})

describe('refusals', () => {
  test.each<[string, JsonObject, string, string]>([
    ['no model', { messages: [] }, 'missing_field', 'model'],
    ['a model that is null', { model: null, messages: [] }, 'missing_field', 'model'],
    ['a model that is a number', { model: 4, messages: [] }, 'invalid_field', 'model'],
    ['a blank model', { model: ' ', messages: [] }, 'invalid_field', 'model'],
    ['no messages', { model: 'm' }, 'missing_field', 'messages'],
    ['messages that are null', { model: 'm', messages: null }, 'missing_field', 'messages'],
    ['messages that are a text', { model: 'm', messages: 'hi' }, 'invalid_field', 'messages'],
    ['messages that are an object', { model: 'm', messages: {} }, 'invalid_field', 'messages'],
    ['no message at all', { model: 'm', messages: [] }, 'invalid_field', 'messages'],
    ['fallbacks that are a text', { model: 'm', messages: [{}], fallbacks: 'x' }, 'invalid_field', 'fallbacks'],
    ['a model without end', { model: 'x'.repeat(401), messages: [{}] }, 'invalid_field', 'model'],
    [
      'a fallback with a stream of its own',
      { model: 'm', messages: [{}], fallbacks: [{ model: 'a', stream: false }] },
      'unsupported_field',
      'fallbacks',
    ],
    [
      'a chain in a chain',
      { model: 'm', messages: [{}], fallbacks: [{ m: [{ m: ['a'] }] }] },
      'invalid_field',
      'fallbacks',
    ],
    ['a chain that is a text', { model: 'm', messages: [{}], fallbacks: [{ m: 'a' }] }, 'invalid_field', 'fallbacks'],
    ['a fallback that is a number', { model: 'm', messages: [{}], fallbacks: [1] }, 'invalid_field', 'fallbacks'],
  ])('%s', (_, body, code, param) => {
    expect(refusalOf(() => readChatFacts(body, 1, {}))).toMatchObject({ code, param, status: 400, shouldRetry: false })
  })

  test('whatever stands in a message is not refused', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.jsonValue(), fc.record({ role: fc.constantFrom('user', 'system'), content: fc.jsonValue() })),
          { minLength: 1 },
        ),
        (messages) => {
          expect(readMessages(messages as JsonValue).model).toBe('m')
        },
      ),
    )
  })
})
