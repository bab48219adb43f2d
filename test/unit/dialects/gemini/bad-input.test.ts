import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { geminiCodec } from '../../../../gateway/dialects/gemini/codec.ts'
import { countGeminiTokens } from '../../../../gateway/dialects/gemini/count-tokens.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject, JsonValue } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'

function read(body: JsonObject, stream = true): ModelRequest {
  return geminiCodec.readRequest({ body, headers: {}, url: { model: 'router', stream } })
}

function errorOf(body: JsonObject): GatewayError {
  try {
    read(body)
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
    throw thrown
  }
  throw new Error('nothing was refused')
}

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
const partsOf = (...parts: JsonObject[]) => ({ contents: [{ role: 'user', parts }] })

describe('bad input', () => {
  it.each<[string, JsonObject, string]>([
    ['no contents', {}, 'contents'],
    ['contents as a number', { contents: 5 }, 'contents'],
    ['a content as a text', { contents: ['x'] }, 'contents[0]'],
    ['a strange role', { contents: [{ role: 'system', parts: [] }] }, 'contents[0].role'],
    ['a number as text', partsOf({ text: 5 }), 'contents[0].parts[0].text'],
    [
      'invalid base64',
      partsOf({ inlineData: { mimeType: 'image/png', data: 'a!b' } }),
      'contents[0].parts[0].inlineData.data',
    ],
    [
      'a data URL as data',
      partsOf({ inlineData: { mimeType: 'a/b', data: 'data:a/b;base64,AA' } }),
      'contents[0].parts[0].inlineData.data',
    ],
    ['data without a type', partsOf({ inlineData: { data: 'AAAA' } }), 'contents[0].parts[0].inlineData.mimeType'],
    ['a call without a name', partsOf({ functionCall: {} }), 'contents[0].parts[0].functionCall.name'],
    [
      'arguments as a list',
      partsOf({ functionCall: { name: 'a', args: [] } }),
      'contents[0].parts[0].functionCall.args',
    ],
    [
      'a tool without a name',
      { contents, tools: [{ functionDeclarations: [{}] }] },
      'tools[0].functionDeclarations[0].name',
    ],
    [
      'a schema as a text',
      { contents, tools: [{ functionDeclarations: [{ name: 'a', parameters: 'x' }] }] },
      'tools[0].functionDeclarations[0].parameters',
    ],
    [
      'a strange mode',
      { contents, toolConfig: { functionCallingConfig: { mode: 'MAYBE' } } },
      'toolConfig.functionCallingConfig.mode',
    ],
    ['a temperature as text', { contents, generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
    ['a limit of 0', { contents, generationConfig: { maxOutputTokens: 0 } }, 'generationConfig.maxOutputTokens'],
    ['a stop as a text', { contents, generationConfig: { stopSequences: 'x' } }, 'generationConfig.stopSequences'],
  ])('%s', (_name, body, param) => {
    expect(errorOf(body)).toMatchObject({ status: 400, param })
  })

  it('1,000 levels of nesting are refused, wherever they are', () => {
    let deep: JsonValue = 'x'
    for (let level = 0; level < 1_000; level += 1) deep = { a: deep }
    expect(errorOf({ contents, extra: deep })).toMatchObject({ status: 400, code: 'invalid_field' })
    expect(errorOf(partsOf({ functionCall: { name: 'a', args: { deep } } })).status).toBe(400)
  })

  it('an unknown part is kept as foreign', () => {
    const value = { executableCode: { language: 'PYTHON', code: '1' } }
    expect(read(partsOf(value)).turns[0]?.parts).toEqual([{ type: 'foreign', dialect: 'gemini', value }])
  })

  it('never throws anything but GatewayError', () => {
    const names = fc.constantFrom(
      'contents',
      'parts',
      'role',
      'text',
      'thought',
      'thoughtSignature',
      'inline_data',
      'functionCall',
      'functionResponse',
      'name',
      'args',
      'response',
      'tools',
      'functionDeclarations',
      'parameters',
      'properties',
      'type',
      'generationConfig',
      'thinkingConfig',
      'toolConfig',
      'functionCallingConfig',
      'systemInstruction',
      '__proto__',
    )
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 6, withCrossShrink: true },
        fc.oneof(
          fc.string(),
          fc.integer(),
          fc.boolean(),
          fc.constant(null),
          fc.constantFrom('user', 'model', 'OBJECT'),
        ),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(names, tie('value'), { maxKeys: 4 }),
      ),
    }))
    const body = fc.record({
      contents: value,
      tools: value,
      generationConfig: value,
      toolConfig: value,
      systemInstruction: value,
    })
    fc.assert(
      fc.property(body, (given) => {
        try {
          read(given)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(GatewayError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('counting tokens', () => {
  it('estimates a quarter of the characters, more for other scripts and a flat sum for a picture', () => {
    expect(countGeminiTokens({ contents: [{ role: 'user', parts: [{ text: 'a'.repeat(400) }] }] })).toBe(100)
    expect(countGeminiTokens({ contents: [{ parts: [{ text: '思'.repeat(400) }] }] })).toBe(200)
    expect(countGeminiTokens(partsOf({ inlineData: { mimeType: 'image/png', data: 'A'.repeat(9_000) } }))).toBe(258)
    expect(countGeminiTokens({ generateContentRequest: { contents } })).toBe(countGeminiTokens({ contents }))
  })

  it('counts any JSON, however deep', () => {
    let deep: JsonValue = 'x'
    for (let level = 0; level < 50_000; level += 1) deep = [deep]
    expect(countGeminiTokens({ contents: deep })).toBe(1)
  })
})
