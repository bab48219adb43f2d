import { describe } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { check } from './cost-table.ts'

const chatUsage = {
  prompt_tokens: 10_000,
  completion_tokens: 500,
  total_tokens: 10_500,
  prompt_tokens_details: { cached_tokens: 8000 },
  completion_tokens_details: { reasoning_tokens: 300 },
}
const delta = (text: string, more: JsonObject = {}): JsonObject => ({
  choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
  ...more,
})
const stop: JsonObject = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
const own = 'prices.yaml openai/gpt-5.4'

describe('the cost of a chat completion', () => {
  check('chat', [
    {
      about: 'cached and reasoning: 2000 x 2.5 + 8000 x 0.25 + 500 x 15 = 14,500',
      provider: 'openai',
      model: 'gpt-5.4',
      answer: { usage: chatUsage },
      nanoUsd: 14_500_000,
      provenance: own,
    },
    {
      about: 'streamed, usage in a chunk of its own: the same',
      provider: 'openai',
      model: 'gpt-5.4',
      answer: [delta('a'), stop, { choices: [], usage: chatUsage }],
      nanoUsd: 14_500_000,
      provenance: own,
    },
    {
      about: 'streamed, usage in the last content chunk: the same',
      provider: 'openai',
      model: 'gpt-5.4',
      answer: [delta('a'), { ...stop, ...delta('b', { usage: chatUsage }) }, stop],
      nanoUsd: 14_500_000,
      provenance: own,
    },
    {
      about: 'streamed without usage: unknown, not zero',
      provider: 'openai',
      model: 'gpt-5.4',
      answer: [delta('a'), stop],
      nanoUsd: null,
      provenance: own,
    },
    {
      about: 'flex: half of 14,500',
      provider: 'openai',
      model: 'gpt-5.4',
      answer: { service_tier: 'flex', usage: chatUsage },
      nanoUsd: 7_250_000,
      provenance: `${own}, flex`,
    },
    {
      about: 'priority, streamed: 2000 x 5 + 8000 x 0.5 + 500 x 30 = 29,000',
      provider: 'openai',
      model: 'gpt-5.4',
      answer: [delta('a'), stop, { choices: [], service_tier: 'priority', usage: chatUsage }],
      nanoUsd: 29_000_000,
      provenance: `${own}, priority`,
    },
    {
      about: 'the default tier is the usual price',
      provider: 'openai',
      model: 'gpt-5.4',
      answer: { service_tier: 'default', usage: chatUsage },
      nanoUsd: 14_500_000,
      provenance: own,
    },
    {
      about: 'flex of a model that only the library knows: half of 1000 x 2.5 + 100 x 10',
      provider: 'openai',
      model: 'gpt-4o',
      answer: { service_tier: 'flex', usage: { prompt_tokens: 1000, completion_tokens: 100 } },
      nanoUsd: 1_750_000,
      provenance: 'genai-prices openai/gpt-4o, flex',
    },
    {
      about: 'a tier nobody has a price for: unknown',
      provider: 'openai',
      model: 'gpt-4o',
      answer: { service_tier: 'priority', usage: { prompt_tokens: 1000, completion_tokens: 100 } },
      nanoUsd: null,
      provenance: '',
    },
    {
      about: 'above the step, the whole request: 100,000 x 5 + 200,000 x 0.5 + 1000 x 22.5 = 622,500',
      provider: 'openai',
      model: 'gpt-5.4',
      answer: {
        usage: { prompt_tokens: 300_000, completion_tokens: 1000, prompt_tokens_details: { cached_tokens: 200_000 } },
      },
      nanoUsd: 622_500_000,
      provenance: `${own}, above 271999 tokens`,
    },
    {
      about: 'OpenAI writes: 3000 x 2 + 4000 x 0.2 + 3000 x 2.5 + 100 x 10 = 15,300',
      provider: 'openai',
      model: 'gpt-6-sol',
      answer: {
        usage: {
          prompt_tokens: 10_000,
          completion_tokens: 100,
          prompt_tokens_details: { cached_tokens: 4000, cache_write_tokens: 3000 },
        },
      },
      nanoUsd: 15_300_000,
      provenance: 'genai-prices openai/gpt-6-sol',
    },
    {
      about: 'Groq’s usage beside the chunk: 1000 x 0.15 + 500 x 0.6 = 450',
      provider: 'groq',
      model: 'openai/gpt-oss-120b',
      answer: [delta('a'), { ...stop, x_groq: { usage: { prompt_tokens: 1000, completion_tokens: 500 } } }],
      nanoUsd: 450_000,
      provenance: 'genai-prices groq/openai/gpt-oss-120b',
    },
    {
      about: 'Moonshot’s cached_tokens at the top: 100 x 0.95 + 900 x 0.16 + 10 x 4 = 279',
      provider: 'opencodego',
      model: 'kimi-k2.6',
      answer: { usage: { prompt_tokens: 1000, completion_tokens: 10, cached_tokens: 900 } },
      nanoUsd: 279_000,
      provenance: 'prices.yaml opencode_go/kimi-k2.6',
    },
    {
      about: 'DeepSeek’s cache hits off peak: 400 x 0.66 + 600 x 0.022 + 100 x 1.98 = 475.2',
      provider: 'opencode_go',
      model: 'deepseek-v4-pro',
      answer: { usage: { prompt_tokens: 1000, completion_tokens: 100, prompt_cache_hit_tokens: 600 } },
      nanoUsd: 475_200,
      provenance: 'prices.yaml opencode_go/deepseek-v4-pro',
    },
    {
      about: 'at the peak twice that',
      provider: 'opencode_go',
      model: 'deepseek-v4-pro',
      answer: { usage: { prompt_tokens: 1000, completion_tokens: 100, prompt_cache_hit_tokens: 600 } },
      nanoUsd: 950_400,
      provenance: 'prices.yaml opencode_go/deepseek-v4-pro, peak hours',
      at: '2026-11-20T09:59:59Z',
    },
    {
      about: 'on a Sunday there is no peak',
      provider: 'opencode_go',
      model: 'deepseek-v4-pro',
      answer: { usage: { prompt_tokens: 1000, completion_tokens: 100, prompt_cache_hit_tokens: 600 } },
      nanoUsd: 475_200,
      provenance: 'prices.yaml opencode_go/deepseek-v4-pro',
      at: '2026-11-22T09:00:00Z',
    },
    {
      about: 'a local model: unknown, and nothing to pay',
      provider: 'ollama',
      model: 'gpt-oss:120b',
      answer: { usage: { prompt_tokens: 1000, completion_tokens: 10 } },
      nanoUsd: null,
      provenance: '',
    },
  ])
})

const responseUsage = {
  input_tokens: 1000,
  input_tokens_details: { cached_tokens: 600 },
  output_tokens: 200,
  output_tokens_details: { reasoning_tokens: 150 },
}

describe('the cost of a response', () => {
  check('responses', [
    {
      about: 'cached and reasoning: 400 x 5 + 600 x 0.5 + 200 x 30 = 8,300',
      provider: 'openai',
      model: 'gpt-5.5-2026-04-23',
      answer: { service_tier: 'default', usage: responseUsage },
      nanoUsd: 8_300_000,
      provenance: 'prices.yaml openai/gpt-5.5',
    },
    {
      about: 'streamed, priority: 400 x 12.5 + 600 x 1.25 + 200 x 75 = 20,750',
      provider: 'openai',
      model: 'gpt-5.5',
      answer: [
        { type: 'response.created', response: { id: 'r', output: [], usage: null } },
        {
          type: 'response.completed',
          response: { id: 'r', status: 'completed', output: [], service_tier: 'priority', usage: responseUsage },
        },
      ],
      nanoUsd: 20_750_000,
      provenance: 'prices.yaml openai/gpt-5.5, priority',
    },
    {
      about: 'without usage: unknown',
      provider: 'openai',
      model: 'gpt-5.5',
      answer: { usage: null },
      nanoUsd: null,
      provenance: 'prices.yaml openai/gpt-5.5',
    },
  ])
})
