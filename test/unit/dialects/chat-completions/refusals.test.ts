import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatCodec } from '../../../../gateway/dialects/chat-completions/codec.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'

const read = (body: JsonObject): ModelRequest =>
  chatCodec.readRequest({
    body: { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body },
    headers: {},
    url: {},
  })

function failure(body: JsonObject): GatewayError {
  try {
    read(body)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('refusing what a chat completion cannot mean', () => {
  const message = (fields: JsonObject): JsonObject => ({ messages: [{ role: 'user', content: 'a' }, fields] })
  it.each<[string, JsonObject, string]>([
    ['no messages', { messages: null }, 'messages'],
    ['an empty list', { messages: [] }, 'messages'],
    ['a message that is a text', { messages: ['a'] }, 'messages[0]'],
    ['no role', message({ content: 'a' }), 'messages[1].role'],
    ['an unknown role', message({ role: 'ghost' }), 'messages[1].role'],
    ['content of the wrong type', message({ role: 'user', content: 7 }), 'messages[1].content'],
    ['a part of no type', message({ role: 'user', content: [{}] }), 'messages[1].content[0].type'],
    ['a text part without text', message({ role: 'user', content: [{ type: 'text' }] }), 'messages[1].content[0].text'],
    [
      'broken base64',
      message({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,a*b' } }] }),
      'messages[1].content[0].image_url.url',
    ],
    [
      'an image that is no address',
      message({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'a.png' } }] }),
      'messages[1].content[0].image_url.url',
    ],
    ['a result without a call', message({ role: 'tool', content: 'a' }), 'messages[1].tool_call_id'],
    [
      'a call without id',
      message({ role: 'assistant', tool_calls: [{ function: { name: 'f' } }] }),
      'messages[1].tool_calls[0].id',
    ],
    [
      'a call without name',
      message({ role: 'assistant', tool_calls: [{ id: 'a', function: {} }] }),
      'messages[1].tool_calls[0].function.name',
    ],
    ['a temperature as text', { temperature: '1' }, 'temperature'],
    ['a negative limit', { max_tokens: -1 }, 'max_tokens'],
    ['an unknown effort', { reasoning_effort: 'huge' }, 'reasoning_effort'],
    ['an unknown format', { response_format: { type: 'xml' } }, 'response_format.type'],
    [
      'a schema that is none',
      { response_format: { type: 'json_schema', json_schema: {} } },
      'response_format.json_schema.schema',
    ],
    ['a tool without a name', { tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    ['tools that are no list', { tools: {} }, 'tools'],
    ['an unknown choice', { tool_choice: 'maybe' }, 'tool_choice'],
    ['stop of the wrong type', { stop: [1] }, 'stop'],
  ])('%s', (_case, body, param) => {
    expect(failure(body)).toMatchObject({ status: 400, param })
  })

  it('1,000 levels of nesting are no trouble', () => {
    let deep: JsonValue = 1
    for (let level = 0; level < 1_000; level += 1) deep = level % 2 === 0 ? [deep] : { deep }
    const body = { tools: [{ type: 'function', function: { name: 'f', parameters: { deep } } }], odd: deep }
    expect(read({ ...body, messages: [{ role: 'user', content: [{ type: 'odd', deep }] }] }).extensions).toHaveProperty(
      'odd',
    )
    expect(failure({ messages: deep })).toBeInstanceOf(GatewayError)
  })

  it('whatever comes, only a GatewayError is thrown', () => {
    const content = fc.oneof(
      fc.string(),
      fc.constant(null),
      fc.array(
        fc.record(
          {
            type: fc.constantFrom('text', 'image_url', 'file', 'input_audio', 'video_url', 'refusal', 'thinking', 'x'),
            text: fc.jsonValue(),
            image_url: fc.jsonValue(),
            file: fc.jsonValue(),
            input_audio: fc.jsonValue(),
            cache_control: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      ),
      fc.jsonValue(),
    )
    const messages = fc.array(
      fc.record(
        {
          role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'function', 'developer', 7),
          content,
          tool_calls: fc.oneof(fc.jsonValue(), fc.array(fc.record({ id: fc.string(), function: fc.jsonValue() }))),
          tool_call_id: fc.jsonValue(),
          function_call: fc.jsonValue(),
          reasoning_details: fc.jsonValue(),
          name: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    )
    const fields = fc.dictionary(
      fc.constantFrom(
        'tools',
        'tool_choice',
        'stop',
        'reasoning',
        'thinking',
        'response_format',
        'metadata',
        'n',
        'functions',
      ),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(messages, fields, (list, more) => {
        try {
          read({ ...more, messages: list } as JsonObject)
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
        }
      }),
      { numRuns: 300 },
    )
  })
})
