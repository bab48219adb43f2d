import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part } from '../../../../gateway/model/parts.ts'
import { assistant, callPart, png, readTool, resultPart, system, user, written } from './model-call.ts'

function refusalOf(request: Partial<ModelRequest>, model?: string): GatewayError {
  try {
    written(request, model)
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
    throw thrown
  }
  throw new Error('nothing was refused')
}

describe('the matrix towards Gemini, by its rows', () => {
  it('1: leading system prompts become the system instruction', () => {
    const { body } = written({ turns: [system('one'), system('two'), user('hello')] })
    expect(body.systemInstruction).toEqual({ parts: [{ text: 'one' }, { text: 'two' }] })
    expect(body.contents).toEqual([{ role: 'user', parts: [{ text: 'hello' }] }])
  })

  it('1: a gemma model gets it at the start of the first user turn', () => {
    const { body, contents } = written({ turns: [system('one'), user('hello')] }, 'gemma-4-31b-it')
    expect(body.systemInstruction).toBeUndefined()
    expect(contents).toEqual([{ role: 'user', parts: [{ text: 'one' }, { text: 'hello' }] }])
  })

  it('2: a late system message stays where it stood, marked, with a warning', () => {
    const { body, contents, warnings } = written({ turns: [user('a'), assistant('b'), system('rule'), user('c')] })
    expect(body.systemInstruction).toBeUndefined()
    expect(contents[2]).toEqual({
      role: 'user',
      parts: [{ text: '<system_instruction>\nrule\n</system_instruction>' }, { text: 'c' }],
    })
    expect(warnings.join()).toContain('system message inside the conversation')
  })

  it('3: neighbours of one role join', () => {
    const { contents } = written({ turns: [user('a'), user('b'), assistant('c'), assistant('d'), user('e')] })
    expect(contents.map(({ role, parts }) => [role, parts.length])).toEqual([
      ['user', 2],
      ['model', 2],
      ['user', 1],
    ])
  })

  it('4: empty text is left out, and a turn that had nothing else with it', () => {
    const { contents } = written({ turns: [user('a'), assistant('', callPart('1')), user(resultPart('1'), '')] })
    expect(JSON.stringify(contents)).not.toContain('"text":""')
    expect(contents).toHaveLength(3)
  })

  it('5: a trailing assistant message goes out with a warning', () => {
    const { contents, warnings } = written({ turns: [user('a'), assistant('It is')] })
    expect(contents.at(-1)).toEqual({ role: 'model', parts: [{ text: 'It is' }] })
    expect(warnings.join()).toContain('ends with the assistant')
  })

  it('6, 10, 14: pictures, PDFs and sounds go inline', () => {
    const media = (kind: 'image' | 'document' | 'audio', mimeType: string): Part => {
      return { type: 'media', kind, mimeType, source: { kind: 'base64', data: 'AAAA' } }
    }
    const parts = [media('image', 'image/webp'), media('document', 'application/pdf'), media('audio', 'audio/wav')]
    expect(written({ turns: [user(...parts)] }).contents[0]?.parts).toEqual([
      { inlineData: { mimeType: 'image/webp', data: 'AAAA' } },
      { inlineData: { mimeType: 'application/pdf', data: 'AAAA' } },
      { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
    ])
  })

  it('7, 11: an https URL is handed on for the service to fetch', () => {
    const source = { kind: 'url', url: 'https://example.org/a.png?x=1' } as const
    const part: Part = { type: 'media', kind: 'image', mimeType: undefined, source }
    expect(written({ turns: [user(part)] }).contents[0]?.parts).toEqual([
      { fileData: { fileUri: 'https://example.org/a.png?x=1', mimeType: 'image/png' } },
    ])
  })

  it.each(['http://127.0.0.1/a.png', 'file:///etc/passwd', 'ftp://example.org/a'])('7: %s is refused', (url) => {
    const part: Part = { type: 'media', kind: 'image', mimeType: undefined, source: { kind: 'url', url } }
    expect(refusalOf({ turns: [user(part)] })).toMatchObject({ code: 'unsupported_field', status: 400, param: 'url' })
  })

  it('8: the file id of another provider is refused with field and provider', () => {
    const source = { kind: 'file_id', id: 'file-1', dialect: 'responses' } as const
    const error = refusalOf({ turns: [user({ type: 'media', kind: 'image', mimeType: undefined, source })] })
    expect(error).toMatchObject({ code: 'unsupported_field', param: 'file_id' })
    expect(error.message).toContain('gemini')
  })

  it('9: a picture in a tool result stands inside the response of a recent model', () => {
    const result = { ...resultPart('1'), content: [{ type: 'text', text: 'see' } as const, png] }
    const { contents } = written({ turns: [user('a'), assistant(callPart('1')), user(result)] })
    expect(contents[2]?.parts).toEqual([
      {
        functionResponse: {
          id: '1',
          name: 'read',
          response: { output: 'see' },
          parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
        },
      },
    ])
  })

  it('12: a text document becomes text with its title and context, with a warning', () => {
    const part: Part = {
      type: 'media',
      kind: 'document',
      mimeType: 'text/plain',
      title: 'Notes',
      context: 'Of May',
      source: { kind: 'text', text: 'body' },
    }
    const { contents, warnings } = written({ turns: [user(part)] })
    expect(contents[0]?.parts).toEqual([{ text: 'Title: Notes\nContext: Of May\n\nbody' }])
    expect(warnings).toHaveLength(1)
  })

  it('17: function tools with their schema', () => {
    expect(written({ tools: [readTool] }).body.tools).toEqual([
      {
        functionDeclarations: [
          {
            name: 'read',
            description: 'Reads a file.',
            parametersJsonSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
          },
        ],
      },
    ])
  })

  it('17: a tool without arguments has no schema at all', () => {
    const tools = [{ type: 'function' as const, name: 'now', parameters: { type: 'object', properties: {} } }]
    expect(written({ tools }).body.tools).toEqual([{ functionDeclarations: [{ name: 'now' }] }])
  })

  it('18: a freeform tool becomes a function with one text, with a warning', () => {
    const tools = [{ type: 'custom' as const, name: 'apply_patch', description: 'Patches.' }]
    const call: Part = { ...callPart('1', 'apply_patch', '*** Begin'), kind: 'custom' }
    const { body, contents, warnings } = written({
      tools,
      turns: [user('a'), assistant(call), user({ ...resultPart('1'), kind: 'custom' })],
    })
    expect(JSON.stringify(body.tools)).toContain('"input"')
    expect(contents[1]?.parts[0]?.functionCall).toEqual({ id: '1', name: 'apply_patch', args: { input: '*** Begin' } })
    expect(warnings.join()).toContain('apply_patch')
  })

  it('19: tools of a namespace get flat names, in declarations and history alike', () => {
    const tools = [{ ...readTool, namespace: 'disk' }] as ModelRequest['tools']
    const call = { ...callPart('1'), namespace: 'disk' }
    const { body, contents } = written({ tools, turns: [user('a'), assistant(call), user(resultPart('1'))] })
    expect(JSON.stringify(body.tools)).toContain('"disk__read"')
    expect(contents[1]?.parts[0]).toMatchObject({ functionCall: { name: 'disk__read' } })
    expect(contents[2]?.parts[0]).toMatchObject({ functionResponse: { name: 'disk__read' } })
  })

  it('20: another hosted tool is dropped beside functions', () => {
    const hosted = { type: 'hosted', dialect: 'responses', value: { type: 'web_search' } } as const
    const { body, warnings } = written({ tools: [readTool, hosted] })
    expect(JSON.stringify(body.tools)).not.toContain('Search')
    expect(warnings.join()).toContain('web_search')
  })

  it('20: a web search alone becomes the own one, anything else alone is refused', () => {
    const hosted = (type: string) => [{ type: 'hosted' as const, dialect: 'responses' as const, value: { type } }]
    expect(written({ tools: hosted('web_search_preview') }).body.tools).toEqual([{ googleSearch: {} }])
    expect(refusalOf({ tools: hosted('mcp') }).code).toBe('unsupported_field')
  })

  it('21: strict is named in a warning', () => {
    expect(written({ tools: [{ ...readTool, strict: true }] as ModelRequest['tools'] }).warnings.join()).toContain(
      'strict',
    )
  })

  it.each([
    ['22', { mode: 'auto' }, { mode: 'AUTO' }],
    ['22', { mode: 'none' }, { mode: 'NONE' }],
    ['23', { mode: 'required' }, { mode: 'ANY' }],
    ['24', { mode: 'named', name: 'read' }, { mode: 'ANY', allowedFunctionNames: ['read'] }],
    ['25', { mode: 'required', allowed: ['read'] }, { mode: 'ANY', allowedFunctionNames: ['read'] }],
  ] as const)('%s: tool choice %j', (_row, toolChoice, functionCallingConfig) => {
    expect(written({ tools: [readTool], toolChoice }).body.toolConfig).toEqual({ functionCallingConfig })
  })

  it('25: a free choice among some tools declares only those', () => {
    const tools = [readTool, { ...readTool, name: 'write' }] as ModelRequest['tools']
    const { body } = written({ tools, toolChoice: { mode: 'auto', allowed: ['write'] } })
    expect(JSON.stringify(body.tools)).not.toContain('"read"')
  })

  it('27: ids go out as the client knows them', () => {
    const { contents } = written({
      turns: [user('a'), assistant(callPart('toolu_01.x:y')), user(resultPart('toolu_01.x:y'))],
    })
    expect(contents[1]?.parts[0]).toMatchObject({ functionCall: { id: 'toolu_01.x:y' } })
    expect(contents[2]?.parts[0]).toMatchObject({ functionResponse: { id: 'toolu_01.x:y' } })
  })

  it('28: a failed tool is told by the key', () => {
    const failed = { ...resultPart('1', 'no such file'), isError: true }
    const { contents } = written({ turns: [user('a'), assistant(callPart('1')), user(failed)] })
    expect(contents[2]?.parts[0]).toMatchObject({ functionResponse: { response: { error: 'no such file' } } })
  })

  it('29, 31 to 34: sampling and stop sequences', () => {
    const { config, warnings } = written({
      stop: ['a', 'b'],
      temperature: 0.3,
      topP: 0.9,
      topK: 40,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
    })
    expect(config).toEqual({
      stopSequences: ['a', 'b'],
      temperature: 0.3,
      topP: 0.9,
      topK: 40,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
    })
    expect(warnings).toEqual([])
  })

  it('29: the sixth stop sequence is named in a warning', () => {
    const { config, warnings } = written({ stop: ['1', '2', '3', '4', '5', '6'] })
    expect(config.stopSequences).toHaveLength(5)
    expect(warnings).toHaveLength(1)
  })

  it('35: several answers are refused', () => {
    expect(refusalOf({ count: 2 })).toMatchObject({ code: 'unsupported_field', param: 'n' })
  })

  it('38: an absent output limit stays absent', () => {
    expect(written({}).config).toEqual({})
  })

  it('39, 40: JSON answers', () => {
    const schema = { type: 'object', properties: { title: { type: 'string' } }, additionalProperties: false }
    const format = { type: 'json_schema', name: 'x', description: undefined, schema, strict: true } as const
    expect(written({ outputFormat: { type: 'json_object' } }).config).toEqual({ responseMimeType: 'application/json' })
    expect(written({ outputFormat: format }).config).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    })
  })

  it('40: beside functions an older model is asked for JSON in words', () => {
    const { body, config, warnings } = written(
      { outputFormat: { type: 'json_object' }, tools: [readTool] },
      'gemini-2.5-pro',
    )
    expect(config).toEqual({})
    expect(JSON.stringify(body.systemInstruction)).toContain('JSON')
    expect(warnings).toHaveLength(1)
  })

  it.each([
    ['26 parallel', { parallelToolCalls: false, tools: [readTool] }, 'single tool calls'],
    ['36 logprobs', { logprobs: { top: 2 } }, 'logprobs'],
    ['37 logit_bias', { logitBias: { 1: 2 } }, 'logit_bias'],
    ['48 prompt_cache_key', { promptCacheKey: 'k' }, 'prompt_cache_key'],
    ['49 user', { user: 'u' }, 'user'],
    ['50 metadata', { metadata: { a: 'b' } }, 'metadata'],
    ['53 service tier', { serviceTier: 'default' }, 'default'],
    ['54 verbosity', { verbosity: 'low' }, 'verbosity'],
    ['55 prediction', { extensions: { prediction: { type: 'content' } } }, 'prediction'],
    ['47 cache marks', { turns: [user({ type: 'text', text: 'a', cacheMark: { ttl: undefined } })] }, 'cache marks'],
  ] as const)('%s: dropped with a warning', (_row, request, name) => {
    expect(written(request).warnings.join()).toContain(name)
  })

  // Claude Code sends it with every request.
  it('52, pitfall 54: the clearing of old thoughts is left out with a warning', () => {
    const context_management = { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] }
    const { body, warnings } = written({ extensions: { context_management } })
    expect(body).not.toHaveProperty('context_management')
    expect(warnings.join()).toContain('context_management')
  })

  it.each(['background', 'mcp_servers'])('52: %s is refused by name', (field) => {
    expect(refusalOf({ extensions: { [field]: { on: true } } })).toMatchObject({
      code: 'unsupported_field',
      param: field,
    })
  })

  it('what a client sends without meaning is dropped in silence', () => {
    const extensions = { store: false, include: ['x'], client_metadata: {}, tags: ['a'], truncation: null }
    expect(written({ extensions }).warnings).toEqual([])
  })

  it('56: fields of its own dialect pass', () => {
    const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }]
    const { body } = written({
      dialect: 'gemini',
      extensions: { safetySettings, cachedContent: 'cachedContents/1', generationConfig: { mediaResolution: 'LOW' } },
    })
    expect(body).toMatchObject({ safetySettings, cachedContent: 'cachedContents/1' })
    expect(body.generationConfig).toEqual({ mediaResolution: 'LOW' })
  })

  it('another dialect’s own part is refused', () => {
    const part: Part = { type: 'foreign', dialect: 'messages', value: { type: 'server_tool_use' } }
    expect(refusalOf({ turns: [user('a'), assistant(part)] })).toMatchObject({ param: 'server_tool_use' })
  })
})
