import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { sealState } from '../../../../gateway/model/sealed-state.ts'
import { readBody } from './dialect-double.ts'

const png = 'iVBORw0KGgo='
const refused = (code: string, param: string) => expect.objectContaining({ code, param, status: 400 })
const items = (...input: JsonObject[]) => readBody({ input })
const userParts = (...content: JsonObject[]) => items({ role: 'user', content }).turns[0]?.parts

describe('conversations', () => {
  it('reads a plain text', () => {
    expect(readBody({ instructions: 'be short' }).turns).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'be short' }] },
      { role: 'user', parts: [{ type: 'text', text: 'hello' }] },
    ])
  })

  it('reads what Codex sends: developer items, parts, no instructions', () => {
    const { turns } = items(
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'base' }] },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'a' },
          { type: 'input_text', text: 'b' },
        ],
      },
    )
    expect(turns.map((turn) => [turn.role, turn.parts.length])).toEqual([
      ['system', 1],
      ['user', 2],
    ])
  })

  it('reads messages without a type, as opencode sends them', () => {
    expect(items({ role: 'developer', content: 'x' }, { role: 'user', content: 'y' }).turns).toHaveLength(2)
  })

  it('joins what the model said in a row to one turn, and results in a row to one', () => {
    const { turns } = items(
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'native' },
      {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        content: [{ type: 'output_text', text: 'calling', annotations: [] }],
      },
      {
        type: 'function_call',
        id: 'fc_1',
        call_id: 'c1',
        name: 'close_agent',
        namespace: 'multi_agent_v1',
        arguments: '{ "a": 1 }',
      },
      { type: 'custom_tool_call', call_id: 'c2', name: 'apply_patch', input: '*** Begin' },
      { type: 'function_call_output', call_id: 'c1', output: 'one' },
      { type: 'custom_tool_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'two' }] },
      { role: 'user', content: 'go on' },
    )
    expect(turns.map((turn) => turn.role)).toEqual(['assistant', 'user', 'user'])
    expect(turns[0]?.parts).toEqual([
      {
        type: 'reasoning',
        text: 'hm',
        opaque: [{ scope: 'native:responses', kind: 'encrypted_content', data: 'native' }],
      },
      { type: 'text', text: 'calling' },
      {
        type: 'tool-call',
        id: 'c1',
        name: 'close_agent',
        namespace: 'multi_agent_v1',
        kind: 'function',
        arguments: '{ "a": 1 }',
      },
      { type: 'tool-call', id: 'c2', name: 'apply_patch', kind: 'custom', arguments: '*** Begin' },
    ])
    expect(turns[1]?.parts).toMatchObject([
      { callId: 'c1', kind: 'function', content: [{ text: 'one' }] },
      { callId: 'c2', kind: 'custom', content: [{ text: 'two' }] },
    ])
  })

  it('opens state that was sealed here', () => {
    const states = [{ scope: 'anthropic:x', kind: 'signature', data: 'sig' }]
    const [turn] = items({ type: 'reasoning', summary: [], encrypted_content: sealState(states) }).turns
    expect(turn?.parts).toEqual([{ type: 'reasoning', text: '', opaque: states }])
  })

  it('makes no turn of an assistant message without content (row 4)', () => {
    expect(items({ role: 'assistant', content: [] }, { role: 'user', content: 'x' }).turns).toHaveLength(1)
  })

  it('drops reasoning with neither text nor state', () => {
    expect(items({ type: 'reasoning', summary: [] }, { role: 'user', content: 'x' }).turns).toHaveLength(1)
  })

  it.each([
    ['a data URL', { type: 'input_image', image_url: `data:image/png;base64,${png}` }, { kind: 'base64', data: png }],
    [
      'a data URL with parameters (§9 #58)',
      { type: 'input_image', image_url: `data:image/png;name=a;base64,${png}` },
      { kind: 'base64', data: png },
    ],
    [
      'an address',
      { type: 'input_image', image_url: 'https://a/b.png', detail: 'low' },
      { kind: 'url', url: 'https://a/b.png' },
    ],
    ['a file id', { type: 'input_image', file_id: 'file-1' }, { kind: 'file_id', id: 'file-1', dialect: 'responses' }],
  ])('reads an image by %s', (_name, content, source) => {
    expect(userParts(content)).toMatchObject([{ type: 'media', kind: 'image', source }])
  })

  it.each([
    [
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' },
      { kind: 'document', mimeType: 'application/pdf' },
    ],
    [
      { type: 'input_file', file_url: 'https://a/b.pdf' },
      { kind: 'document', source: { kind: 'url' } },
    ],
    [
      { type: 'input_file', filename: 'a.txt', file_data: 'data:text/plain;base64,aGk=' },
      { kind: 'document', source: { kind: 'text', text: 'hi' } },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
      { kind: 'audio', mimeType: 'audio/mpeg' },
    ],
  ])('reads %j', (content, media) => {
    expect(userParts(content)).toMatchObject([{ type: 'media', ...media }])
  })

  it('keeps a part of an unknown type for its own dialect', () => {
    expect(userParts({ type: 'input_hologram', x: 1 })).toEqual([
      { type: 'foreign', dialect: 'responses', value: { type: 'input_hologram', x: 1 } },
    ])
  })

  it('keeps hosted items as the model turns they were', () => {
    expect(items({ type: 'web_search_call', id: 'ws_1', status: 'completed' }).turns).toMatchObject([
      { role: 'assistant', parts: [{ type: 'foreign' }] },
    ])
  })
})

describe('tools', () => {
  it('takes namespaces apart and keeps freeform and hosted tools (row 19)', () => {
    const { tools } = readBody({
      tools: [
        { type: 'function', name: 'exec_command', strict: false, parameters: {} },
        {
          type: 'namespace',
          name: 'multi_agent_v1',
          description: 'd',
          tools: [{ type: 'function', name: 'close_agent', parameters: {}, defer_loading: true }],
        },
        { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
        { type: 'web_search', external_web_access: false },
      ],
    })
    expect(tools).toEqual([
      { type: 'function', name: 'exec_command', strict: false, parameters: {} },
      { type: 'function', name: 'close_agent', namespace: 'multi_agent_v1', parameters: {} },
      { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      { type: 'hosted', dialect: 'responses', value: { type: 'web_search', external_web_access: false } },
    ])
  })

  it('offers tools that the client runs itself as functions', () => {
    const { tools, turns } = readBody({
      tools: [{ type: 'local_shell' }, { type: 'tool_search', execution: 'client', parameters: { type: 'object' } }],
      input: [
        {
          type: 'local_shell_call',
          call_id: 'c1',
          action: { type: 'exec', command: ['ls'], env: {} },
          status: 'completed',
        },
        { type: 'local_shell_call_output', id: 'c1', output: 'a.ts' },
        { type: 'tool_search_call', call_id: 'c2', execution: 'client', arguments: { query: 'mail' } },
        {
          type: 'tool_search_output',
          call_id: 'c2',
          execution: 'client',
          tools: [{ type: 'function', name: 'send', parameters: {} }],
        },
      ],
    })
    expect(tools.map((tool) => tool.type === 'function' && tool.name)).toEqual(['local_shell', 'tool_search', 'send'])
    expect(turns.flatMap((turn) => turn.parts)).toMatchObject([
      { type: 'tool-call', name: 'local_shell', arguments: '{"type":"exec","command":["ls"],"env":{}}' },
      { type: 'tool-result', callId: 'c1' },
      { type: 'tool-call', name: 'tool_search', arguments: '{"query":"mail"}' },
      { type: 'tool-result', callId: 'c2', content: [{ text: '{"tools":["send"]}' }] },
    ])
  })

  it.each([
    ['auto', { mode: 'auto' }],
    [
      { type: 'function', name: 'n' },
      { mode: 'named', name: 'n' },
    ],
    [
      { type: 'custom', name: 'n' },
      { mode: 'named', name: 'n' },
    ],
    [
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'n' }] },
      { mode: 'required', allowed: ['n'] },
    ],
  ])('reads the choice %j', (tool_choice, read) => {
    expect(readBody({ tool_choice }).toolChoice).toEqual(read)
  })
})

describe('parameters', () => {
  it('reads what has a place of its own', () => {
    const request = readBody({
      stream: true,
      max_output_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      parallel_tool_calls: false,
      reasoning: { effort: 'medium', summary: 'auto' },
      text: { verbosity: 'low', format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
      prompt_cache_key: 'k',
      safety_identifier: 's',
      user: 'u',
      service_tier: 'flex',
      metadata: { a: 'b' },
      top_logprobs: 2,
    })
    expect(request).toMatchObject({
      stream: true,
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      parallelToolCalls: false,
      reasoning: { effort: 'medium', visible: true },
      verbosity: 'low',
      outputFormat: {
        type: 'json_schema',
        name: 'n',
        description: undefined,
        schema: { type: 'object' },
        strict: true,
      },
      promptCacheKey: 'k',
      user: 's',
      serviceTier: 'flex',
      metadata: { a: 'b' },
      logprobs: { top: 2 },
      extensions: {},
      warnings: [],
    })
  })

  it('keeps unknown fields and leaves out those that speak to a gateway or ask for nothing', () => {
    const { extensions } = readBody({
      new_thing: 1,
      max_tool_calls: 3,
      tags: ['x'],
      client_metadata: {},
      include: [],
      store: false,
      truncation: 'disabled',
      moderation: null,
    })
    expect(extensions).toEqual({ new_thing: 1, max_tool_calls: 3 })
  })

  it('accepts store with a warning that nothing is stored (row 50)', () => {
    expect(readBody({ store: true }).warnings).toEqual(['store: the answer is not kept and cannot be fetched later'])
  })

  it.each([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['background', { background: true }],
    ['prompt', { prompt: { id: 'p' } }],
    ['input[0]', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['input[0]', { input: [{ type: 'compaction', encrypted_content: 'x' }] }],
    ['input[0]', { input: [{ type: 'compaction_trigger' }] }],
    ['input[0]', { input: [{ type: 'mcp_approval_response', approve: true }] }],
    ['tool_choice', { tool_choice: { type: 'web_search' } }],
  ])('refuses %s, which needs a memory or a host (rows 51 and 52)', (param, body) => {
    expect(() => readBody(body)).toThrowError(refused('unsupported_field', param))
  })

  it('takes null for not said', () => {
    expect(
      readBody({
        previous_response_id: null,
        conversation: null,
        temperature: null,
        text: null,
        tools: null,
        background: false,
      }).turns,
    ).toHaveLength(1)
  })
})
