import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { readBody } from './dialect-double.ts'

const png = 'iVBORw0KGgo='
const refused = (code: string, param: string) => expect.objectContaining({ code, param, status: 400 })

describe('bad input', () => {
  it.each([
    ['input', { input: 5 }],
    ['input[0]', { input: ['x'] }],
    ['input[0].role', { input: [{ role: 'robot', content: 'x' }] }],
    ['input[0].content', { input: [{ role: 'user', content: 5 }] }],
    ['input[0].content[0].text', { input: [{ role: 'user', content: [{ type: 'input_text' }] }] }],
    [
      'input[0].content[0].image_url',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png;base64,@@' }] }] },
    ],
    [
      'input[0].content[0].image_url',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'file:///etc/passwd' }] }] },
    ],
    ['input[0].call_id', { input: [{ type: 'function_call_output', output: 'x' }] }],
    ['input[0].name', { input: [{ type: 'function_call', call_id: 'c' }] }],
    ['tools', { tools: {} }],
    ['tools[0].name', { tools: [{ type: 'function' }] }],
    ['tools[0].parameters', { tools: [{ type: 'function', name: 'n', parameters: [] }] }],
    ['tools[0].tools', { tools: [{ type: 'namespace', name: 'n' }] }],
    ['temperature', { temperature: 'hot' }],
    ['reasoning.effort', { reasoning: { effort: 'huge' } }],
    ['text.format.schema', { text: { format: { type: 'json_schema' } } }],
  ])('names %s', (param, body) => {
    expect(() => readBody(body as JsonObject)).toThrowError(refused('invalid_field', param))
  })

  it('refuses 1,000 levels of nesting, and 100,000', () => {
    for (const depth of [1_000, 100_000]) {
      const nested = JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as JsonObject
      expect(() => readBody({ extra: nested })).toThrowError(refused('invalid_field', 'extra'))
      expect(() => readBody({ input: nested })).toThrowError(refused('invalid_field', 'input'))
    }
  })

  it('never throws anything but a GatewayError', () => {
    const type = fc.constantFrom(
      'message',
      'function_call',
      'function_call_output',
      'custom_tool_call',
      'reasoning',
      'local_shell_call',
      'tool_search_output',
      'web_search_call',
      'item_reference',
      'input_text',
      'input_image',
      'input_file',
      'namespace',
      'function',
      'custom',
    )
    const loose = fc.oneof(fc.jsonValue(), type, fc.constantFrom('user', 'assistant', `data:image/png;base64,${png}`))
    const content = fc.record({ type, text: loose, image_url: loose, file_data: loose }, { requiredKeys: ['type'] })
    const item = fc.record(
      {
        type,
        role: loose,
        content: fc.oneof(loose, fc.array(content)),
        call_id: loose,
        name: loose,
        arguments: loose,
        output: loose,
        summary: loose,
        encrypted_content: loose,
        tools: loose,
        action: loose,
      },
      { requiredKeys: [] },
    )
    const body = fc.record(
      {
        input: fc.oneof(loose, fc.array(item)),
        tools: fc.oneof(loose, fc.array(item)),
        tool_choice: loose,
        text: loose,
        reasoning: loose,
        temperature: loose,
        metadata: loose,
        instructions: loose,
      },
      { requiredKeys: ['input'] },
    )
    fc.assert(
      fc.property(body, (value) => {
        try {
          readBody(value as JsonObject)
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
          expect(error).toMatchObject({ status: 400 })
        }
      }),
      { numRuns: 500 },
    )
  })
})
