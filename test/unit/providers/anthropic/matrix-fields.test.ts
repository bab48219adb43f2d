import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part, Turn } from '../../../../gateway/model/parts.ts'
import { assistant, call, messagesOf, refusal, result, say, scope, send, tool, user } from './call-double.ts'

describe('tools (rows 17 to 28)', () => {
  it('row 17: function tools, one without parameters too', () => {
    const { body } = send({ tools: [tool('read', { description: 'reads' }), { type: 'function', name: 'now' }] })
    expect(body.tools).toEqual([
      {
        name: 'read',
        description: 'reads',
        input_schema: { type: 'object', properties: { path: { type: 'string' } } },
      },
      { name: 'now', input_schema: { type: 'object', properties: {} } },
    ])
  })

  it('joins variants at the top of a schema, which the API refuses there', () => {
    const parameters = { anyOf: [{ properties: { a: { type: 'string' } } }, { properties: { b: { type: 'number' } } }] }
    const sent = send({ tools: [{ type: 'function', name: 'f', parameters }] })
    expect(sent.body.tools).toMatchObject([{ input_schema: { type: 'object', properties: { a: {}, b: {} } } }])
    expect(JSON.stringify(sent.body.tools)).not.toContain('anyOf')
    expect(sent.call.warnings.join()).toContain('variants')
  })

  it('row 18: a freeform tool is a function with one text, in tools and history, and comes back as freeform', () => {
    const past: Part = { type: 'tool-call', id: 'p', name: 'apply_patch', kind: 'custom', arguments: '*** Begin "x"\n' }
    const sent = send({
      tools: [
        { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: x' } },
      ],
      turns: [
        say('user', 'a'),
        assistant(past),
        user({ ...(result('p', 'ok') as Extract<Part, { type: 'tool-result' }>), kind: 'custom' }),
      ],
    })
    expect(sent.body.tools).toMatchObject([{ name: 'apply_patch', input_schema: { required: ['input'] } }])
    expect(messagesOf(sent.body)[1]?.content[0]).toMatchObject({ input: { input: '*** Begin "x"\n' } })
    expect(sent.call.warnings.join()).toContain('grammar')
    const answer = sent.call.readAnswer(
      Buffer.from(
        JSON.stringify({
          content: [{ type: 'tool_use', id: 't', name: 'apply_patch', input: { input: 'a\n"b"' } }],
          stop_reason: 'tool_use',
        }),
      ),
    )
    expect(answer).toContainEqual({
      type: 'part-start',
      index: 0,
      part: { type: 'tool-call', id: 't', name: 'apply_patch', kind: 'custom' },
    })
    expect(answer).toContainEqual({ type: 'part-delta', index: 0, text: 'a\n"b"' })
  })

  it('row 19: namespaces are flattened and restored', () => {
    const sent = send({ tools: [tool('close', { namespace: 'agents' })] })
    expect(sent.body.tools).toMatchObject([{ name: 'agents__close' }])
    const answer = sent.call.readAnswer(
      Buffer.from(
        JSON.stringify({
          content: [{ type: 'tool_use', id: 't', name: 'agents__close', input: {} }],
          stop_reason: 'tool_use',
        }),
      ),
    )
    expect(answer[1]).toMatchObject({ part: { name: 'close', namespace: 'agents' } })
  })

  it('row 20: a hosted tool of another provider is dropped beside others, and refused alone', () => {
    const hosted: ModelRequest['tools'][number] = {
      type: 'hosted',
      dialect: 'responses',
      value: { type: 'web_search' },
    }
    const sent = send({ tools: [tool('read'), hosted] })
    expect(sent.body.tools).toHaveLength(1)
    expect(sent.call.warnings.join()).toContain('web_search')
    expect(refusal({ tools: [hosted] })).toMatchObject({ code: 'unsupported_field', param: 'tools' })
  })

  it('row 21: strict stays where the schema can be enforced, and is dropped elsewhere', () => {
    const parameters = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] }
    expect(send({ tools: [tool('f', { strict: true, parameters })] }).body.tools).toMatchObject([
      { strict: true, input_schema: { additionalProperties: false } },
    ])
    const limited = { type: 'object', properties: { n: { type: 'number', minimum: 3 } } }
    const sent = send({ tools: [tool('f', { strict: true, parameters: limited })] })
    expect(sent.body.tools).toEqual([{ name: 'f', input_schema: limited }])
    expect(sent.call.warnings.join()).toContain('strict')
  })

  it.each([
    ['22: auto', { mode: 'auto' }, { type: 'auto' }],
    ['22: none', { mode: 'none' }, { type: 'none' }],
    ['23: required', { mode: 'required' }, { type: 'any' }],
    ['24: named', { mode: 'named', name: 'read' }, { type: 'tool', name: 'read' }],
  ] as const)('row %s', (_name, toolChoice, wanted) => {
    expect(send({ tools: [tool('read')], toolChoice }).body.tool_choice).toEqual(wanted)
  })

  it.each([{ mode: 'required' }, { mode: 'named', name: 'read' }] as const)(
    'rows 23, 24: a forced call switches thinking off, and is refused where that cannot be (%j)',
    (toolChoice) => {
      const given: Partial<ModelRequest> = { tools: [tool('read')], toolChoice, reasoning: { effort: 'high' } }
      const sent = send(given)
      expect(sent.body.thinking).toEqual({ type: 'disabled' })
      expect(sent.call.warnings.join()).toContain('thinking off')
      expect(refusal(given, { upstreamModel: 'claude-opus-5-5' })).toMatchObject({
        code: 'unsupported_field',
        param: 'tool_choice',
      })
    },
  )

  it('row 25: only the allowed tools are offered', () => {
    const sent = send({ tools: [tool('a'), tool('b')], toolChoice: { mode: 'auto', allowed: ['b'] } })
    expect(sent.body.tools).toMatchObject([{ name: 'b' }])
  })

  it('row 26: no parallel calls', () => {
    const tools = [tool('read')]
    expect(send({ tools, parallelToolCalls: false }).body.tool_choice).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    })
  })

  it('row 27: ids go in a form that the API takes, the same in call and result and in every turn', () => {
    const id = 'functions.read:0|x'
    const turns = [say('user', 'a'), assistant(call(id)), user(result(id, 'r'))]
    const first = messagesOf(send({ turns }).body)
    const made = first[1]?.content[0]?.id
    expect(made).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(first[2]?.content[0]?.tool_use_id).toBe(made)
    expect(
      messagesOf(send({ turns: [...turns, say('assistant', 'b'), say('user', 'c')] }).body)[1]?.content[0]?.id,
    ).toBe(made)
  })

  it('row 28: the error flag of a result', () => {
    const { body } = send({ turns: [say('user', 'a'), assistant(call('c')), user(result('c', 'broken', true))] })
    expect(messagesOf(body)[2]?.content[0]).toMatchObject({ is_error: true })
  })

  it('declares the tools of the history when the client offers none any longer', () => {
    const { body } = send({ turns: [say('user', 'a'), assistant(call('c')), user(result('c', 'r'))] })
    expect(body.tools).toEqual([{ name: 'read', input_schema: { type: 'object', properties: {} } }])
    expect(body.tool_choice).toEqual({ type: 'none' })
  })
})

describe('parameters (rows 29 to 56)', () => {
  it('row 29: stop sequences, without those of nothing but space', () => {
    const sent = send({ stop: ['END', ' \n'] })
    expect(sent.body.stop_sequences).toEqual(['END'])
    expect(sent.call.warnings.join()).toContain('stop sequences')
  })

  it.each([
    ['33', { frequencyPenalty: 0.5, presencePenalty: 0.5 }, 'frequency_penalty'],
    ['34', { seed: 1 }, 'seed'],
    ['36', { logprobs: { top: 2 } }, 'logprobs'],
    ['37', { logitBias: { '1': 2 } }, 'logit_bias'],
    ['48', { promptCacheKey: 'k' }, 'prompt_cache_key'],
    ['50', { metadata: { a: 'b' } }, 'metadata'],
    ['50', { extensions: { store: true } }, 'store'],
    ['53', { serviceTier: 'flex' }, 'service_tier'],
    ['54', { verbosity: 'low' }, 'verbosity'],
    ['55', { extensions: { prediction: {} } }, 'prediction'],
    ['56', { extensions: { safetySettings: [] } }, 'safetySettings'],
  ] as const)('row %s: dropped with a warning (%j)', (_row, given, named) => {
    const sent = send(given as Partial<ModelRequest>)
    expect(Object.keys(sent.body).sort()).toEqual(['max_tokens', 'messages', 'model'])
    expect(sent.call.warnings.join()).toContain(`dropped ${named}`)
  })

  it('row 35: more than one answer is refused', () => {
    expect(refusal({ count: 2 })).toMatchObject({ code: 'unsupported_field', param: 'n' })
    expect(refusal({ count: 1 })).toBe('sent')
  })

  it.each([
    ['claude-opus-4-8', 128_000],
    ['claude-sonnet-4-5-20250929', 64_000],
    ['claude-opus-4-1', 32_000],
    ['claude-opus-4-20250514', 32_000],
    ['claude-sonnet-4-20250514', 64_000],
    ['claude-3-5-sonnet-20241022', 8_192],
    ['claude-3-opus-20240229', 4_096],
    ['anthropic/claude-haiku-4.5', 64_000],
    ['glm-5.3', 8_192],
  ])('row 38: without a limit %s gets %d', (upstreamModel, limit) => {
    expect(send({}, { upstreamModel }).body.max_tokens).toBe(limit)
  })

  it("lowers a limit above the model's own, and not for a model that is not known", () => {
    const sent = send({ maxOutputTokens: 128_000 }, { upstreamModel: 'claude-haiku-4-5' })
    expect(sent.body.max_tokens).toBe(64_000)
    expect(sent.call.warnings.join()).toContain('output limit')
    expect(send({ maxOutputTokens: 128_000 }, { upstreamModel: 'glm-5.3' }).body.max_tokens).toBe(128_000)
    expect(send({}, { upstreamModel: 'glm-5.3', maxOutputTokens: 70_000 }).body.max_tokens).toBe(70_000)
  })

  it('row 39: a JSON object is asked for by an instruction', () => {
    const sent = send({ outputFormat: { type: 'json_object' } })
    expect(JSON.stringify(sent.body.system)).toContain('JSON object')
    expect(sent.call.warnings.join()).toContain('instruction')
  })

  const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } }, required: ['n'] }
  const outputFormat = { type: 'json_schema', name: 'x', description: undefined, schema, strict: true } as const

  it('row 40: a schema is enforced where the model can, limits said in words', () => {
    const sent = send({ outputFormat })
    expect(sent.body.output_config).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { n: { type: 'integer', description: '(minimum: 1)' } },
          required: ['n'],
          additionalProperties: false,
        },
      },
    })
    expect(sent.call.warnings.join()).toContain('minimum')
  })

  it('row 40: older models get the schema as an instruction', () => {
    const sent = send({ outputFormat }, { upstreamModel: 'claude-sonnet-4-20250514' })
    expect(sent.body.output_config).toBeUndefined()
    expect(JSON.stringify(sent.body.system)).toContain('minimum')
    expect(sent.call.warnings.join()).toContain('instruction')
  })

  it.each([
    ['5m', { type: 'ephemeral', ttl: '5m' }],
    [undefined, { type: 'ephemeral' }],
  ] as const)('row 47: cache marks with ttl %s', (ttl, mark) => {
    const { body } = send({ turns: [user({ type: 'text', text: 'a', cacheMark: { ttl } })] })
    expect(messagesOf(body)[0]?.content[0]?.cache_control).toEqual(mark)
  })

  it('row 49: the user id', () => {
    expect(send({ user: 'u-1' }).body.metadata).toEqual({ user_id: 'u-1' })
  })

  it.each([
    ['auto', 'auto'],
    ['default', 'standard_only'],
  ])('row 53: service tier %s', (serviceTier, wanted) => {
    expect(send({ serviceTier }).body.service_tier).toBe(wanted)
  })

  it("row 56: content in another provider's cache is refused", () => {
    expect(refusal({ extensions: { cachedContent: 'c/1' } })).toMatchObject({ param: 'cachedContent' })
  })

  it('takes fields for the gateway out without a word and keeps those of its own dialect', () => {
    const sent = send({ dialect: 'messages', extensions: { fallbacks: [], context_management: { edits: [] } } })
    expect(sent.body.context_management).toEqual({ edits: [] })
    expect(sent.body.fallbacks).toBeUndefined()
    expect(sent.call.warnings).toEqual([])
  })

  it('adds defaults of the deployment where nothing is set', () => {
    const { body } = send({}, {}, { max_tokens: 500, speed: 'fast', model: 'other' })
    expect(body).toMatchObject({ max_tokens: 500, speed: 'fast', model: 'claude-opus-4-8' })
  })
})

describe('reasoning state (row 44)', () => {
  const own = { scope, kind: 'signature', data: { thinking: 'exact', signature: 'sig' } }
  const turns = (opaque: object): Turn[] => [
    say('user', 'a'),
    assistant({ type: 'reasoning', text: 'shortened', opaque: [opaque as typeof own] }, call('c')),
    user(result('c', 'r')),
  ]
  it('goes back to its maker byte for byte, with the text that it signs', () => {
    const { body } = send({ turns: turns(own), reasoning: { effort: 'high' } })
    expect(messagesOf(body)[1]?.content[0]).toEqual({ type: 'thinking', thinking: 'exact', signature: 'sig' })
  })

  it('is left out for anybody else, its text too', () => {
    const { body } = send({ turns: turns({ ...own, scope: 'other' }), reasoning: { effort: 'high' } })
    expect(messagesOf(body)[1]?.content.map(({ type }) => type)).toEqual(['tool_use'])
  })

  it('switches thinking with a budget off when the open tool turn lost its own', () => {
    const sent = send(
      { turns: turns({ ...own, scope: 'other' }), reasoning: { effort: 'high' } },
      { upstreamModel: 'claude-haiku-4-5' },
    )
    expect(sent.body.thinking).toEqual({ type: 'disabled' })
    expect(sent.call.warnings.join()).toContain('switched thinking off')
  })
})
