import { describe, expect, it } from 'vitest'
import { build, text, user } from './call-double.ts'

const refusal = (param: string) => expect.objectContaining({ code: 'unsupported_field', status: 400, param })

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
    ['logit_bias (row 37)', { logitBias: { 1: 2 } }],
  ])('drops %s and says so', (name, given) => {
    expect(build(given).warnings).toEqual([`dropped ${name.split(' ')[0]}`])
  })

  it('asks for logprobs where the model gives them (row 36)', () => {
    const { body } = build({ logprobs: { top: 2 } }, { upstreamModel: 'gpt-4.1' })
    expect(body).toMatchObject({ top_logprobs: 2, include: ['message.output_text.logprobs'] })
    expect(build({ logprobs: { top: undefined } }, { upstreamModel: 'gpt-4.1' }).body.top_logprobs).toBe(0)
    const reasoning = build({ logprobs: { top: 2 } })
    expect(reasoning.body).not.toHaveProperty('top_logprobs')
    expect(reasoning.warnings).toEqual(['dropped logprobs: the model takes none while it reasons'])
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
    expect(other.warnings).toEqual(['service tier standard_only became default', 'dropped metadata'])
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
