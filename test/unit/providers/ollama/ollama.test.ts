import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import { flattenToolNames } from '../../../../gateway/model/flatten-tools.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import { buildOllamaBody } from '../../../../gateway/providers/ollama/build-body.ts'
import { chooseContext, type ContextFacts, wasCut } from '../../../../gateway/providers/ollama/context-size.ts'
import { readOllamaFailure } from '../../../../gateway/providers/ollama/ollama-failure.ts'
import {
  OllamaReader,
  type OllamaReading,
  readOllamaAnswer,
} from '../../../../gateway/providers/ollama/ollama-reader.ts'
import type { LocalModel } from '../../../../gateway/config/gateway-config.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'

const name = { provider: 'ollama', upstreamModel: 'qwen3:8b' }

function request(given: Partial<ModelRequest>): ModelRequest {
  return { dialect: 'chat-completions', stream: true, turns: [], tools: [], extensions: {}, warnings: [], ...given }
}

const user = (text: string) => ({ role: 'user' as const, parts: [{ type: 'text' as const, text }] })

interface Known {
  readonly local?: Partial<LocalModel>
  readonly contextWindow?: number
  readonly defaults?: Record<string, number | string>
}

function build(given: Partial<ModelRequest>, { local, contextWindow, defaults = {} }: Known = {}, raised?: number) {
  const deployment = deploymentDouble({
    ...name,
    adapter: 'ollama',
    contextWindow,
    ...(local === undefined ? {} : { local: { ...unknown, ...local } }),
  })
  return buildOllamaBody({ deployment, request: request(given), scope: 's', defaults }, raised)
}

const unknown: LocalModel = {
  backend: 'ollama',
  vendor: 'ollama',
  loaded: true,
  busy: false,
  capabilities: undefined,
  loadedContext: undefined,
  sizeBytes: undefined,
  quantization: undefined,
  parameters: undefined,
}

function reading(given: Partial<OllamaReading> = {}): OllamaReading {
  return { name, names: flattenToolNames([]), customTools: new Set(), judgePrompt: () => undefined, ...given }
}

function read(...lines: object[]) {
  const reader = new OllamaReader(reading())
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return [...reader.feed(bytes), ...reader.finish()]
}

const tool = { type: 'function' as const, name: 'read', parameters: { type: 'object', properties: {} } }

describe('a request in Ollama’s own words', () => {
  it('pitfall 36: sends the arguments of calls as objects, and names the tool of a result', () => {
    const { body } = build({
      tools: [tool],
      turns: [
        user('look'),
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'I should look.', opaque: [] },
            { type: 'tool-call', id: 'call_1', name: 'read', kind: 'function', arguments: '{"path":"a.txt"}' },
            { type: 'tool-call', id: 'call_2', name: 'read', kind: 'function', arguments: '' },
          ],
        },
        {
          role: 'user',
          parts: [
            {
              type: 'tool-result',
              callId: 'call_1',
              content: [{ type: 'text', text: 'A' }],
              isError: false,
              kind: 'function',
            },
          ],
        },
      ],
    })
    expect(body.messages).toEqual([
      { role: 'user', content: 'look' },
      {
        role: 'assistant',
        content: '',
        thinking: 'I should look.',
        tool_calls: [
          { function: { name: 'read', arguments: { path: 'a.txt' } } },
          { function: { name: 'read', arguments: {} } },
        ],
      },
      { role: 'tool', content: 'A', tool_name: 'read' },
    ])
    expect(body.tools).toEqual([{ type: 'function', function: { name: 'read', parameters: tool.parameters } }])
  })

  it('pitfall 82: keeps a turn of thinking alone, and says that a tool failed', () => {
    const failed = { type: 'tool-result' as const, callId: 'c', isError: true, kind: 'function' as const, content: [] }
    const call = { type: 'tool-call' as const, id: 'c', name: 'read', kind: 'function' as const, arguments: '{}' }
    const { body, warnings } = build({
      tools: [tool],
      turns: [
        user('look'),
        { role: 'assistant', parts: [{ type: 'reasoning', text: 'Hm.', opaque: [] }] },
        user('go on'),
        { role: 'assistant', parts: [call] },
        { role: 'user', parts: [failed] },
      ],
    })
    expect(body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: '', thinking: 'Hm.' },
      { role: 'user' },
      { role: 'assistant', tool_calls: [{}] },
      { role: 'tool', content: 'Error: ', tool_name: 'read' },
    ])
    expect(warnings).toEqual(['the error flag of a tool result was sent as text'])
  })

  it('puts sampling, limits and what the config gives into options, and its own fields at the top', () => {
    const { body, warnings } = build(
      { turns: [user('hi')], maxOutputTokens: 50, temperature: 0.2, stop: ['X'], verbosity: 'low' },
      { defaults: { num_ctx: 16_384, keep_alive: '10m', top_p: 0.5, reasoning_mode: 1 } },
    )
    expect(body).toMatchObject({
      model: 'qwen3:8b',
      stream: true,
      keep_alive: '10m',
      options: { num_ctx: 16_384, num_predict: 50, temperature: 0.2, stop: ['X'], top_p: 0.5 },
    })
    expect(warnings).toEqual([
      'dropped verbosity: Ollama has no such field',
      'dropped the configured reasoning_mode: Ollama has no such field',
    ])
  })

  it('sends pictures as plain base64, and refuses what it cannot carry', () => {
    const image = (source: { kind: 'base64'; data: string } | { kind: 'url'; url: string }) => ({
      turns: [
        {
          role: 'user' as const,
          parts: [{ type: 'media' as const, kind: 'image' as const, source, mimeType: 'image/png' }],
        },
      ],
    })
    expect(build(image({ kind: 'base64', data: 'AAAA' })).body.messages).toEqual([
      { role: 'user', content: '', images: ['AAAA'] },
    ])
    expect(build(image({ kind: 'url', url: 'data:image/png;base64,BBBB' })).body.messages).toEqual([
      { role: 'user', content: '', images: ['BBBB'] },
    ])
    expect(() => build(image({ kind: 'url', url: 'https://example.org/a.png' }))).toThrow(/must be sent as base64/)
    expect(() => build({ turns: [user('hi')], count: 2 })).toThrow(/one answer/)
  })

  it('asks for thinking only where the server says that the model can', () => {
    const turns = [user('hi')]
    const think = (effort: 'none' | 'low' | 'high', known: Known = {}) =>
      build({ turns, reasoning: { effort } }, known).body.think
    expect(think('none')).toBe(false)
    expect(think('high')).toBeUndefined()
    expect(think('high', { local: { capabilities: ['chat', 'thinking'] } })).toBe(true)
    const not = build({ turns, reasoning: { effort: 'high' } }, { local: { capabilities: ['chat'] } })
    expect(not.body.think).toBeUndefined()
    expect(not.warnings).toEqual(['dropped reasoning effort: qwen3:8b does not think'])
  })

  it('offers no tool that must not be called, and cannot be made to have one called', () => {
    const tools = [tool, { ...tool, name: 'write' }]
    const turns = [user('hi')]
    expect(build({ turns, tools, toolChoice: { mode: 'none' } }).body.tools).toBeUndefined()
    const some = build({ turns, tools, toolChoice: { mode: 'auto', allowed: ['write'] } })
    expect(some.body.tools).toMatchObject([{ function: { name: 'write' } }])
    for (const toolChoice of [{ mode: 'required' }, { mode: 'named', name: 'write' }] as const)
      expect(() => build({ turns, tools, toolChoice })).toThrow(/cannot take "tool_choice"/)
    expect(build({ turns, outputFormat: { type: 'json_object' } }).body.format).toBe('json')
  })

  // Codex offers web search with every request.
  it('leaves hosted tools out beside others, and refuses them alone', () => {
    const hosted = { type: 'hosted' as const, dialect: 'responses' as const, value: { type: 'web_search' } }
    const turns = [user('hi')]
    const both = build({ turns, tools: [hosted, { ...tool, strict: true }] })
    expect(both.body.tools).toMatchObject([{ function: { name: 'read' } }])
    expect(both.warnings).toEqual([
      'dropped the hosted tool web_search: Ollama runs no tools',
      'strict tools are not enforced by Ollama',
    ])
    expect(() => build({ turns, tools: [hosted] })).toThrow(/cannot take "tools": the tool web_search/)
  })
})

describe('the context of a call', () => {
  const facts: ContextFacts = {
    inputAtMost: 1_000,
    inputAtLeast: 400,
    output: 1_000,
    written: undefined,
    raised: undefined,
    loaded: undefined,
    trained: 40_960,
  }

  it('pitfall 60: is raised before a prompt would be cut, in steps, and stays raised', () => {
    expect(chooseContext(facts)).toMatchObject({ numCtx: undefined, effective: 4_096, warning: undefined })
    expect(chooseContext({ ...facts, inputAtMost: 9_000 })).toMatchObject({ numCtx: 16_384, warning: undefined })
    expect(chooseContext({ ...facts, raised: 16_384 })).toMatchObject({ numCtx: 16_384 })
    expect(chooseContext({ ...facts, inputAtMost: 9_000, loaded: 32_768 }).numCtx).toBeUndefined()
    const { body } = build({ turns: [user('x '.repeat(12_000))] }, { contextWindow: 40_960 })
    expect(body.options).toEqual({ num_ctx: 16_384 })
  })

  it('pitfall 60: a prompt that may not fit is told of, one that cannot fit is refused', () => {
    const large = chooseContext({ ...facts, inputAtMost: 50_000, inputAtLeast: 20_000 })
    expect(large).toMatchObject({ numCtx: 40_960, impossible: false })
    expect(large.warning).toMatch(/may be cut/)
    const written = chooseContext({ ...facts, inputAtMost: 9_000, written: 8_192 })
    expect(written).toMatchObject({ numCtx: 8_192, impossible: false })
    expect(written.warning).toMatch(/raise num_ctx/)
    const tooLong = () => build({ turns: [user('word '.repeat(100_000))] }, { contextWindow: 8_192 })
    expect(tooLong).toThrow(expect.objectContaining({ code: 'context_length_exceeded' }) as Error)
  })

  it('pitfall 60: an answer that has read no more than fits shows the cut', () => {
    expect(wasCut(8_190, 8_192, { inputAtMost: 20_000 })).toBe(true)
    expect(wasCut(5_000, 8_192, { inputAtMost: 20_000 })).toBe(false)
    expect(wasCut(8_190, 8_192, { inputAtMost: 8_000 })).toBe(false)
    const parts = readOllamaAnswer(
      reading({ judgePrompt: (count) => `cut at ${count}` }),
      Buffer.from(JSON.stringify({ message: { content: 'A' }, done: true, prompt_eval_count: 9, eval_count: 1 })),
    )
    expect(parts).toContainEqual({ type: 'warning', text: 'cut at 9' })
  })

  it('is never smaller than what is there, whatever the numbers', () => {
    const size = fc.integer({ min: 1, max: 300_000 })
    fc.assert(
      fc.property(
        size,
        size,
        fc.option(size, { nil: undefined }),
        fc.option(size, { nil: undefined }),
        (input, output, loaded, trained) => {
          const choice = chooseContext({ ...facts, inputAtMost: input, output, loaded, trained })
          expect(choice.effective).toBeGreaterThanOrEqual(loaded ?? 4_096)
          if (choice.numCtx !== undefined && trained !== undefined)
            expect(choice.numCtx).toBeLessThanOrEqual(Math.max(trained, loaded ?? 4_096))
        },
      ),
    )
  })
})

describe('an answer of Ollama', () => {
  it('has thinking, text, whole calls and counts', () => {
    const answer = gatherAnswer(
      read(
        { model: 'qwen3:8b', message: { role: 'assistant', content: '', thinking: 'Hm.' }, done: false },
        { model: 'qwen3:8b', message: { role: 'assistant', content: 'I look.' }, done: false },
        {
          model: 'qwen3:8b',
          message: {
            role: 'assistant',
            content: '',
            tool_calls: [
              { function: { name: 'read', arguments: { path: 'a' } } },
              { function: { index: 1, name: 'read', arguments: '{"path":"b"}' } },
            ],
          },
          done: false,
        },
        {
          model: 'qwen3:8b',
          message: { content: '' },
          done: true,
          done_reason: 'stop',
          prompt_eval_count: 11,
          eval_count: 5,
        },
      ),
    )
    expect(answer.parts.map(({ part, text }) => [part.type, text])).toEqual([
      ['reasoning', 'Hm.'],
      ['text', 'I look.'],
      ['tool-call', '{"path":"a"}'],
      ['tool-call', '{"path":"b"}'],
    ])
    const ids = answer.parts.flatMap(({ part }) => (part.type === 'tool-call' ? [part.id] : []))
    expect(new Set(ids).size).toBe(2)
    expect(answer).toMatchObject({ finish: 'tools', rawFinish: 'stop', usage: { inputTokens: 11, outputTokens: 5 } })
  })

  it('that breaks off has no end; an error line, an empty answer and another kind of JSON are errors', () => {
    expect(read({ message: { content: 'A' }, done: false }).map(({ type }) => type)).not.toContain('finish')
    expect(read({ message: { content: 'A' }, done: false }, { error: 'the runner stopped' }).at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'upstream_error' },
    })
    expect(read({ message: { content: '' }, done: true, done_reason: 'load' }).at(-1)?.type).toBe('error')
    expect(read({ choices: [] }).at(-1)).toMatchObject({ error: { code: 'upstream_invalid_answer' } })
    expect(() => readOllamaAnswer(reading(), Buffer.from('<html>'))).toThrow(GatewayError)
  })

  it('is the same however the network cuts it', () => {
    const lines = [
      { message: { content: 'Grüße 🙂', thinking: 'a' }, done: false },
      { message: { content: ' und mehr' }, done: false },
      { message: { content: '' }, done: true, done_reason: 'length', prompt_eval_count: 3, eval_count: 4 },
    ]
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const whole = gatherAnswer(readOllamaAnswer(reading(), bytes))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 8 }), (places) => {
        const reader = new OllamaReader(reading())
        const cuts = [0, ...places.toSorted((left, right) => left - right), bytes.length]
        const parts = cuts.slice(1).flatMap((end, index) => reader.feed(bytes.subarray(cuts[index], end)))
        const answer = gatherAnswer([...parts, ...reader.finish()])
        expect(answer.parts.map(({ text }) => text)).toEqual(whole.parts.map(({ text }) => text))
        expect(answer.finish).toBe('length')
      }),
    )
  })

  it('never throws anything but a GatewayError, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const reader = new OllamaReader(reading())
        reader.feed(Buffer.from(`${text}\n`))
        reader.finish()
        try {
          readOllamaAnswer(reading(), Buffer.from(text))
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
        }
      }),
    )
  })
})

describe('a refusal of Ollama', () => {
  it.each([
    [503, 'server busy, please try again.  maximum pending requests exceeded', 'rate_limited'],
    [404, 'model "qwen3:8b" not found, try pulling it first', 'upstream_not_found'],
    [500, 'template: :1: no user query found in messages', 'upstream_bad_request'],
    [500, 'llama runner process has terminated', 'upstream_error'],
    [400, 'the prompt exceeds maximum context length', 'context_length_exceeded'],
  ])('%i %s is %s', (status, text, code) => {
    const error = readOllamaFailure(name, status, {}, Buffer.from(JSON.stringify({ error: text })))
    expect(error.code).toBe(code)
  })

  it('of a model that is not there says how to get it', () => {
    const body = Buffer.from(JSON.stringify({ error: 'model "qwen3:8b" not found' }))
    expect(readOllamaFailure(name, 404, {}, body).message).toContain('ollama pull qwen3:8b')
  })
})
