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

describe('tools', () => {
  const tool = { type: 'function', name: 'read', parameters: { type: 'object' } } as const

  it('says strict false unless told otherwise: left out it means true here (rows 17 and 21)', () => {
    const { body } = build({ tools: [tool, { ...tool, name: 'b', strict: true }, { type: 'function', name: 'c' }] })
    expect(body.tools).toEqual([
      { type: 'function', name: 'read', parameters: { type: 'object' }, strict: false },
      { type: 'function', name: 'b', parameters: { type: 'object' }, strict: true },
      { type: 'function', name: 'c', parameters: { type: 'object', properties: {} }, strict: false },
    ])
  })

  it('writes freeform tools with a flat grammar (row 18)', () => {
    const format = { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } }
    expect(build({ tools: [{ type: 'custom', name: 'p', format }] }).body.tools).toEqual([
      { type: 'custom', name: 'p', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    ])
  })

  it('joins namespaces to names (row 19)', () => {
    expect(build({ tools: [{ ...tool, namespace: 'mcp' }] }).body.tools).toMatchObject([{ name: 'mcp__read' }])
  })

  it.each([
    ['web_search_20250305', 'messages', { type: 'web_search' }],
    ['googleSearch', 'gemini', { type: 'web_search' }],
    ['code_execution_20250522', 'messages', { type: 'code_interpreter' }],
  ] as const)('finds the equal of %s (row 20)', (type, dialect, written) => {
    const value = dialect === 'gemini' ? { [type]: {} } : { type }
    const { body, warnings } = build({ tools: [{ type: 'hosted', dialect, value }] })
    expect(body.tools).toMatchObject([written])
    expect(warnings).toHaveLength(1)
  })

  it('refuses a hosted tool that has no equal (row 20)', () => {
    expect(() =>
      build({ tools: [{ type: 'hosted', dialect: 'messages', value: { type: 'computer_20250124' } }] }),
    ).toThrowError(refusal('tools'))
  })

  it('writes web_search_options of chat completions as the tool', () => {
    const web_search_options = {
      search_context_size: 'low',
      user_location: { type: 'approximate', approximate: { city: 'Bonn' } },
    }
    expect(build({ extensions: { web_search_options } }).body.tools).toEqual([
      { type: 'web_search', search_context_size: 'low', user_location: { type: 'approximate', city: 'Bonn' } },
    ])
  })

  it.each([
    [{ mode: 'auto' }, 'auto'],
    [{ mode: 'none' }, 'none'],
    [{ mode: 'required' }, 'required'],
    [
      { mode: 'named', name: 'read' },
      { type: 'function', name: 'read' },
    ],
    [
      { mode: 'required', allowed: ['read'] },
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'read' }] },
    ],
  ] as const)('writes the choice %j (rows 22 to 25)', (toolChoice, written) => {
    expect(build({ tools: [tool], toolChoice }).body.tool_choice).toEqual(written)
  })

  it('passes the wish for one call at a time (row 26)', () => {
    expect(build({ tools: [tool], parallelToolCalls: false }).body.parallel_tool_calls).toBe(false)
  })
})

describe('parameters', () => {
  it.each([
    ['gpt-5.5', undefined, false],
    ['gpt-5.5', 'none', true],
    ['gpt-5.5', 'low', false],
    ['gpt-5-mini', undefined, false],
    ['o3', undefined, false],
    ['gpt-6.1-sol', undefined, false],
    ['gpt-4.1', undefined, true],
    ['openai/gpt-4o', undefined, true],
    ['gpt-5-chat-latest', undefined, true],
    ['grok-4', undefined, true],
  ] as const)('%s at effort %s takes temperature: %s (row 31, §9 #52)', (upstreamModel, effort, taken) => {
    const given = { temperature: 0.7, topP: 0.9, ...(effort === undefined ? {} : { reasoning: { effort } }) }
    const { body, warnings } = build(given, { upstreamModel })
    expect('temperature' in body && 'top_p' in body).toBe(taken)
    expect(warnings.some((warning) => warning.startsWith('dropped temperature'))).toBe(!taken)
  })

  it.each([
    ['top_k (row 32)', { topK: 5 }],
    ['frequency_penalty (row 33)', { frequencyPenalty: 1 }],
    ['presence_penalty (row 33)', { presencePenalty: 1 }],
    ['seed (row 34)', { seed: 1 }],
    ['logprobs (row 36)', { logprobs: { top: 2 } }],
    ['logit_bias (row 37)', { logitBias: { 1: 2 } }],
  ])('drops %s and says so', (name, given) => {
    expect(build(given).warnings).toEqual([`dropped ${name.split(' ')[0]}`])
  })

  it('drops a penalty of 0 without a word, as it changes nothing', () => {
    expect(build({ frequencyPenalty: 0, presencePenalty: 0 }).warnings).toEqual([])
  })

  it('refuses more than one answer (row 35)', () => {
    expect(() => build({ count: 2 })).toThrowError(refusal('n'))
    expect(build({ count: 1 }).body).not.toHaveProperty('n')
  })

  it.each([
    [undefined, undefined, undefined],
    [5_000, undefined, 5_000],
    [1, undefined, 16],
    [128_000, 32_768, 32_768],
  ])('writes an output limit of %s with a maximum of %s as %s (row 38)', (wanted, most, written) => {
    const given = wanted === undefined ? {} : { maxOutputTokens: wanted }
    const { body, warnings } = build(given, most === undefined ? {} : { maxOutputTokens: most })
    expect(body.max_output_tokens).toBe(written)
    expect(warnings).toHaveLength(wanted === written ? 0 : 1)
  })

  it('asks for JSON in words where the dialect does not (row 39)', () => {
    const { body } = build({ dialect: 'gemini', outputFormat: { type: 'json_object' } })
    expect(body.text).toEqual({ format: { type: 'json_object' } })
    expect(JSON.stringify(body.input)).toContain('Answer with JSON.')
    const said = build({ outputFormat: { type: 'json_object' }, turns: [user(text('give json'))] })
    expect(said.body.input).toHaveLength(1)
  })

  it('writes a JSON schema flat (row 40)', () => {
    const outputFormat = {
      type: 'json_schema',
      name: 'my answer',
      description: undefined,
      schema: { type: 'object' },
      strict: true,
    } as const
    expect(build({ outputFormat }).body.text).toEqual({
      format: { type: 'json_schema', name: 'my_answer', schema: { type: 'object' }, strict: true },
    })
  })

  it.each([
    ['gpt-5', 'none', 'minimal'],
    ['gpt-5.1', 'minimal', 'none'],
    ['gpt-5.1', 'xhigh', 'high'],
    ['gpt-5.5', 'max', 'xhigh'],
    ['gpt-5.6-sol', 'max', 'max'],
    ['gpt-6.1-sol', 'none', 'low'],
    ['o3', 'xhigh', 'high'],
    ['unknown-model', 'max', 'max'],
  ] as const)('asks %s for %s as %s (row 41)', (upstreamModel, effort, written) => {
    const { body, warnings } = build({ reasoning: { effort } }, { upstreamModel })
    expect(body.reasoning).toEqual({ effort: written })
    expect(warnings).toHaveLength(effort === written ? 0 : 1)
  })

  it('turns a thinking budget into an effort (row 42)', () => {
    const { body, warnings } = build({ dialect: 'messages', reasoning: { budgetTokens: 10_000 } })
    expect(body.reasoning).toEqual({ effort: 'medium', summary: 'auto' })
    expect(warnings).toEqual(['a thinking budget of 10000 tokens became reasoning effort medium'])
  })

  it('asks for a summary only where a client shows it (row 43)', () => {
    expect(build({ reasoning: { effort: 'low' } }).body.reasoning).toEqual({ effort: 'low' })
    expect(build({ reasoning: { effort: 'low', visible: true } }).body.reasoning).toEqual({
      effort: 'low',
      summary: 'auto',
    })
    expect(build({ dialect: 'messages', reasoning: { effort: 'low', visible: false } }).body.reasoning).toEqual({
      effort: 'low',
    })
  })

  it('carries cache marks where the model has them, the last four (row 47, §9 #57)', () => {
    const turns = [1, 2, 3, 4, 5, 6].map((n) => user({ type: 'text', text: `${n}`, cacheMark: { ttl: '5m' } }))
    const { body, warnings } = build({ turns }, { upstreamModel: 'gpt-5.6' })
    expect(body.input.map((item) => JSON.stringify(item).includes('breakpoint'))).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
    ])
    expect(warnings).toEqual([])
    expect(build({ turns }).warnings).toEqual(['dropped cache marks: the model caches by itself'])
  })

  it('carries cache key, user, metadata, tier and verbosity (rows 48 to 50, 53, 54)', () => {
    const { body } = build({
      promptCacheKey: 'k',
      user: 'u',
      metadata: { a: 'b', tags: ['t'] },
      serviceTier: 'flex',
      verbosity: 'low',
      extensions: { store: true },
    })
    expect(body).toMatchObject({
      prompt_cache_key: 'k',
      safety_identifier: 'u',
      metadata: { a: 'b' },
      service_tier: 'flex',
      text: { verbosity: 'low' },
      store: true,
    })
    const other = build({
      dialect: 'messages',
      user: 'x'.repeat(200),
      metadata: { a: 'b' },
      serviceTier: 'standard_only',
    })
    expect(other.body).toMatchObject({
      safety_identifier: expect.stringMatching(/^[0-9a-f]{64}$/),
      service_tier: 'default',
    })
    expect(other.warnings).toContain('dropped metadata')
  })

  it('drops what only the other dialect knows and says so (rows 55 and 56, §9 #54)', () => {
    const { body, warnings } = build({
      dialect: 'messages',
      extensions: { context_management: {}, safeguards: [], tags: ['x'] },
    })
    expect(Object.keys(body)).not.toContain('context_management')
    expect(warnings).toEqual(['dropped context_management', 'dropped safeguards'])
    expect(build({ extensions: { prediction: {} } }).warnings).toEqual(['dropped prediction'])
  })

  it('refuses sound in the answer (row 15)', () => {
    expect(() => build({ extensions: { modalities: ['text', 'audio'] } })).toThrowError(refusal('modalities'))
  })

  it('adds defaults in the words of this wire, under what the request says', () => {
    const { body } = build(
      { maxOutputTokens: 50, reasoning: { effort: 'low' } },
      {},
      { max_tokens: 9, reasoning_effort: 'high', verbosity: 'low', service_tier: 'flex' },
    )
    expect(body).toMatchObject({
      max_output_tokens: 50,
      reasoning: { effort: 'low' },
      text: { verbosity: 'low' },
      service_tier: 'flex',
    })
    expect(build({}, {}, { max_tokens: 9 }).body.max_output_tokens).toBe(9)
  })

  it('leaves out what the deployment refuses', () => {
    const { body, warnings } = build({ promptCacheKey: 'k' }, { refusedFields: ['prompt_cache_key'] })
    expect(body).not.toHaveProperty('prompt_cache_key')
    expect(warnings).toEqual(['dropped prompt_cache_key: openai does not accept it'])
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
