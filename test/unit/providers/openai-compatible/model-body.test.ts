import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { MediaPart, Part } from '../../../../gateway/model/parts.ts'
import { assistant, bodyFor, call, readTool, result, scope, system, user } from './model-call-double.ts'

const image: MediaPart = {
  type: 'media',
  kind: 'image',
  source: { kind: 'base64', data: 'iVBORw0K' },
  mimeType: 'image/png',
}
const imageUrl: MediaPart = { ...image, source: { kind: 'url', url: 'https://example.com/a.png' }, mimeType: undefined }
const pdf: MediaPart = { ...image, kind: 'document', mimeType: 'application/pdf', filename: 'a.pdf' }
const pdfUrl: MediaPart = { ...pdf, source: { kind: 'url', url: 'https://example.com/a.pdf' } }
const thought = (text: string, data?: string): Part => ({
  type: 'reasoning',
  text,
  opaque:
    data === undefined ? [] : [{ scope, kind: 'reasoning_details', data: [{ type: 'reasoning.encrypted', data }] }],
})
const roles = (messages: readonly JsonObject[]): unknown[] => messages.map((message) => message.role)
const unsupported = (field: string, provider: string): unknown =>
  expect.objectContaining({
    code: 'unsupported_field',
    status: 400,
    param: field,
    message: expect.stringContaining(provider),
  })

describe('messages towards chat completions (rows of the translation matrix)', () => {
  it('row 1: a leading system prompt is a system message, developer for OpenAI reasoning models (pitfall 39)', () => {
    const turns = [system('Be brief.'), user('hi')]
    expect(roles(bodyFor('groq', { turns }).messages)).toEqual(['system', 'user'])
    expect(roles(bodyFor('openai', { turns }).messages)).toEqual(['system', 'user'])
    expect(roles(bodyFor('openai', { turns }, { upstreamModel: 'gpt-5.2' }).messages)).toEqual(['developer', 'user'])
  })

  it('row 2, pitfall 38, 84: a late system message keeps its place, or goes to the top where templates demand it', () => {
    const turns = [system('one'), user('hi'), system('two'), user('go')]
    expect(roles(bodyFor('openai', { turns }).messages)).toEqual(['system', 'user', 'system', 'user'])
    const local = bodyFor('hosted_vllm', { turns })
    expect(local.messages).toEqual([
      { role: 'system', content: 'one\n\ntwo' },
      { role: 'user', content: 'hi\n\ngo' },
    ])
    expect(local.warnings).toContain('late system messages were moved to the top')
  })

  it('row 4, pitfall 35: empty texts and empty turns are left out', () => {
    const turns = [user('', 'hi'), assistant(''), assistant('', call('a')), user(result('a'), '')]
    expect(bodyFor('openai', { turns, tools: [readTool] }).messages).toMatchObject([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a' }] },
      { role: 'tool', tool_call_id: 'a', content: 'done' },
    ])
  })

  it('row 5: a trailing assistant message is continued where the upstream can, and told of where not', () => {
    const turns = [user('hi'), assistant('{')]
    expect(bodyFor('mistral', { turns }).messages.at(-1)).toEqual({ role: 'assistant', content: '{', prefix: true })
    expect(bodyFor('hosted_vllm', { turns }).body).toMatchObject({ continue_final_message: true })
    expect(bodyFor('openai', { turns }).warnings.join()).toContain('last assistant message')
  })

  it('row 6, pitfall 58: an image as base64 is a data URL with its type', () => {
    expect(bodyFor('openai', { turns: [user('see', image)] }).messages[0]?.content).toEqual([
      { type: 'text', text: 'see' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0K' } },
    ])
  })

  it('row 7: an image by URL goes on, and is refused where only base64 is taken', () => {
    const turns = [user(imageUrl)]
    expect(JSON.stringify(bodyFor('openai', { turns }).messages)).toContain('https://example.com/a.png')
    expect(() => bodyFor('ollama', { turns })).toThrow(unsupported('messages', 'ollama'))
  })

  it('row 8: a file id of another account is refused', () => {
    const file: MediaPart = { ...pdf, source: { kind: 'file_id', id: 'file_1', dialect: 'messages' } }
    expect(() => bodyFor('openai', { turns: [user(file)] })).toThrow(unsupported('messages', 'openai'))
  })

  it('row 9, pitfall 32: an image of a tool result stands behind all results', () => {
    const seen: Part = { type: 'tool-result', callId: 'a', content: [image], isError: false, kind: 'function' }
    const turns = [user('go'), assistant(call('a'), call('b')), user(seen, result('b'), 'and now?')]
    const { messages, warnings } = bodyFor('openai', { turns, tools: [readTool] })
    expect(roles(messages)).toEqual(['user', 'assistant', 'tool', 'tool', 'user'])
    expect(messages[4]?.content).toMatchObject([
      { type: 'text' },
      { type: 'image_url' },
      { type: 'text', text: 'and now?' },
    ])
    expect(warnings.join()).toContain('media of a tool result')
  })

  it('row 10, 11: a PDF goes where files are taken; one by URL is not fetched', () => {
    expect(bodyFor('openai', { turns: [user(pdf)] }).messages[0]?.content).toEqual([
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,iVBORw0K' } },
    ])
    expect(bodyFor('mistral', { turns: [user(pdfUrl)] }).messages[0]?.content).toMatchObject([
      { type: 'document_url', document_url: 'https://example.com/a.pdf' },
    ])
    expect(() => bodyFor('openai', { turns: [user(pdfUrl)] })).toThrow(unsupported('messages', 'openai'))
    expect(() => bodyFor('groq', { turns: [user(pdf)] })).toThrow(unsupported('messages', 'groq'))
  })

  it('row 12: a text document is text under its title', () => {
    const notes: MediaPart = { ...pdf, source: { kind: 'text', text: 'body' }, title: 'Notes', context: 'of May' }
    const { messages, warnings } = bodyFor('groq', { turns: [user(notes)] })
    expect(messages[0]?.content).toBe('Notes\n\nof May\n\nbody')
    expect(warnings).toContain('a text document was sent as plain text')
  })

  it('row 14: audio goes where it is heard', () => {
    const sound: MediaPart = { ...image, kind: 'audio', mimeType: 'audio/mpeg' }
    expect(JSON.stringify(bodyFor('openai', { turns: [user(sound)] }).messages)).toContain('"format":"mp3"')
    expect(() => bodyFor('groq', { turns: [user(sound)] })).toThrow(unsupported('messages', 'groq'))
  })

  it('row 15: a wish for audio is refused', () => {
    const request: Partial<ModelRequest> = {
      dialect: 'chat-completions',
      extensions: { modalities: ['text', 'audio'] },
    }
    expect(() => bodyFor('openai', request)).toThrow(unsupported('modalities', 'openai'))
  })

  it('row 16: video is refused', () => {
    expect(() => bodyFor('openai', { turns: [user({ ...image, kind: 'video' })] })).toThrow(
      unsupported('messages', 'openai'),
    )
  })

  it('row 28: an error of a tool is told in words', () => {
    const failed: Part = { ...result('a', 'no file'), isError: true } as Part
    const { messages, warnings } = bodyFor('groq', { turns: [user('go'), assistant(call('a')), user(failed)] })
    expect(messages[2]?.content).toBe('Error: no file')
    expect(warnings.join()).toContain('error flag')
  })

  it('pitfall 41: text-only content is one string where lists are not known', () => {
    expect(bodyFor('deepseek', { turns: [user('a', 'b')] }).messages[0]?.content).toBe('a\nb')
  })

  it('pitfall 33: calls without a result get one, results without a call go', () => {
    const turns = [user('go', result('ghost')), assistant(call('a'), call('b')), user(result('b')), user('next')]
    const { messages, warnings } = bodyFor('openai', { turns, tools: [readTool] })
    expect(messages.slice(1)).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'a', content: 'No result was recorded for this call.' },
      { role: 'tool', tool_call_id: 'b', content: 'done' },
      { role: 'user', content: 'next' },
    ])
    expect(warnings).toEqual([
      'dropped a tool result that answers no call',
      'added an empty result for a tool call without one',
    ])
  })

  it('results that come late stand behind their call', () => {
    const turns = [user('go'), assistant(call('a')), user('wait'), user(result('a'))]
    expect(roles(bodyFor('openai', { turns }).messages)).toEqual(['user', 'assistant', 'tool', 'user'])
  })

  it('pitfall 30: Mistral gets ids of nine letters, the same in every turn and for call and result', () => {
    const turns = [user('go'), assistant(call('toolu_01ABCDEFG'), call('abc123XYZ')), user(result('abc123XYZ'))]
    const longer = [...turns, user(result('toolu_01ABCDEFG')), user('next')]
    const idsOf = (messages: readonly JsonObject[]): string[] =>
      (messages.find((message) => message.role === 'assistant')?.tool_calls as JsonObject[]).map((entry) =>
        String(entry.id),
      )
    const { messages } = bodyFor('mistral', { turns: longer })
    expect(idsOf(messages)).toEqual([expect.stringMatching(/^[A-Za-z0-9]{9}$/), 'abc123XYZ'])
    expect(idsOf(messages)).toEqual(idsOf(bodyFor('mistral', { turns }).messages))
    expect(messages.filter((message) => message.role === 'tool').map((message) => message.tool_call_id)).toEqual(
      idsOf(messages),
    )
  })

  it('pitfall 31: Mistral has an assistant between tool and user', () => {
    const turns = [user('go'), assistant(call('a')), user(result('a'), 'and?')]
    expect(roles(bodyFor('mistral', { turns }).messages)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user'])
  })

  it('pitfall 29: ids are at most 40 characters', () => {
    const { messages } = bodyFor('openai', {
      turns: [user('go'), assistant(call('x'.repeat(83))), user(result('x'.repeat(83)))],
    })
    const [made] = messages[1]?.tool_calls as JsonObject[]
    expect(String(made?.id).length).toBeLessThanOrEqual(40)
    expect(messages[2]?.tool_call_id).toBe(made?.id)
  })

  it('pitfall 47, 83: DeepSeek gets reasoning back, and an empty text where there is none', () => {
    const turns = [user('go'), assistant(thought('why'), call('a')), user(result('a')), assistant('ok'), user('next')]
    const { messages } = bodyFor('deepseek', { turns })
    expect(messages.filter((message) => message.role === 'assistant')).toMatchObject([
      { reasoning_content: 'why' },
      { reasoning_content: '' },
    ])
  })

  it('pitfall 48: nobody else gets fields of reasoning or cache marks', () => {
    const marked: Part = { type: 'text', text: 'hi', cacheMark: { ttl: '5m' } }
    const turns = [user(marked), assistant(thought('why'), 'ok'), user('next')]
    for (const provider of ['groq', 'openai', 'custom_openai', 'xai']) {
      const { messages, warnings } = bodyFor(provider, { turns })
      expect(JSON.stringify(messages)).not.toMatch(/reasoning|cache_control|why/)
      expect(warnings.join()).toContain('cache marks')
    }
  })

  it('row 44, pitfall 44: opaque state goes back to its maker only', () => {
    const turns = [user('go'), assistant(thought('why', 'secret'), 'ok'), user('next')]
    expect(bodyFor('openrouter', { turns }).messages[1]?.reasoning_details).toEqual([
      { type: 'reasoning.encrypted', data: 'secret' },
    ])
    const elsewhere: Part = {
      type: 'reasoning',
      text: '',
      opaque: [{ scope: 'anthropic:there', kind: 'signature', data: 'secret' }],
    }
    const foreign = bodyFor('openrouter', { turns: [user('go'), assistant(elsewhere, 'ok'), user('next')] })
    expect(JSON.stringify(foreign.body)).not.toContain('secret')
  })

  it('a signature of a call goes back where it came from', () => {
    const signed: Part = { ...call('a'), opaque: [{ scope, kind: 'thought_signature', data: 'sig' }] } as Part
    const { messages } = bodyFor('gemini', { turns: [user('go'), assistant(signed), user(result('a'))] })
    expect(messages[1]?.tool_calls).toMatchObject([{ extra_content: { google: { thought_signature: 'sig' } } }])
  })

  it('Mistral has reasoning as a thinking part', () => {
    const turns = [user('go'), assistant(thought('why'), 'ok'), user('next')]
    expect(bodyFor('mistral', { turns }).messages[1]?.content).toEqual([
      { type: 'thinking', thinking: [{ type: 'text', text: 'why' }] },
      { type: 'text', text: 'ok' },
    ])
  })

  it('row 47: cache marks go where they are known', () => {
    const marked: Part = { type: 'text', text: 'hi', cacheMark: { ttl: '1h' } }
    const turns = [user(marked)]
    expect(bodyFor('openrouter', { turns }).messages[0]?.content).toMatchObject([
      { cache_control: { type: 'ephemeral', ttl: '1h' } },
    ])
    expect(bodyFor('openai', { turns }, { upstreamModel: 'gpt-5.6-sol' }).messages[0]?.content).toMatchObject([
      { prompt_cache_breakpoint: { mode: 'explicit' } },
    ])
  })

  it('a part of another API is refused', () => {
    const foreign: Part = { type: 'foreign', dialect: 'messages', value: { type: 'server_tool_use' } }
    expect(() => bodyFor('openai', { turns: [user(foreign)] })).toThrow(unsupported('messages', 'openai'))
    expect(() => bodyFor('openai', { turns: [user('a'), assistant(foreign)] })).toThrow(
      unsupported('messages', 'openai'),
    )
  })
})

describe('tools towards chat completions', () => {
  const custom: ModelRequest['tools'][number] = {
    type: 'custom',
    name: 'apply_patch',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
  }
  const search: ModelRequest['tools'][number] = { type: 'hosted', dialect: 'responses', value: { type: 'web_search' } }

  it('row 17: functions are nested, with a schema always', () => {
    expect(bodyFor('groq', { tools: [readTool, { type: 'function', name: 'now' }] }).body.tools).toEqual([
      {
        type: 'function',
        function: {
          name: 'read',
          description: 'Reads a file.',
          parameters: { type: 'object', properties: { path: { type: 'string' } } },
        },
      },
      { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } },
    ])
  })

  it('row 18, pitfall 42: freeform tools are native at OpenAI and functions elsewhere, in the history too', () => {
    const past: Part = { type: 'tool-call', id: 'a', name: 'apply_patch', kind: 'custom', arguments: 'x\n"y"' }
    const turns = [user('go'), assistant(past), user(result('a'))]
    const native = bodyFor('openai', { tools: [custom], turns })
    expect(native.body.tools).toMatchObject([{ type: 'custom', custom: { format: { grammar: { syntax: 'lark' } } } }])
    expect(native.messages[1]?.tool_calls).toMatchObject([{ type: 'custom', custom: { input: 'x\n"y"' } }])
    const wrapped = bodyFor('groq', { tools: [custom], turns })
    expect(wrapped.body.tools).toMatchObject([{ type: 'function', function: { parameters: { required: ['input'] } } }])
    expect(JSON.stringify(wrapped.body.tools)).toContain('lark grammar')
    expect(wrapped.messages[1]?.tool_calls).toMatchObject([{ function: { arguments: '{"input":"x\\n\\"y\\""}' } }])
  })

  it('row 19: namespaces are flattened, in tools, history and choice', () => {
    const tools: ModelRequest['tools'] = [{ type: 'function', name: 'list', namespace: 'files' }]
    const past: Part = { ...call('a', 'list', '{}'), namespace: 'files' } as Part
    const { body, messages } = bodyFor('groq', {
      tools,
      turns: [user('go'), assistant(past), user(result('a'))],
      toolChoice: { mode: 'named', name: 'list' },
    })
    expect(body.tools).toMatchObject([{ function: { name: 'files__list' } }])
    expect(messages[1]?.tool_calls).toMatchObject([{ function: { name: 'files__list' } }])
    expect(body.tool_choice).toEqual({ type: 'function', function: { name: 'files__list' } })
  })

  it('row 20: web search beside other tools is left out, any other hosted tool is refused', () => {
    const { body, warnings } = bodyFor('groq', { tools: [readTool, search] })
    expect(body.tools).toHaveLength(1)
    expect(warnings.join()).toContain('web_search')
    expect(() => bodyFor('groq', { tools: [search] })).toThrow(unsupported('tools', 'groq'))
    const shell: ModelRequest['tools'][number] = { ...search, value: { type: 'code_interpreter' } }
    expect(() => bodyFor('groq', { tools: [readTool, shell] })).toThrow(unsupported('tools', 'groq'))
  })

  it('row 21: strict goes where it is known', () => {
    const tools: ModelRequest['tools'] = [{ type: 'function', name: 'f', strict: true }]
    expect(JSON.stringify(bodyFor('openai', { tools }).body)).toContain('"strict":true')
    const dropped = bodyFor('xai', { tools })
    expect(JSON.stringify(dropped.body)).not.toContain('strict')
    expect(dropped.warnings.join()).toContain('strict')
  })

  it.each([
    ['row 22', 'groq', { mode: 'auto' }, 'auto'],
    ['row 22', 'groq', { mode: 'none' }, 'none'],
    ['row 22', 'ollama', { mode: 'auto' }, undefined],
    ['row 23', 'groq', { mode: 'required' }, 'required'],
    ['row 24', 'groq', { mode: 'named', name: 'read' }, { type: 'function', function: { name: 'read' } }],
    ['row 24', 'llamafile', { mode: 'named', name: 'read' }, 'required'],
  ] as const)('%s: the choice at %s of %j', (_row, provider, toolChoice, expected) => {
    expect(bodyFor(provider, { tools: [readTool], toolChoice }).body.tool_choice).toEqual(expected)
  })

  it('row 22: none means no tools where no choice is known', () => {
    expect(bodyFor('ollama', { tools: [readTool], toolChoice: { mode: 'none' } }).body.tools).toBeUndefined()
  })

  it('row 23: a forced call is refused where it cannot be', () => {
    const request: Partial<ModelRequest> = { tools: [readTool], toolChoice: { mode: 'required' } }
    expect(() => bodyFor('ollama', request)).toThrow(unsupported('tool_choice', 'ollama'))
    expect(() => bodyFor('moonshot', request)).toThrow(unsupported('tool_choice', 'moonshot'))
  })

  it('row 23: DeepSeek does not think when a call is forced', () => {
    const { body, warnings } = bodyFor('deepseek', { tools: [readTool], toolChoice: { mode: 'required' } })
    expect(body).toMatchObject({ tool_choice: 'required', thinking: { type: 'disabled' } })
    expect(warnings.join()).toContain('thinking was switched off')
  })

  it('row 25: a subset is said to OpenAI and made elsewhere', () => {
    const tools: ModelRequest['tools'] = [readTool, { type: 'function', name: 'write' }]
    const toolChoice = { mode: 'auto', allowed: ['write'] } as const
    expect(bodyFor('openai', { tools, toolChoice }).body.tool_choice).toEqual({
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'write' } }] },
    })
    expect(bodyFor('groq', { tools, toolChoice }).body).toMatchObject({
      tools: [{ function: { name: 'write' } }],
      tool_choice: 'auto',
    })
  })

  it('row 26: no parallel calls', () => {
    const request: Partial<ModelRequest> = { tools: [readTool], parallelToolCalls: false }
    expect(bodyFor('openai', request).body.parallel_tool_calls).toBe(false)
    expect(bodyFor('deepseek', request).warnings.join()).toContain('parallel_tool_calls')
  })
})

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

  it('row 36: logprobs are dropped', () => {
    noBody('openai', { logprobs: { top: 3 } }, 'logprobs')
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
    expect(String(told.messages[0]?.content)).toContain('"properties"')
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
