import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part, ToolCallPart, Turn } from '../../../../gateway/model/parts.ts'
import { messagesOf, say, send } from './call-double.ts'

const call = (id: string, args = '{}'): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'read',
  kind: 'function',
  arguments: args,
})
const result = (callId: string, text = 'r'): Part => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text }],
  isError: false,
  kind: 'function',
})
const image: Part = { type: 'media', kind: 'image', source: { kind: 'base64', data: 'AAAA' }, mimeType: 'image/png' }
const user = (...parts: Part[]): Turn => ({ role: 'user', parts })
const assistant = (...parts: Part[]): Turn => ({ role: 'assistant', parts })
const blockTypes = (body: JsonObject): string[][] =>
  messagesOf(body).map(({ content }) => content.map((block) => block.type as string))

describe('pitfalls towards Anthropic (section 9)', () => {
  it('32: an image between two results does not split them', () => {
    const { body } = send({
      turns: [say('user', 'a'), assistant(call('1'), call('2')), user(result('1'), image, result('2'))],
    })
    expect(blockTypes(body).at(-1)).toEqual(['tool_result', 'tool_result', 'image'])
  })

  it('33: calls without a result get one, results without a call go, both with a warning', () => {
    const sent = send({
      turns: [say('user', 'a'), assistant(call('1'), call('2')), user(result('2'), result('gone')), say('user', 'b')],
    })
    expect(messagesOf(sent.body)[2]?.content.map((block) => [block.tool_use_id, block.is_error])).toEqual([
      ['1', true],
      ['2', undefined],
      [undefined, undefined],
    ])
    expect(sent.call.warnings.join()).toMatch(/dropped 1 tool results.*answered 1 tool calls/)
  })

  it('33: calls at the very end are answered too', () => {
    expect(blockTypes(send({ turns: [say('user', 'a'), assistant(call('1'))] }).body)).toEqual([
      ['text'],
      ['tool_use'],
      ['tool_result'],
    ])
  })

  it('late results are moved behind their call', () => {
    const turns = [
      say('user', 'a'),
      assistant(call('1')),
      say('user', 'b'),
      say('assistant', 'c'),
      user(result('1'), { type: 'text', text: 'd' }),
    ]
    expect(blockTypes(send({ turns }).body)).toEqual([
      ['text'],
      ['tool_use'],
      ['tool_result', 'text'],
      ['text'],
      ['text'],
    ])
  })

  it('ids that clients use again are told apart', () => {
    const turns = [
      say('user', 'a'),
      assistant(call('x')),
      user(result('x', 'first')),
      assistant(call('x')),
      user(result('x', 'second')),
    ]
    const messages = messagesOf(send({ turns }).body)
    const ids = [1, 3].map((at) => messages[at]?.content[0]?.id)
    expect(new Set(ids).size).toBe(2)
    expect([2, 4].map((at) => messages[at]?.content[0]?.tool_use_id)).toEqual(ids)
    expect(JSON.stringify(messages[4])).toContain('second')
  })

  it('35: no empty text block beside calls', () => {
    expect(
      blockTypes(
        send({ turns: [say('user', 'a'), assistant({ type: 'text', text: '' }, call('1')), user(result('1', ''))] })
          .body,
      ),
    ).toEqual([['text'], ['tool_use'], ['tool_result']])
  })

  it.each(['{"cut', 'null', '[1]', '"text"'])('arguments %s, which are no object, go inside one', (args) => {
    const sent = send({ turns: [say('user', 'a'), assistant(call('1', args)), user(result('1'))] })
    expect(messagesOf(sent.body)[1]?.content[0]?.input).toEqual({ _raw: args })
    expect(sent.call.warnings.join()).toContain('wrapped arguments')
  })

  it('37, 81: history that ends with the assistant is not a prefill for a new model', () => {
    expect(
      messagesOf(send({ dialect: 'responses', turns: [say('user', 'a'), say('assistant', 'summary')] }).body).at(-1)
        ?.role,
    ).toBe('user')
  })

  it('38: a system turn does not come between a call and its result', () => {
    const turns = [say('user', 'a'), assistant(call('1')), say('system', 'note'), user(result('1'))]
    expect(blockTypes(send({ turns }).body)).toEqual([['text'], ['tool_use'], ['tool_result'], ['text']])
  })

  it('54: beta fields come from no other dialect', () => {
    expect(send({ dialect: 'chat-completions', extensions: { context_management: {} } }).body).not.toHaveProperty(
      'context_management',
    )
  })

  it('56: a wish for JSON forces no tool, so it does not clash with thinking', () => {
    const outputFormat = {
      type: 'json_schema',
      name: 'x',
      description: undefined,
      schema: { type: 'object', properties: {} },
      strict: true,
    } as const
    const { body } = send(
      { outputFormat, reasoning: { effort: 'high' } },
      { upstreamModel: 'claude-sonnet-4-20250514' },
    )
    expect(body).not.toHaveProperty('tool_choice')
    expect(body.thinking).toMatchObject({ type: 'enabled' })
  })

  it('57: of six cache marks the first and the last three stay', () => {
    const marked = (text: string): Part => ({ type: 'text', text, cacheMark: { ttl: undefined } })
    const sent = send({
      turns: [
        { role: 'system', parts: [marked('s1'), marked('s2')] },
        user(marked('u1'), marked('u2'), marked('u3'), marked('u4')),
      ],
    })
    const kept = [...(sent.body.system as JsonObject[]), ...(messagesOf(sent.body)[0]?.content ?? [])].filter(
      (block) => block.cache_control !== undefined,
    )
    expect(kept.map((block) => block.text)).toEqual(['s1', 'u2', 'u3', 'u4'])
    expect(sent.call.warnings.join()).toContain('took out 2 cache marks')
  })

  it('57: a long-lived mark after a short-lived one is shortened', () => {
    const parts: Part[] = (['5m', '1h'] as const).map((ttl) => ({ type: 'text', text: 'x', cacheMark: { ttl } }))
    expect(
      messagesOf(send({ turns: [user(...parts)] }).body)[0]?.content.map(
        (block) => (block.cache_control as JsonObject).ttl,
      ),
    ).toEqual(['5m', '5m'])
  })

  it('58: image/jpg is image/jpeg', () => {
    expect(messagesOf(send({ turns: [user({ ...image, mimeType: 'image/jpg' })] }).body)[0]?.content[0]).toMatchObject({
      source: { media_type: 'image/jpeg' },
    })
  })

  it('71, 72: thinking without a signature of its own maker never goes out', () => {
    const reasoning = (opaque: Extract<Part, { type: 'reasoning' }>['opaque']): Part => ({
      type: 'reasoning',
      text: 'hm',
      opaque,
    })
    const turns = [
      say('user', 'a'),
      assistant(reasoning([]), reasoning([{ scope: 'native:messages', kind: 'signature', data: 'x' }]), {
        type: 'text',
        text: 'b',
      }),
      say('user', 'c'),
    ]
    expect(blockTypes(send({ turns, reasoning: { effort: 'high' } }).body)[1]).toEqual(['text'])
  })

  it.each(['arguments', 'schema'])('%s nested 20,000 levels deep are a 400 and no crash', (where) => {
    const depth = 20_000
    const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    const given: Partial<ModelRequest> =
      where === 'schema'
        ? { tools: [{ type: 'function', name: 'f', parameters: JSON.parse(deep) as JsonObject }] }
        : { turns: [say('user', 'a'), assistant(call('1', deep)), user(result('1'))] }
    expect(() => send(given)).toThrow(expect.objectContaining({ code: 'invalid_field', status: 400 }))
  })
})

const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((value) => value.trim() !== '')
const id = fc.string({ minLength: 1, maxLength: 60 })
const partsOf = {
  user: fc.array(
    text.map((value): Part => ({ type: 'text', text: value })),
    { maxLength: 3 },
  ),
}
const exchange = fc.record({
  asked: partsOf.user,
  said: partsOf.user,
  calls: fc.uniqueArray(fc.record({ id, args: fc.jsonValue() }), { maxLength: 3, selector: (entry) => entry.id }),
  order: fc.boolean(),
})

describe('any conversation', () => {
  it('keeps texts, calls, results and their pairs in a form that the API takes', () => {
    fc.assert(
      fc.property(fc.array(exchange, { minLength: 1, maxLength: 5 }), (exchanges) => {
        const turns = exchanges.flatMap(({ asked, said, calls, order }): Turn[] => {
          const results = calls.map((entry) => result(entry.id, `result of ${entry.id}`))
          const answered: Turn[] = calls.length === 0 ? [] : [user(...(order ? results : results.toReversed()))]
          return [
            user(...asked),
            assistant(...said, ...calls.map((entry) => call(entry.id, JSON.stringify({ value: entry.args })))),
            ...answered,
          ]
        })
        const messages = messagesOf(send({ turns }).body)
        expectValid(messages)
        expect(textsOf(messages)).toEqual(
          expect.arrayContaining(
            exchanges.flatMap(({ asked, said }) =>
              [...asked, ...said].map((part) => (part.type === 'text' ? part.text : '')),
            ),
          ),
        )
        const sent = messages.flatMap(({ content }) => content.filter((block) => block.type === 'tool_use'))
        expect(sent.map((block) => block.input)).toEqual(
          exchanges.flatMap(({ calls }) =>
            calls.map((entry) => JSON.parse(JSON.stringify({ value: entry.args })) as unknown),
          ),
        )
        const results = messages.flatMap(({ content }) => content.filter((block) => block.type === 'tool_result'))
        expect(results.map((block) => JSON.stringify(block.content))).toEqual(
          exchanges.flatMap(({ calls }) =>
            calls.map((entry) => JSON.stringify([{ type: 'text', text: `result of ${entry.id}` }])),
          ),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('is in a form that the API takes however its turns are mixed', () => {
    const part = fc.oneof(
      text.map((value): Part => ({ type: 'text', text: value })),
      fc.constant<Part>({ type: 'text', text: '' }),
      fc.constantFrom('1', '2').map((name): Part => call(name)),
      fc.constantFrom('1', '2', '3').map((name) => result(name)),
      fc.constant<Part>({ type: 'reasoning', text: 'hm', opaque: [] }),
    )
    const turn = fc.record({
      role: fc.constantFrom('user', 'assistant', 'system'),
      parts: fc.array(part, { maxLength: 4 }),
    })
    const valid = ({ role, parts }: Turn): Turn => ({
      role,
      parts: parts.filter(
        (entry) =>
          entry.type === 'text' ||
          (role === 'assistant' ? entry.type !== 'tool-result' : role === 'user' && entry.type === 'tool-result'),
      ),
    })
    fc.assert(
      fc.property(
        fc.array(turn, { maxLength: 8 }),
        fc.constantFrom('claude-opus-4-8', 'claude-haiku-4-5'),
        (turns, upstreamModel) => {
          expectValid(messagesOf(send({ turns: turns.map((entry) => valid(entry)) }, { upstreamModel }).body))
        },
      ),
      { numRuns: 400 },
    )
  })
})

function textsOf(messages: readonly { content: JsonObject[] }[]): string[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((block) => (typeof block.text === 'string' ? [block.text] : [])),
  )
}

/** The rules of section 3.3. */
function expectValid(messages: readonly { role: string; content: JsonObject[] }[]): void {
  expect(messages[0]?.role).toBe('user')
  const ids = messages.flatMap(({ content }) =>
    content.filter((block) => block.type === 'tool_use').map((block) => block.id),
  )
  expect(new Set(ids).size).toBe(ids.length)
  for (const [at, { role, content }] of messages.entries()) {
    const next = messages[at + 1]
    expect(next?.role).not.toBe(role)
    expect(content).not.toEqual([])
    expect(textsOf([{ content }]).filter((value) => value.trim() === '')).toEqual([])
    const wanted = content.filter((block) => block.type === 'tool_use').map((block) => block.id)
    const given = (next?.content ?? []).flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []))
    expect(given).toEqual(wanted)
    if (wanted.length > 0)
      expect(next?.content.slice(0, wanted.length).every((block) => block.type === 'tool_result')).toBe(true)
    if (role === 'system') {
      expect(messages[at - 1]?.role).toBe('user')
      expect(next?.role ?? 'assistant').toBe('assistant')
    }
  }
}
