import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import { bodyFor, readTool, unsupported } from './model-call-double.ts'

describe('parameters towards chat completions', () => {
  const noBody = (provider: string, request: Partial<ModelRequest>, field: string, model?: string): void => {
    const { body, warnings } = bodyFor(provider, request, model === undefined ? {} : { upstreamModel: model })
    expect(body).not.toHaveProperty(field)
    expect(warnings.join()).toContain(field)
  }

  it('row 29: stop sequences, but for models that refuse them', () => {
    expect(bodyFor('groq', { stop: ['a', 'b'] }).body.stop).toEqual(['a', 'b'])
    expect(bodyFor('openai', { stop: ['a', 'b', 'c', 'd', 'e'] }).body.stop).toHaveLength(4)
    noBody('openai', { stop: ['a'] }, 'stop', 'o4-mini')
    noBody('xai', { stop: ['a'] }, 'stop')
  })

  it.each([
    ['o4-mini', undefined, false],
    ['gpt-5', undefined, false],
    ['gpt-5-mini', 'low', false],
    ['gpt-5.2', undefined, false],
    ['gpt-5.2', 'none', true],
    ['gpt-6-sol', 'low', false],
    ['gpt-4o', undefined, true],
    ['gpt-5-chat-latest', undefined, true],
  ] as const)('row 31, pitfall 52: sampling at %s with effort %s', (model, effort, accepted) => {
    const reasoning: Partial<ModelRequest> = effort === undefined ? {} : { reasoning: { effort } }
    const { body, warnings } = bodyFor(
      'openai',
      { temperature: 0.7, topP: 0.9, ...reasoning },
      { upstreamModel: model },
    )
    expect('temperature' in body).toBe(accepted)
    expect('top_p' in body).toBe(accepted)
    expect(warnings.some((warning) => warning.startsWith('dropped temperature'))).toBe(!accepted)
  })

  it('§6.6: temperatures beyond a scale are brought to its end', () => {
    expect(bodyFor('mistral', { temperature: 2 }).body.temperature).toBe(1.5)
    expect(bodyFor('groq', { temperature: 2 }).body.temperature).toBe(2)
  })

  it('row 32: top_k goes where it is known', () => {
    expect(bodyFor('openrouter', { topK: 4 }).body.top_k).toBe(4)
    noBody('openai', { topK: 4 }, 'top_k')
  })

  it('row 33, 34, 37: penalties, seed and logit_bias', () => {
    const request: Partial<ModelRequest> = { frequencyPenalty: 1, presencePenalty: 1, seed: 7, logitBias: { '1': 2 } }
    expect(bodyFor('openai', request).body).toMatchObject({
      frequency_penalty: 1,
      presence_penalty: 1,
      seed: 7,
      logit_bias: { '1': 2 },
    })
    expect(bodyFor('mistral', { seed: 7 }).body.random_seed).toBe(7)
    noBody('mistral', { logitBias: { '1': 2 } }, 'logit_bias')
    noBody('xai', request, 'presence_penalty')
  })

  it('row 35: several answers cannot be translated', () => {
    expect(() => bodyFor('openai', { count: 2 })).toThrow(unsupported('n', 'openai'))
    expect(bodyFor('openai', { count: 1 }).body).not.toHaveProperty('n')
  })

  it('row 36: logprobs go where they are known', () => {
    const logprobs = { top: 3 }
    expect(bodyFor('openai', { logprobs }).body).toMatchObject({ logprobs: true, top_logprobs: 3 })
    expect(bodyFor('openai', { logprobs: { top: undefined } }).body).not.toHaveProperty('top_logprobs')
    noBody('mistral', { logprobs }, 'logprobs')
    expect(bodyFor('openai', { logprobs }, { upstreamModel: 'gpt-5' }).body).not.toHaveProperty('logprobs')
  })

  it('row 38, pitfall 52: the output limit under the name that the upstream knows', () => {
    const request: Partial<ModelRequest> = { maxOutputTokens: 500 }
    expect(bodyFor('openai', request).body.max_completion_tokens).toBe(500)
    expect(bodyFor('mistral', request).body.max_tokens).toBe(500)
    expect(bodyFor('hosted_vllm', request).body.max_tokens).toBe(500)
    const clamped = bodyFor('groq', request, { maxOutputTokens: 100 })
    expect(clamped.body.max_tokens).toBe(100)
    expect(clamped.warnings.join()).toContain('output limit')
    expect(JSON.stringify(bodyFor('groq', {}).body)).not.toContain('max_')
  })

  it('row 39: json_object, with the word in the prompt', () => {
    const { body, messages } = bodyFor('openai', { outputFormat: { type: 'json_object' } })
    expect(body.response_format).toEqual({ type: 'json_object' })
    expect(messages[0]).toEqual({ role: 'system', content: 'Answer with one JSON object.' })
  })

  it('row 40: a schema, or an instruction where schemas are not known', () => {
    const schema: JsonObject = { type: 'object', properties: { a: { type: 'string' } } }
    const outputFormat = {
      type: 'json_schema',
      name: 'my answer',
      description: undefined,
      schema,
      strict: true,
    } as const
    expect(bodyFor('openai', { outputFormat }).body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'my_answer', schema, strict: true },
    })
    const told = bodyFor('deepseek', { outputFormat })
    expect(told.body.response_format).toEqual({ type: 'json_object' })
    expect(JSON.stringify(told.messages[0]?.content)).toContain('properties')
    expect(told.warnings).toContain('the answer schema was sent as an instruction')
  })

  it.each([
    ['openai', 'gpt-5', 'max', { reasoning_effort: 'high' }, 'became high'],
    ['openai', 'gpt-5.2', 'xhigh', { reasoning_effort: 'xhigh' }, ''],
    ['openai', 'gpt-6-sol', 'none', { reasoning_effort: 'low' }, 'became low'],
    ['openai', 'gpt-4o', 'high', {}, 'dropped reasoning effort'],
    ['mistral', 'magistral-medium-latest', 'low', { reasoning_effort: 'high' }, 'became high'],
    ['mistral', 'ministral-8b', 'low', {}, 'dropped reasoning effort'],
    ['groq', 'openai/gpt-oss-120b', 'medium', { reasoning_effort: 'medium' }, ''],
    ['groq', 'llama-3.3', 'medium', {}, 'dropped reasoning effort'],
    ['deepseek', 'deepseek-v4.1', 'medium', { thinking: { type: 'enabled' }, reasoning_effort: 'low' }, 'became low'],
    ['deepseek', 'deepseek-v4-pro', 'none', { thinking: { type: 'disabled' } }, ''],
    ['openrouter', 'z-ai/glm-5', 'high', { reasoning: { effort: 'high' } }, ''],
    ['hosted_vllm', 'qwen3', 'none', { chat_template_kwargs: { enable_thinking: false } }, ''],
    ['dashscope', 'qwen3', 'high', { enable_thinking: true }, ''],
  ] as const)('row 41: at %s %s the effort %s', (provider, upstreamModel, effort, fields, warning) => {
    const { body, warnings } = bodyFor(provider, { reasoning: { effort } }, { upstreamModel })
    expect(body).toMatchObject(fields)
    if (Object.keys(fields).length === 0) expect(JSON.stringify(body)).not.toMatch(/reasoning|thinking/)
    expect(warnings.join()).toContain(warning)
    if (warning === '') expect(warnings).toEqual([])
  })

  it('row 42: a budget is an effort, or itself where budgets are known', () => {
    const reasoning = { budgetTokens: 8_000 }
    const effort = bodyFor('openai', { reasoning }, { upstreamModel: 'gpt-5' })
    expect(effort.body.reasoning_effort).toBe('medium')
    expect(effort.warnings.join()).toContain('budget')
    expect(bodyFor('openrouter', { reasoning }).body.reasoning).toEqual({ max_tokens: 8_000 })
  })

  it('§1.5: gpt-5.6 takes no tools while it thinks', () => {
    const request: Partial<ModelRequest> = { tools: [readTool], reasoning: { effort: 'high' }, temperature: 0.5 }
    const { body, warnings } = bodyFor('openai', request, { upstreamModel: 'gpt-5.6-terra' })
    expect(body).toMatchObject({ reasoning_effort: 'none', temperature: 0.5 })
    expect(warnings.join()).toContain('reasoning was set to none')
  })

  it('row 48–50, 53, 54: labels and wishes go where they are known', () => {
    const request: Partial<ModelRequest> = {
      promptCacheKey: 'k',
      user: 'u'.repeat(70),
      metadata: { a: 'b' },
      serviceTier: 'flex',
      verbosity: 'low',
    }
    expect(bodyFor('openai', request).body).toMatchObject({
      prompt_cache_key: 'k',
      user: expect.stringMatching(/^[0-9a-f]{64}$/),
      metadata: { a: 'b' },
      service_tier: 'flex',
      verbosity: 'low',
    })
    for (const field of ['prompt_cache_key', 'metadata', 'service_tier', 'verbosity']) noBody('zai', request, field)
    noBody('mistral', request, 'user')
  })

  it('pitfall 54, row 55: fields of another API are dropped by name, those of chat clients go on', () => {
    const extensions = { context_management: {}, num_retries: 3 }
    const other = bodyFor('groq', { extensions })
    expect(other.body).not.toHaveProperty('context_management')
    expect(other.warnings).toContain('dropped context_management: groq does not accept it')
    const chat = bodyFor('groq', {
      dialect: 'chat-completions',
      extensions: { prediction: {}, api_key: 'x', num_retries: 1 },
    })
    expect(chat.body).toHaveProperty('prediction')
    expect(chat.body).not.toHaveProperty('api_key')
    expect(chat.body).not.toHaveProperty('num_retries')
  })

  it('what the deployment says: refused, renamed and default fields, usage in streams', () => {
    const { body, warnings } = bodyFor(
      'custom_openai',
      { stream: true, seed: 1, maxOutputTokens: 5 },
      { refusedFields: ['seed'], renamedFields: { max_tokens: 'max_new_tokens' } },
    )
    expect(body).toMatchObject({ max_new_tokens: 5, stream: true, stream_options: { include_usage: true } })
    expect(body).not.toHaveProperty('seed')
    expect(warnings.join()).toContain('seed')
    expect(bodyFor('mistral', { stream: true }, { acceptsStreamOptions: false }).body).not.toHaveProperty(
      'stream_options',
    )
  })

  it('the prefix openai/ for another server has nothing of its own', () => {
    const { body } = bodyFor('openai', { maxOutputTokens: 5 }, { baseUrl: 'http://127.0.0.1:1/v1' })
    expect(body.max_tokens).toBe(5)
  })
})
