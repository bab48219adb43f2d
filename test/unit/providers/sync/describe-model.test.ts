import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { describeModel, type OfferedModel } from '../../../../gateway/providers/sync/describe-model.ts'

const unknown = {
  kind: 'chat',
  vision: undefined,
  reasoning: undefined,
  tools: undefined,
  contextWindow: undefined,
  maxOutputTokens: undefined,
  deprecated: undefined,
} as const

describe('a model of a provider’s list', () => {
  test.each<[string, JsonObject, Partial<OfferedModel>]>([
    ['OpenAI', { id: 'gpt-5.5', object: 'model', owned_by: 'openai' }, {}],
    [
      'SAIA, thinking and seeing',
      { id: 'glm-5.3-flash', input: ['text', 'image', 'video'], output: ['text', 'thought'], status: 'ready' },
      { vision: true, reasoning: true },
    ],
    [
      'SAIA, neither',
      { id: 'devstral-2-123b', input: ['text'], output: ['text'] },
      { vision: false, reasoning: false },
    ],
    [
      'OpenRouter',
      {
        id: 'z-ai/glm-5.2',
        context_length: 204_800,
        architecture: { input_modalities: ['text'], output_modalities: ['text'] },
        top_provider: { max_completion_tokens: 131_072 },
        supported_parameters: ['tools', 'reasoning', 'include_reasoning'],
      },
      { vision: false, reasoning: true, tools: true, contextWindow: 204_800, maxOutputTokens: 131_072 },
    ],
    [
      'Mistral',
      {
        id: 'mistral-old',
        max_context_length: 32_768,
        capabilities: { completion_chat: true, function_calling: true, vision: false, reasoning: false },
        deprecation: '2026-12-01T00:00:00Z',
        deprecation_replacement_model: 'mistral-new',
      },
      {
        vision: false,
        reasoning: false,
        tools: true,
        contextWindow: 32_768,
        deprecated: 'deprecated 2026-12-01, mistral-new takes its place',
      },
    ],
    [
      'Anthropic',
      {
        id: 'claude-opus-4-8',
        max_input_tokens: 200_000,
        max_tokens: 64_000,
        capabilities: { image_input: { supported: true }, thinking: { supported: true } },
      },
      { vision: true, reasoning: true, contextWindow: 200_000, maxOutputTokens: 64_000 },
    ],
    [
      'Gemini',
      {
        name: 'models/gemini-3-flash',
        inputTokenLimit: 1_048_576,
        outputTokenLimit: 65_536,
        supportedGenerationMethods: ['generateContent', 'countTokens'],
        thinking: true,
      },
      { id: 'gemini-3-flash', reasoning: true, contextWindow: 1_048_576, maxOutputTokens: 65_536 },
    ],
    [
      'Gemini, embedding',
      { name: 'models/text-embedder-1', supportedGenerationMethods: ['embedContent'] },
      { id: 'text-embedder-1', kind: 'embedding' },
    ],
    ['Together', { id: 'flux', type: 'image' }, { kind: 'image' }],
    ['a name alone, embedding', { id: 'e5-mistral-7b-instruct' }, { kind: 'embedding' }],
    ['a name alone, reranking', { id: 'qwen3-reranker-8b' }, { kind: 'rerank' }],
    ['a name alone, sound', { id: 'whisper-large-v3' }, { kind: 'audio' }],
    [
      'an embedding name that gives text',
      { id: 'embedder-chat', output_modalities: ['text'] },
      { reasoning: undefined },
    ],
  ])('of %s', (_provider, entry, expected) => {
    expect(describeModel(entry)).toEqual({ ...unknown, id: entry['id'], ...expected })
  })

  test('has a name, or is none', () => {
    expect(describeModel({ object: 'model' })).toBeUndefined()
    expect(describeModel({ id: 7 })).toBeUndefined()
  })

  test('may say anything in any field', () => {
    const fields = ['input', 'output', 'capabilities', 'architecture', 'type', 'limits', 'thinking', 'deprecation']
    const anything = fc.dictionary(fc.constantFrom(...fields, 'context_length', 'supported_parameters'), fc.jsonValue())
    fc.assert(
      fc.property(anything, (entry) => {
        expect(describeModel({ ...(entry as JsonObject), id: 'm' })?.id).toBe('m')
      }),
    )
  })
})
