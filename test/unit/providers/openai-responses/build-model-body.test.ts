import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { MediaPart, Part, Turn } from '../../../../gateway/model/parts.ts'
import { assistant, build, scope, text, user } from './call-double.ts'

const call = (id: string, name = 'read', words = '{}'): Part => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  arguments: words,
})
const result = (callId: string, words = 'done', isError = false): Part => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text: words }],
  isError,
  kind: 'function',
})
const state = (owner = scope) => [
  { scope: owner, kind: 'encrypted_content', data: { id: 'rs_1', encrypted_content: 'e' } },
]
const reasoning = (owner?: string): Part => ({ type: 'reasoning', text: 'hm', opaque: state(owner) })
const image = (source: MediaPart['source']): MediaPart => ({
  type: 'media',
  kind: 'image',
  source,
  mimeType: 'image/png',
})
const refusal = (param: string) => expect.objectContaining({ code: 'unsupported_field', status: 400, param })

describe('conversations', () => {
  it('keeps system messages where they stand (rows 1 and 2, §9 #38)', () => {
    const system = (words: string): Turn => ({ role: 'system', parts: [text(words)] })
    const { body } = build({ turns: [system('a'), user(text('b')), system('c')] })
    expect(body.input.map((item) => item.role)).toEqual(['developer', 'user', 'developer'])
    expect(build({ turns: [system('a')] }, { upstreamModel: 'qwen3' }).body.input[0]?.role).toBe('system')
  })

  it('leaves empty texts out (row 4, §9 #35)', () => {
    const { body } = build({ turns: [user(text('a')), assistant(text(''), call('c1')), user(result('c1'), text(''))] })
    expect(body.input.map((item) => item.type)).toEqual(['message', 'function_call', 'function_call_output'])
  })

  it('takes a trailing assistant message for history and says so (row 5, §9 #81)', () => {
    const { body, warnings } = build({ turns: [user(text('a')), assistant(text('b'))] })
    expect(body.input.at(-1)).toMatchObject({ role: 'assistant', content: [{ type: 'output_text', text: 'b' }] })
    expect(warnings).toContain('the last assistant message is history here, not a beginning to continue')
  })

  it.each([
    [
      'base64 (row 6)',
      image({ kind: 'base64', data: 'AAAA' }),
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
    ],
    [
      'an address (row 7)',
      image({ kind: 'url', url: 'https://a/b.png' }),
      { type: 'input_image', image_url: 'https://a/b.png' },
    ],
    [
      'an own file id (row 8)',
      image({ kind: 'file_id', id: 'f', dialect: 'chat-completions' }),
      { type: 'input_image', file_id: 'f' },
    ],
  ])('writes an image by %s', (_name, part, content) => {
    expect(build({ turns: [user(part)] }).body.input[0]).toMatchObject({ content: [content] })
  })

  it('refuses a file id of another provider (row 8)', () => {
    expect(() => build({ turns: [user(image({ kind: 'file_id', id: 'f', dialect: 'messages' }))] })).toThrowError(
      refusal('file_id'),
    )
  })

  it('writes images inside tool results (row 9, §9 #32)', () => {
    const part: Part = {
      type: 'tool-result',
      callId: 'c1',
      content: [{ type: 'text', text: 'a' }, image({ kind: 'base64', data: 'AAAA' })],
      isError: false,
      kind: 'function',
    }
    const { body } = build({ turns: [assistant(call('c1'), call('c2')), user(part, result('c2'))] })
    expect(body.input[2]).toMatchObject({
      type: 'function_call_output',
      call_id: 'c1',
      output: [{ type: 'input_text' }, { type: 'input_image' }],
    })
    expect(body.input[3]).toMatchObject({ type: 'function_call_output', call_id: 'c2' })
  })

  it.each([
    [
      'a PDF by base64 (row 10)',
      { kind: 'base64', data: 'JVBE' },
      { type: 'input_file', file_data: 'data:application/pdf;base64,JVBE' },
    ],
    [
      'a PDF by address (row 11)',
      { kind: 'url', url: 'https://a/b.pdf' },
      { type: 'input_file', file_url: 'https://a/b.pdf' },
    ],
    ['a text with a title (row 12)', { kind: 'text', text: 'body' }, { type: 'input_text', text: 'T\n\nbody' }],
  ] as const)('writes %s', (_name, source, content) => {
    const part: Part = { type: 'media', kind: 'document', source, mimeType: 'application/pdf', title: 'T' }
    expect(build({ turns: [user(part)] }).body.input[0]).toMatchObject({ content: [content] })
  })

  it('writes audio (row 14) and refuses video (row 16)', () => {
    const media = (kind: 'audio' | 'video'): Part => ({
      type: 'media',
      kind,
      source: { kind: 'base64', data: 'AAAA' },
      mimeType: `${kind}/mpeg`,
    })
    expect(build({ turns: [user(media('audio'))] }).body.input[0]).toMatchObject({
      content: [{ type: 'input_audio', input_audio: { format: 'mp3' } }],
    })
    expect(() => build({ turns: [user(media('video'))] })).toThrowError(refusal('video'))
  })

  it('tells an error of a tool in words (row 28, §9 #82)', () => {
    const { body, warnings } = build({ turns: [assistant(call('c1')), user(result('c1', 'no file', true))] })
    expect(body.input[1]).toMatchObject({ output: 'Error: no file' })
    expect(warnings).toContain('the error flag of a tool result is sent as text')
  })

  it('answers a call that has no result and drops a result without a call (§9 #33)', () => {
    const { body, warnings } = build({ turns: [assistant(call('c1')), user(result('gone'), text('b'))] })
    expect(body.input.map((item) => [item.type, item.call_id])).toEqual([
      ['function_call', 'c1'],
      ['function_call_output', 'c1'],
      ['message', undefined],
    ])
    expect(warnings).toEqual([
      'dropped a tool result that answers no call',
      'added a result to a tool call that had none',
    ])
  })

  it('gives calls of one id their own ids, and each its own result', () => {
    const { body } = build({
      turns: [assistant(call('c')), user(result('c', 'one')), assistant(call('c')), user(result('c', 'two'))],
    })
    const [first, one, second, two] = body.input
    expect(first?.call_id).not.toBe(second?.call_id)
    expect([one?.call_id, one?.output, two?.call_id, two?.output]).toEqual([
      first?.call_id,
      'one',
      second?.call_id,
      'two',
    ])
  })

  it('shortens an overlong call id, the same in every turn (row 27, §9 #29)', () => {
    const id = `call|${'x'.repeat(83)}`
    const { body } = build({ turns: [assistant(call(id)), user(result(id))] })
    expect(body.input[0]?.call_id).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    expect(body.input[1]?.call_id).toBe(body.input[0]?.call_id)
    expect(build({ turns: [assistant(call(id)), user(result(id))] }).body.input).toEqual(body.input)
  })

  it('writes {} for empty arguments (§9 #9)', () => {
    expect(build({ turns: [assistant(call('c', 'n', '')), user(result('c'))] }).body.input[0]?.arguments).toBe('{}')
  })

  it('writes freeform calls and their results as such (row 18, §9 #40)', () => {
    const custom: Part = { type: 'tool-call', id: 'c', name: 'apply_patch', kind: 'custom', arguments: '*** Begin' }
    const output: Part = { type: 'tool-result', callId: 'c', content: [], isError: false, kind: 'custom' }
    expect(build({ turns: [assistant(custom), user(output)] }).body.input).toMatchObject([
      { type: 'custom_tool_call', input: '*** Begin' },
      { type: 'custom_tool_call_output', output: '' },
    ])
  })
})

describe('reasoning state (row 44)', () => {
  it('goes back to its own upstream, before the item it belongs to (§9 #43)', () => {
    const { body } = build({ turns: [user(text('a')), assistant(reasoning(), call('c1')), user(result('c1'))] })
    expect(body.input.map((item) => item.type)).toEqual([
      'message',
      'reasoning',
      'function_call',
      'function_call_output',
    ])
    expect(body.input[1]).toEqual({
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'hm' }],
      encrypted_content: 'e',
    })
  })

  it('never goes to another upstream (§9 #44, #66)', () => {
    const { body } = build({ turns: [assistant(reasoning('anthropic:x'), text('b')), user(text('c'))] })
    expect(JSON.stringify(body)).not.toContain('reasoning"')
  })

  it('is left out where nothing of its own follows, and told once (§9 #49, #72)', () => {
    const { body } = build({
      turns: [
        user(text('a')),
        assistant(reasoning()),
        user(text('b')),
        assistant(reasoning(), reasoning(), text('c')),
        user(text('d')),
      ],
    })
    expect(body.input.filter((item) => item.type === 'reasoning')).toEqual([])
    const twice = build({ turns: [assistant(reasoning(), reasoning(), text('c')), user(text('d'))] })
    expect(twice.body.input.filter((item) => item.type === 'reasoning')).toHaveLength(1)
  })

  it('is asked for where the model reasons, and nothing is stored', () => {
    expect(build({}).body).toMatchObject({ include: ['reasoning.encrypted_content'], store: false })
    expect(build({}, { upstreamModel: 'gpt-4.1' }).body).not.toHaveProperty('include')
  })
})

describe('any conversation', () => {
  const words = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  /** Turns in which every call has its result, as clients send them. */
  const exchange = fc.record({
    asked: words,
    said: words,
    calls: fc.array(fc.record({ name: fc.stringMatching(/^[a-z]{1,10}$/), output: words }), { maxLength: 3 }),
  })
  const conversation = fc.array(exchange, { minLength: 1, maxLength: 5 })

  it('keeps roles, texts, calls and the pairing of results', () => {
    fc.assert(
      fc.property(conversation, (exchanges) => {
        const turns = exchanges.flatMap(({ asked, said, calls }, at): Turn[] => [
          user(text(asked)),
          assistant(text(said), ...calls.map(({ name }, n) => call(`c${at}.${n}`, name, `{"n":${n}}`))),
          ...(calls.length === 0 ? [] : [user(...calls.map(({ output }, n) => result(`c${at}.${n}`, output)))]),
        ])
        const { body } = build({ turns } satisfies Partial<ModelRequest>)
        const messages = body.input.filter((item) => item.type === 'message')
        const textOf = (item: (typeof messages)[number]) =>
          (item.content as { text: string }[]).map((part) => part.text).join('')
        expect(messages.map((item) => [item.role, textOf(item)])).toEqual(
          exchanges.flatMap(({ asked, said }) => [
            ['user', asked],
            ['assistant', said],
          ]),
        )
        const outputs = new Map(
          body.input.filter((item) => item.type === 'function_call_output').map((item) => [item.call_id, item.output]),
        )
        const calls = body.input.filter((item) => item.type === 'function_call')
        expect(calls.map((item) => [item.name, outputs.get(item.call_id)])).toEqual(
          exchanges.flatMap((one) => one.calls.map(({ name, output }) => [name, output])),
        )
        expect(new Set(calls.map((item) => item.call_id)).size).toBe(calls.length)
      }),
      { numRuns: 100 },
    )
  })
})
