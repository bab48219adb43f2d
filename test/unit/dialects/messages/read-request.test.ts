import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messagesCodec } from '../../../../gateway/dialects/messages/codec.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import { sealState } from '../../../../gateway/model/sealed-state.ts'

const read = (body: JsonObject): ModelRequest => messagesCodec.readRequest({ body, headers: {}, url: {} })
const request = (more: JsonObject): ModelRequest =>
  read({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }], ...more })
const content = (role: string, ...blocks: JsonObject[]): ModelRequest =>
  request({ messages: [{ role, content: blocks }] })
const failure = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return 'read'
}

describe('what Claude Code sends', () => {
  const path = new URL('../../../fixtures/wires/messages/claude-code-request.json', import.meta.url)
  const seen = read(JSON.parse(readFileSync(path, 'utf8')) as JsonObject)

  it('is read whole: turns in their places, tools, thinking', () => {
    expect(seen.turns.map((turn) => turn.role)).toEqual(['system', 'user', 'system'])
    expect(seen).toMatchObject({
      stream: true,
      maxOutputTokens: 32_000,
      reasoning: { effort: 'medium', visible: false },
    })
    expect(seen.tools.map((tool) => tool.type)).toEqual(['function', 'function'])
    expect(seen.turns[0]?.parts[0]).toMatchObject({ text: 'You are a coding agent.', cacheMark: { ttl: undefined } })
  })

  it('leaves out the version string that spoils prompt caches, and the device id', () => {
    expect(JSON.stringify(seen)).not.toContain('x-anthropic-billing-header')
    expect(seen.user).toBeUndefined()
    expect(JSON.stringify(seen)).not.toContain('device_id')
  })

  it('pitfall 54: beta fields are told apart from the rest', () => {
    expect(Object.keys(seen.extensions)).toEqual(['context_management'])
  })
})

describe('blocks', () => {
  it.each([
    [
      'text',
      'user',
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'a', cacheMark: { ttl: '1h' } },
    ],
    [
      'image',
      'user',
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { kind: 'image', source: { kind: 'base64', data: 'AAAA' }, mimeType: 'image/png' },
    ],
    [
      'image by URL',
      'user',
      { type: 'image', source: { type: 'url', url: 'https://x.test/a' } },
      { source: { kind: 'url', url: 'https://x.test/a' } },
    ],
    [
      'file',
      'user',
      { type: 'image', source: { type: 'file', file_id: 'f' } },
      { source: { kind: 'file_id', id: 'f', dialect: 'messages' } },
    ],
    [
      'text document',
      'user',
      { type: 'document', title: 'T', context: 'C', source: { type: 'text', media_type: 'text/plain', data: 'w' } },
      { kind: 'document', source: { kind: 'text', text: 'w' }, title: 'T', context: 'C' },
    ],
    [
      'search result',
      'user',
      { type: 'search_result', title: 'T', source: 's', content: [{ type: 'text', text: 'w' }] },
      { type: 'text', text: 'T\ns\nw' },
    ],
    [
      'call',
      'assistant',
      { type: 'tool_use', id: 'i', name: 'n', input: { a: 1 } },
      { type: 'tool-call', arguments: '{"a":1}' },
    ],
    [
      'result',
      'user',
      { type: 'tool_result', tool_use_id: 'i', content: 'r', is_error: true },
      { type: 'tool-result', callId: 'i', content: [{ type: 'text', text: 'r' }], isError: true },
    ],
    ['result without content', 'user', { type: 'tool_result', tool_use_id: 'i' }, { content: [], isError: false }],
    [
      'result with an image',
      'user',
      {
        type: 'tool_result',
        tool_use_id: 'i',
        content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
      },
      { content: [{ type: 'media' }] },
    ],
    [
      'unknown',
      'assistant',
      { type: 'server_tool_use', id: 'x' },
      { type: 'foreign', dialect: 'messages', value: { type: 'server_tool_use', id: 'x' } },
    ],
  ] as const)('%s', (_name, role, block, part) => {
    expect(content(role, block as unknown as JsonObject).turns[0]?.parts).toMatchObject([part])
  })

  it('keeps state that we sealed, and a genuine signature for Anthropic alone', () => {
    const state = { scope: 'gemini:1', kind: 'thought_signature', data: 'x' }
    const parts = content(
      'assistant',
      { type: 'thinking', thinking: 'a', signature: sealState([state]) },
      { type: 'thinking', thinking: 'b', signature: 'R2Vu' },
      { type: 'thinking', thinking: 'c', signature: '' },
      { type: 'redacted_thinking', data: 'UmVk' },
    ).turns[0]?.parts
    expect(parts).toEqual([
      { type: 'reasoning', text: 'a', opaque: [state] },
      { type: 'reasoning', text: 'b', opaque: [{ scope: 'native:messages', kind: 'signature', data: 'R2Vu' }] },
      { type: 'reasoning', text: 'c', opaque: [] },
      { type: 'reasoning', text: '', opaque: [{ scope: 'native:messages', kind: 'redacted_thinking', data: 'UmVk' }] },
    ])
  })
})

describe('parameters', () => {
  it.each([
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, { reasoning: { budgetTokens: 2000 } }],
    [{ thinking: { type: 'adaptive' } }, { reasoning: {} }],
    [{ thinking: { type: 'disabled' }, output_config: { effort: 'max' } }, { reasoning: { effort: 'none' } }],
    [{ output_config: { effort: 'low' } }, { reasoning: { effort: 'low' } }],
    [
      { tool_choice: { type: 'any', disable_parallel_tool_use: true } },
      { toolChoice: { mode: 'required' }, parallelToolCalls: false },
    ],
    [{ tool_choice: { type: 'tool', name: 'n' } }, { toolChoice: { mode: 'named', name: 'n' } }],
    [{ service_tier: 'standard_only' }, { serviceTier: 'default' }],
    [{ stop_sequences: ['a'] }, { stop: ['a'] }],
    [{ metadata: { user_id: 'u' } }, { user: 'u' }],
    [
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
      { outputFormat: { type: 'json_schema', schema: { type: 'object' } } },
    ],
    [{ output_format: { type: 'json_schema', schema: {} } }, { outputFormat: { type: 'json_schema' } }],
    [
      { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
      { tools: [{ type: 'hosted', dialect: 'messages' }] },
    ],
  ] as const)('%j', (more, wanted) => {
    expect(request(more as unknown as JsonObject)).toMatchObject(wanted)
  })
})

describe('bad input', () => {
  it.each([
    [
      'messages.0.content.0.source.data',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'no base64!' } }],
          },
        ],
      },
    ],
    ['messages.0.role', { messages: [{ role: 'robot', content: 'x' }] }],
    ['messages.0.content', { messages: [{ role: 'user', content: 5 }] }],
    ['messages.0.content.0.type', { messages: [{ role: 'user', content: [{ text: 'x' }] }] }],
    [
      'messages.0.content.0.type',
      { messages: [{ role: 'user', content: [{ type: 'tool_use', id: 'i', name: 'n', input: {} }] }] },
    ],
    [
      'messages.0.content.0.input',
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'i', name: 'n', input: 'x' }] }] },
    ],
    ['messages.0.content.0.tool_use_id', { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }],
    ['max_tokens', { max_tokens: 'many' }],
    ['max_tokens', { max_tokens: 0 }],
    ['temperature', { temperature: 'hot' }],
    ['stream', { stream: 'yes' }],
    ['tools', { tools: {} }],
    ['tools.0.name', { tools: [{ input_schema: {} }] }],
    ['tool_choice.type', { tool_choice: { type: 'maybe' } }],
    ['thinking.type', { thinking: { type: 'hard' } }],
    ['output_config.effort', { output_config: { effort: 'some' } }],
    ['system', { system: 5 }],
    ['messages', { messages: [] }],
  ])('%s is named in a 400', (param, more) => {
    expect(failure(() => request(more as unknown as JsonObject))).toMatchObject({ status: 400, param })
  })

  it('results without a call and 20,000 levels of input are read or refused, never a crash', () => {
    expect(content('user', { type: 'tool_result', tool_use_id: 'nobody', content: 'r' }).turns).toHaveLength(1)
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`) as JsonObject
    expect(failure(() => content('assistant', { type: 'tool_use', id: 'i', name: 'n', input: deep }))).toMatchObject({
      status: 400,
      param: 'messages.0.content.0.input',
    })
    expect(content('user', { type: 'strange', value: deep }).turns).toHaveLength(1)
  })

  it('throws nothing but GatewayError, whatever the body', () => {
    const word = fc.constantFrom(
      'text',
      'image',
      'document',
      'tool_use',
      'tool_result',
      'thinking',
      'redacted_thinking',
      'base64',
      'url',
      'content',
      'user',
      'assistant',
      'system',
      'enabled',
      'x',
    )
    const field = fc.constantFrom(
      'type',
      'text',
      'source',
      'content',
      'data',
      'id',
      'name',
      'input',
      'tool_use_id',
      'signature',
      'thinking',
      'role',
      'cache_control',
      'media_type',
      'format',
      'schema',
      'effort',
    )
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        word,
        fc.constantFrom<JsonValue>(null, 1, true, ''),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(field, tie('value'), { maxKeys: 5 }),
      ),
    }))
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant', 'system'),
      content: fc.oneof(fc.array(fc.dictionary(field, value, { maxKeys: 6 }), { maxLength: 3 }), value),
    })
    const body = fc.record(
      {
        messages: fc.oneof(fc.array(message, { maxLength: 4 }), value),
        system: value,
        tools: value,
        tool_choice: value,
        thinking: value,
        output_config: value,
        stop_sequences: value,
        metadata: value,
      },
      { requiredKeys: ['messages'] },
    )
    fc.assert(
      fc.property(body, (given) => {
        const error = failure(() => read(given))
        expect(error === 'read' || error instanceof GatewayError).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
