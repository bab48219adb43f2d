import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part } from '../../../../gateway/model/parts.ts'
import { assistant, bodyFor, call, readTool, result, unsupported, user } from './model-call-double.ts'

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
