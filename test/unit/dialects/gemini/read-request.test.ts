import { describe, expect, it } from 'vitest'
import { geminiCodec } from '../../../../gateway/dialects/gemini/codec.ts'
import { writeSignature } from '../../../../gateway/dialects/gemini/signature-field.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'

function read(body: JsonObject, stream = true): ModelRequest {
  return geminiCodec.readRequest({ body, headers: {}, url: { model: 'router', stream } })
}

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
const partsOf = (...parts: JsonObject[]) => ({ contents: [{ role: 'user', parts }] })

describe('reading generateContent', () => {
  it('reads what Gemini CLI sends', () => {
    const request = read({
      contents,
      systemInstruction: { role: 'user', parts: [{ text: 'You are a CLI.' }] },
      tools: [
        {
          functionDeclarations: [
            {
              name: 'read_file',
              description: 'Reads.',
              parametersJsonSchema: { type: 'object', properties: { path: { type: 'string' } } },
            },
          ],
        },
      ],
      generationConfig: {
        temperature: 1,
        topP: 0.95,
        topK: 64,
        thinkingConfig: { includeThoughts: true, thinkingBudget: 8_192 },
      },
    })
    expect(request).toEqual({
      dialect: 'gemini',
      stream: true,
      turns: [
        { role: 'system', parts: [{ type: 'text', text: 'You are a CLI.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
      ],
      tools: [
        {
          type: 'function',
          name: 'read_file',
          description: 'Reads.',
          parameters: { type: 'object', properties: { path: { type: 'string' } } },
        },
      ],
      temperature: 1,
      topP: 0.95,
      topK: 64,
      reasoning: { budgetTokens: 8_192, visible: true },
      extensions: {},
      warnings: [],
    })
  })

  it('reads the classifier’s JSON Schema with its upper-case types', () => {
    const responseJsonSchema = {
      type: 'OBJECT',
      properties: { score: { type: 'INTEGER', minimum: 1 } },
      required: ['score'],
    }
    const request = read(
      { contents, generationConfig: { responseMimeType: 'application/json', responseJsonSchema } },
      false,
    )
    expect(request.stream).toBe(false)
    expect(request.outputFormat).toMatchObject({
      type: 'json_schema',
      schema: { type: 'object', properties: { score: { type: 'integer', minimum: 1 } }, required: ['score'] },
    })
  })

  it('reads snake case as it reads camel case', () => {
    const camel = read({
      contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }],
      systemInstruction: 'rule',
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a', 'b'] } },
      tools: [
        { functionDeclarations: [{ name: 'a', parameters: { type: 'OBJECT', properties: {}, minProperties: '1' } }] },
      ],
      generationConfig: { maxOutputTokens: 9, stopSequences: ['x'], responseMimeType: 'application/json' },
    })
    const snake = read({
      contents: [{ role: 'user', parts: [{ inline_data: { mime_type: 'image/png', data: 'AAAA' } }] }],
      system_instruction: 'rule',
      tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['a', 'b'] } },
      tools: [
        { function_declarations: [{ name: 'a', parameters: { type: 'OBJECT', properties: {}, min_properties: '1' } }] },
      ],
      generation_config: { max_output_tokens: 9, stop_sequences: ['x'], response_mime_type: 'application/json' },
    })
    expect(snake).toEqual(camel)
    expect(camel.tools[0]).toMatchObject({ parameters: { type: 'object', minProperties: 1 } })
  })

  it('reads one content, one part and a content without a role', () => {
    expect(read({ contents: { parts: { text: 'a' } } }).turns).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
    ])
  })

  it.each([
    ['AUTO', [], { mode: 'auto' }],
    ['VALIDATED', ['a'], { mode: 'auto', allowed: ['a'] }],
    ['NONE', [], { mode: 'none' }],
    ['ANY', [], { mode: 'required' }],
    ['any', ['a'], { mode: 'named', name: 'a' }],
    ['MODE_UNSPECIFIED', [], undefined],
  ])('tool choice %s with %j', (mode, allowedFunctionNames, toolChoice) => {
    expect(
      read({ contents, toolConfig: { functionCallingConfig: { mode, allowedFunctionNames } } }).toolChoice,
    ).toEqual(toolChoice)
  })

  it.each([
    [{ thinkingBudget: 0 }, { effort: 'none', visible: false }],
    [{ thinkingBudget: -1, includeThoughts: true }, { visible: true }],
    [{ thinkingLevel: 'LOW' }, { effort: 'low', visible: false }],
  ])('thinking %j', (thinkingConfig, reasoning) => {
    expect(read({ contents, generationConfig: { thinkingConfig } }).reasoning).toEqual(reasoning)
  })

  it('rows 35, 36, 53, 56: the rest of the fields', () => {
    const request = read({
      contents,
      generationConfig: { candidateCount: 2, responseLogprobs: true, logprobs: 3, seed: 5, speechConfig: { a: 1 } },
      serviceTier: 'FLEX',
      safetySettings: [{ category: 'c', threshold: 'OFF' }],
      cachedContent: 'cachedContents/1',
      fallbacks: ['other'],
    })
    expect(request).toMatchObject({ count: 2, logprobs: { top: 3 }, seed: 5, serviceTier: 'flex' })
    expect(request.extensions).toEqual({
      generationConfig: { speechConfig: { a: 1 } },
      safetySettings: [{ category: 'c', threshold: 'OFF' }],
      cachedContent: 'cachedContents/1',
    })
  })

  it('hosted tools are kept as they are', () => {
    expect(read({ contents, tools: [{ googleSearch: {} }] }).tools).toEqual([
      { type: 'hosted', dialect: 'gemini', value: { googleSearch: {} } },
    ])
  })
})

describe('media', () => {
  it.each([
    ['image/png', 'image'],
    ['audio/wav', 'audio'],
    ['video/mp4', 'video'],
    ['application/pdf', 'document'],
  ])('rows 6, 10, 14, 16: %s', (mimeType, kind) => {
    expect(read(partsOf({ inlineData: { mimeType, data: '-_8=' } })).turns[0]?.parts).toEqual([
      { type: 'media', kind, mimeType, source: { kind: 'base64', data: '+/8=' } },
    ])
  })

  it('row 8: a file of Google’s store is an id, any other address a URL', () => {
    const stored = 'https://generativelanguage.googleapis.com/v1beta/files/abc'
    const parts = read(
      partsOf({ fileData: { fileUri: stored } }, { fileData: { fileUri: 'https://example.org/a.pdf' } }),
    )
    expect(parts.turns[0]?.parts).toMatchObject([
      { source: { kind: 'file_id', id: stored, dialect: 'gemini' } },
      { source: { kind: 'url', url: 'https://example.org/a.pdf' } },
    ])
  })
})

describe('calls and results', () => {
  const call = (name: string, args: JsonObject = {}) => ({ functionCall: { name, args } })
  const response = (name: string, output: string) => ({ functionResponse: { name, response: { output } } })
  const conversation = (calls: JsonObject[], results: JsonObject[]) =>
    read({
      contents: [
        { role: 'model', parts: calls },
        { role: 'user', parts: results },
      ],
    }).turns

  it('pitfall 34: without ids results find their calls by name and order', () => {
    const [model, user] = conversation(
      [call('a'), call('b'), call('a')],
      [response('b', '1'), response('a', '2'), response('a', '3')],
    )
    const ids = model?.parts.map((part) => (part.type === 'tool-call' ? part.id : ''))
    expect(new Set(ids).size).toBe(3)
    expect(user?.parts.map((part) => (part.type === 'tool-result' ? part.callId : ''))).toEqual([
      ids?.[1],
      ids?.[0],
      ids?.[2],
    ])
  })

  it('made ids are the same in every turn', () => {
    expect(conversation([call('a')], [])).toEqual(conversation([call('a')], []))
  })

  it('row 28, 82: a failure is told by its key; another object is the result itself', () => {
    const results = [
      { functionResponse: { id: '1', name: 'a', response: { error: 'no' } } },
      { functionResponse: { id: '2', name: 'a', response: { output: 'yes' } } },
      { functionResponse: { id: '3', name: 'a', response: { output: 'yes', lines: 2 } } },
    ]
    const user = read({ contents: [{ role: 'function', parts: results }] }).turns[0]
    expect(user?.parts).toMatchObject([
      { isError: true, content: [{ text: 'no' }] },
      { isError: false, content: [{ text: 'yes' }] },
      { isError: false, content: [{ text: '{"output":"yes","lines":2}' }] },
    ])
  })

  it('row 9: media inside a response belong to it', () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }]
    const turn = read(partsOf({ functionResponse: { id: '1', name: 'a', response: {}, parts } })).turns[0]
    expect(turn?.parts[0]).toMatchObject({
      content: [
        { type: 'text', text: '{}' },
        { type: 'media', kind: 'image' },
      ],
    })
  })
})

describe('opaque state', () => {
  const mine = { scope: 'gemini:here', kind: 'thought_signature', data: 'S' }
  const reasoning = {
    type: 'reasoning' as const,
    text: 'hm',
    opaque: [{ scope: 'anthropic:x', kind: 'signature', data: 'A' }],
  }
  const call = (thoughtSignature: string) => ({ functionCall: { id: '1', name: 'a' }, thoughtSignature })
  const model = (...parts: JsonObject[]) => read({ contents: [{ role: 'model', parts }] }).turns[0]?.parts

  it('sealed state comes back with its scope, in either alphabet of base64', () => {
    const sealed = writeSignature({ reasoning: [reasoning], own: [mine] }) ?? ''
    for (const form of [sealed, sealed.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')]) {
      expect(model(call(form))).toMatchObject([reasoning, { type: 'tool-call', opaque: [mine] }])
    }
  })

  it('thoughts that a client gives back beside their sealed form are not doubled', () => {
    const sealed = writeSignature({ reasoning: [reasoning], own: [] }) ?? ''
    expect(model({ text: 'hm', thought: true }, call(sealed))?.filter((part) => part.type === 'reasoning')).toEqual([
      reasoning,
    ])
  })

  it('pitfall 44: a genuine signature is for the native path only', () => {
    expect(model(call('Q2hpcA=='))?.[0]).toMatchObject({
      opaque: [{ scope: 'native:gemini', kind: 'thought_signature', data: 'Q2hpcA==' }],
    })
  })

  it('a signature on an empty part belongs to the part before it', () => {
    expect(model({ text: 'a' }, { text: '', thoughtSignature: 'Q2hpcA==' })).toMatchObject([
      { type: 'text', text: 'a', opaque: [{ scope: 'native:gemini' }] },
    ])
  })

  it('a forged envelope does no harm', () => {
    const forged = Buffer.from(
      `sbx1.${Buffer.from('[{"scope":"signalbox","kind":"reasoning","data":[1]}]').toString('base64url')}`,
    )
    expect(model(call(forged.toString('base64')))).toMatchObject([{ type: 'tool-call' }])
  })
})
