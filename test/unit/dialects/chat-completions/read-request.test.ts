import { describe, expect, it } from 'vitest'
import { chatCodec } from '../../../../gateway/dialects/chat-completions/codec.ts'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import { sealState } from '../../../../gateway/model/sealed-state.ts'

const read = (body: JsonObject): ModelRequest =>
  chatCodec.readRequest({
    body: { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body },
    headers: {},
    url: {},
  })
const turnsOf = (...messages: JsonValue[]): ModelRequest['turns'] => read({ messages }).turns
const partsOf = (...content: JsonValue[]): unknown => turnsOf({ role: 'user', content })[0]?.parts

describe('reading chat completion messages', () => {
  it('keeps roles, order and place; developer is system', () => {
    const turns = turnsOf(
      { role: 'system', content: 's' },
      { role: 'user', content: 'u' },
      { role: 'developer', content: [{ type: 'text', text: 'd' }] },
      { role: 'assistant', content: 'a' },
    )
    expect(turns).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 's' }] },
      { role: 'user', parts: [{ type: 'text', text: 'u' }] },
      { role: 'system', parts: [{ type: 'text', text: 'd' }] },
      { role: 'assistant', parts: [{ type: 'text', text: 'a' }] },
    ])
  })

  it('gathers tool messages in a row in one user turn', () => {
    const turns = turnsOf(
      { role: 'user', content: 'go' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
          { id: 'b', type: 'custom', custom: { name: 'g', input: 'raw' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'two' }] },
      { role: 'user', content: 'next' },
    )
    expect(turns.slice(1)).toMatchObject([
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: 'a', name: 'f', kind: 'function', arguments: '{"x":1}' },
          { type: 'tool-call', id: 'b', name: 'g', kind: 'custom', arguments: 'raw' },
        ],
      },
      {
        role: 'user',
        parts: [
          { type: 'tool-result', callId: 'a', kind: 'function', content: [{ text: 'one' }] },
          { type: 'tool-result', callId: 'b', kind: 'custom', content: [{ text: 'two' }] },
        ],
      },
      { role: 'user', parts: [{ text: 'next' }] },
    ])
  })

  it.each(['reasoning_content', 'reasoning', 'thinking'])('reads reasoning that comes back as %s', (field) => {
    expect(turnsOf({ role: 'assistant', content: 'a', [field]: 'why' })[0]?.parts).toEqual([
      { type: 'reasoning', text: 'why', opaque: [] },
      { type: 'text', text: 'a' },
    ])
  })

  it("keeps a provider's own details and signatures for the native path only", () => {
    const details = [{ type: 'reasoning.encrypted', data: 'e' }]
    const [turn] = turnsOf({
      role: 'assistant',
      content: null,
      reasoning_details: details,
      tool_calls: [
        { id: 'a', function: { name: 'f', arguments: '{}' }, extra_content: { google: { thought_signature: 's' } } },
      ],
    })
    const scope = 'native:chat-completions'
    expect(turn?.parts).toMatchObject([
      { type: 'reasoning', opaque: [{ scope, kind: 'reasoning_details', data: details }] },
      { type: 'tool-call', opaque: [{ scope, kind: 'thought_signature', data: 's' }] },
    ])
  })

  it('unseals our own state with its scope', () => {
    const states = [{ scope: 'gemini:x', kind: 'thought_signature', data: 's' }]
    const extra = { extra_content: { google: { thought_signature: sealState(states) } } }
    const [turn] = turnsOf({
      role: 'assistant',
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' }, ...extra }],
    })
    expect(turn?.parts).toMatchObject([{ type: 'tool-call', opaque: states }])
  })

  it('pitfall 58: images by URL, by data URL with parameters, as a text', () => {
    expect(
      partsOf(
        { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'data:image/PNG;charset=utf-8;base64,iVBORw0K' } },
        { type: 'image_url', image_url: 'data:image/jpeg;base64,iVBORw0K' },
      ),
    ).toEqual([
      {
        type: 'media',
        kind: 'image',
        source: { kind: 'url', url: 'https://example.com/a.png' },
        mimeType: undefined,
        detail: 'low',
      },
      { type: 'media', kind: 'image', source: { kind: 'base64', data: 'iVBORw0K' }, mimeType: 'image/png' },
      { type: 'media', kind: 'image', source: { kind: 'base64', data: 'iVBORw0K' }, mimeType: 'image/jpeg' },
    ])
  })

  it('reads files, audio and parts that are known to nobody', () => {
    expect(
      partsOf(
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' } },
        { type: 'file', file: { file_id: 'file_1' } },
        { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
        { type: 'hologram', value: 1 },
      ),
    ).toMatchObject([
      { kind: 'document', filename: 'a.pdf', mimeType: 'application/pdf' },
      { kind: 'document', source: { kind: 'file_id', id: 'file_1', dialect: 'chat-completions' } },
      { kind: 'audio', mimeType: 'audio/wav' },
      { type: 'foreign', dialect: 'chat-completions', value: { type: 'hologram', value: 1 } },
    ])
  })

  it('reads the deprecated functions with their calls and results', () => {
    const request = read({
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: 'done' },
      ],
    })
    expect(request).toMatchObject({
      legacyFunctions: true,
      toolChoice: { mode: 'named', name: 'f' },
      parallelToolCalls: false,
      tools: [{ type: 'function', name: 'f' }],
    })
    const call = request.turns[1]?.parts[0]
    expect(request.turns[2]?.parts[0]).toMatchObject({ callId: call?.type === 'tool-call' ? call.id : '' })
  })
})

describe('reading chat completion parameters', () => {
  it('reads every field to its meaning', () => {
    const request = read({
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 5,
      max_completion_tokens: 7,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 3,
      stop: 'x',
      seed: 1,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      n: 1,
      logprobs: true,
      top_logprobs: 2,
      logit_bias: { '1': 1 },
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {}, strict: true } },
      reasoning_effort: 'high',
      verbosity: 'low',
      service_tier: 'flex',
      user: 'u',
      metadata: { a: 'b', tags: ['t'] },
      prompt_cache_key: 'k',
      parallel_tool_calls: false,
      prediction: { type: 'content' },
      num_retries: 2,
    })
    expect(request).toMatchObject({
      dialect: 'chat-completions',
      stream: true,
      wantsUsageChunk: true,
      maxOutputTokens: 7,
      temperature: 0.5,
      topP: 0.9,
      topK: 3,
      stop: ['x'],
      seed: 1,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      count: 1,
      logprobs: { top: 2 },
      logitBias: { '1': 1 },
      outputFormat: { type: 'json_schema', name: 'a', strict: true },
      reasoning: { effort: 'high' },
      verbosity: 'low',
      serviceTier: 'flex',
      user: 'u',
      metadata: { a: 'b' },
      promptCacheKey: 'k',
      parallelToolCalls: false,
    })
    expect(request.extensions).toEqual({ prediction: { type: 'content' } })
  })

  it('null means absent', () => {
    const request = read({ stop: null, tools: null, temperature: null, response_format: null, tool_choice: null })
    expect(Object.keys(request).sort()).toEqual(['dialect', 'extensions', 'stream', 'tools', 'turns', 'warnings'])
  })

  it.each([
    [{ thinking: { type: 'disabled' } }, { effort: 'none' }],
    [{ thinking: { type: 'enabled', budget_tokens: 900 } }, { budgetTokens: 900 }],
    [{ thinking: { type: 'enabled' } }, {}],
    [{ reasoning: { effort: 'low', exclude: true } }, { effort: 'low', visible: false }],
    [{ reasoning: { max_tokens: 100 } }, { budgetTokens: 100 }],
  ])('reads the wish to think in %j', (body, reasoning) => {
    expect(read(body).reasoning).toEqual(reasoning)
  })

  it.each([
    ['any', { mode: 'required' }],
    [
      { type: 'function', function: { name: 'f' } },
      { mode: 'named', name: 'f' },
    ],
    [
      { type: 'custom', custom: { name: 'f' } },
      { mode: 'named', name: 'f' },
    ],
    [
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      { mode: 'required', allowed: ['f'] },
    ],
  ])('reads the choice %j', (choice, expected) => {
    expect(read({ tool_choice: choice }).toolChoice).toEqual(expected)
  })

  it('a tool of an unknown type is kept as the dialect has it', () => {
    expect(read({ tools: [{ type: 'web_search' }] }).tools).toEqual([
      { type: 'hosted', dialect: 'chat-completions', value: { type: 'web_search' } },
    ])
  })
})
