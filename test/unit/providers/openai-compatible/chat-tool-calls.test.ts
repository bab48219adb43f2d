import { describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../../gateway/model/answer.ts'
import type { ToolDefinition } from '../../../../gateway/model/model-request.ts'
import { ChatReader } from '../../../../gateway/providers/chat-wire/chat-reader.ts'
import { chatChunk, chatStream, readAll } from '../../../doubles/wires/chat-upstream.ts'
import { reading, answer, delta, toolStop, toolDelta, named, more, calls } from './chat-stream-double.ts'

describe('reading tool calls of a chat stream', () => {
  it.each([
    ['index 0 for both', [named(0, 'a', 'f', '{"x":1}'), named(0, 'b', 'g', '{"y":2}')]],
    ['no index', [named(undefined, 'a', 'f', '{"x":1}'), named(undefined, 'b', 'g', '{"y":2}')]],
    ['an index as text', [named('0', 'a', 'f', '{"x":1}'), named('1', 'b', 'g', '{"y":2}')]],
    ['an index from 3', [named(3, 'a', 'f', '{"x":1}'), named(4, 'b', 'g', '{"y":2}')]],
    ['neither id nor index', [named(undefined, undefined, 'f', '{"x":1}'), named(undefined, null, 'g', '{"y":2}')]],
    ['no id and one index', [named(0, '', 'f', '{"x":1}'), named(0, '', 'g', '{"y":2}')]],
  ])('pitfall 7: parallel calls with %s stay two', (_case, entries) => {
    const expected = [
      ['f', '{"x":1}'],
      ['g', '{"y":2}'],
    ]
    expect(calls(answer([...entries.map((entry) => toolDelta(entry)), toolStop]))).toEqual(expected)
    expect(calls(answer([toolDelta(...entries), toolStop]))).toEqual(expected)
  })

  it('pitfall 7: two calls of one name at one index, told by their complete arguments', () => {
    const entries = [named(0, '', 'f', '{"x":1}'), named(0, '', 'f', '{"x":2}')]
    expect(calls(answer([...entries.map((entry) => toolDelta(entry)), toolStop]))).toEqual([
      ['f', '{"x":1}'],
      ['f', '{"x":2}'],
    ])
  })

  it.each([
    ['without id', more(0, ':1}')],
    ['with its id again', more(0, ':1}', { id: 'a' })],
    ['with id and name again', named(0, 'a', 'f', ':1}')],
    ['with its id and another index', more(7, ':1}', { id: 'a' })],
    ['without index', more(undefined, ':1}')],
  ])('pitfall 8: a fragment %s goes on with its call', (_case, entry) => {
    expect(calls(answer([toolDelta(named(0, 'a', 'f', '{"x"')), toolDelta(entry), toolStop]))).toEqual([
      ['f', '{"x":1}'],
    ])
  })

  it('pitfall 8: a numeric id and a missing one become safe ones', () => {
    const whole = answer([toolDelta(named(0, 17, 'f', '{}')), toolDelta(named(1, undefined, 'g', '{}')), toolStop])
    const ids = whole.parts.map(({ part }) => (part.type === 'tool-call' ? part.id : ''))
    expect(ids[0]).toBe('17')
    expect(ids[1]).toMatch(/^[A-Za-z0-9_-]{1,40}$/)
  })

  it('pitfall 28, 29: ids that clients refuse are mapped, the same way each time', () => {
    const idOf = (): string => {
      const part = answer([toolDelta(named(0, `call:1|${'x'.repeat(80)}`, 'f', '{}')), toolStop]).parts[0]?.part
      return part?.type === 'tool-call' ? part.id : ''
    }
    expect(idOf()).toMatch(/^[A-Za-z0-9_-]{1,40}$/)
    expect(idOf()).toBe(idOf())
  })

  it.each([
    ['an empty text', ['']],
    ['nothing', []],
    ['null', [null]],
    ['the word null', ['null']],
    ['an empty object', ['{}']],
    ['an empty object in pieces', ['{', '}']],
  ])('pitfall 9: arguments of %s are an empty object', (_case, fragments) => {
    const whole = answer([
      toolDelta(named(0, 'a', 'f')),
      ...fragments.map((fragment) => toolDelta(more(0, fragment))),
      toolStop,
    ])
    expect(calls(whole)).toEqual([['f', '{}']])
  })

  it.each([
    ['an empty object first', ['{}', '{"x":', '1}'], '{"x":1}'],
    ['the whole again at the end', ['{"x":', '1}', '{"x":1}'], '{"x":1}'],
    ['an object in place of text', [{ x: 1 }], '{"x":1}'],
    ['JSON in a JSON text', ['"{\\"x\\":1}"'], '{"x":1}'],
    ['braces and quotes in texts', ['{"x":"}{', '\\"}"}'], '{"x":"}{\\"}"}'],
  ])('pitfall 9: %s', (_case, fragments, expected) => {
    const whole = answer([
      toolDelta(named(0, 'a', 'f')),
      ...fragments.map((fragment) => toolDelta(more(0, fragment))),
      toolStop,
    ])
    expect(calls(whole)).toEqual([['f', expected]])
  })

  it('pitfall 80: objects joined in one string are calls of their own', () => {
    expect(calls(answer([toolDelta(named(0, 'a', 'f', '{"x":1}{"x":2}')), toolStop]))).toEqual([
      ['f', '{"x":1}'],
      ['f', '{"x":2}'],
    ])
  })

  it('interleaved calls keep their own arguments', () => {
    const whole = answer([
      toolDelta(named(0, 'a', 'f', '{"x"')),
      toolDelta(named(1, 'b', 'g', '{"y"')),
      toolDelta(more(0, ':1}')),
      toolDelta(more(1, ':2}')),
      toolStop,
    ])
    expect(calls(whole)).toEqual([
      ['f', '{"x":1}'],
      ['g', '{"y":2}'],
    ])
  })

  it('a name that comes after the id opens the call then', () => {
    const late = toolDelta({ index: 0, function: { name: 'f', arguments: '{"x":1}' } })
    expect(calls(answer([toolDelta({ index: 0, id: 'a' }), late, toolStop]))).toEqual([['f', '{"x":1}']])
  })

  it('the deprecated function_call is a call', () => {
    const chunks = [
      delta({ function_call: { name: 'f', arguments: '{"x"' } }),
      delta({ function_call: { arguments: ':1}' } }),
    ]
    const whole = answer([...chunks, chatChunk({}, 'function_call')])
    expect(calls(whole)).toEqual([['f', '{"x":1}']])
    expect(whole.finish).toBe('tools')
  })

  it("keeps the signature of Gemini's compatible endpoint with its call", () => {
    const entry = { ...named(0, 'a', 'f', '{}'), extra_content: { google: { thought_signature: 'sig' } } }
    expect(answer([toolDelta(entry), toolStop]).parts[0]?.opaque).toEqual([
      { scope: 'here', kind: 'thought_signature', data: 'sig' },
    ])
  })

  it.each([
    ['input', '{"input":"*** Begin\\n\\"x\\""}'],
    ['patch', '{"patch":"*** Begin\\n\\"x\\""}'],
    ['a JSON text', '"*** Begin\\n\\"x\\""'],
    ['the raw text', '*** Begin\n"x"'],
  ])('pitfall 40, 75: a freeform call wrapped as %s comes back raw and custom', (_case, given) => {
    const tools: ToolDefinition[] = [{ type: 'custom', name: 'apply_patch' }]
    const pieces = given.match(/[\s\S]{1,5}/g) ?? []
    const bytes = chatStream([
      toolDelta(named(0, 'a', 'apply_patch')),
      ...pieces.map((piece) => toolDelta(more(0, piece))),
      toolStop,
    ])
    const whole = gatherAnswer(readAll(new ChatReader(reading(tools)), bytes))
    expect(whole.parts[0]).toMatchObject({ part: { kind: 'custom', name: 'apply_patch' }, text: '*** Begin\n"x"' })
  })

  it('gives namespaces back', () => {
    const tools: ToolDefinition[] = [{ type: 'function', name: 'list', namespace: 'files' }]
    const bytes = chatStream([toolDelta(named(0, 'a', 'files__list', '{}')), toolStop])
    expect(gatherAnswer(readAll(new ChatReader(reading(tools)), bytes)).parts[0]?.part).toMatchObject({
      name: 'list',
      namespace: 'files',
    })
  })
})
