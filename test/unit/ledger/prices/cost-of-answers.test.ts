import { describe } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { check } from './cost-table.ts'

const messageUsage = {
  input_tokens: 100,
  cache_read_input_tokens: 5000,
  cache_creation_input_tokens: 3000,
  cache_creation: { ephemeral_5m_input_tokens: 1000, ephemeral_1h_input_tokens: 2000 },
  output_tokens: 400,
  output_tokens_details: { thinking_tokens: 300 },
}

describe('the cost of a message', () => {
  check('messages', [
    {
      about: 'read, written for 5 min and 1 h: 100 x 5 + 5000 x 0.5 + 1000 x 6.25 + 2000 x 10 + 400 x 25 = 39,250',
      provider: 'anthropic',
      model: 'claude-opus-4-8',
      answer: { usage: { ...messageUsage, service_tier: 'standard' } },
      nanoUsd: 39_250_000,
      provenance: 'prices.yaml anthropic/claude-opus-4-8',
    },
    {
      about: 'streamed, running totals never added: the same',
      provider: 'anthropic',
      model: 'claude-opus-4-8',
      answer: [
        { type: 'message_start', message: { id: 'm', usage: { ...messageUsage, output_tokens: 1 } } },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 400 } },
        { type: 'message_stop' },
      ],
      nanoUsd: 39_250_000,
      provenance: 'prices.yaml anthropic/claude-opus-4-8',
    },
    {
      about: 'the library’s price of an hour: 100 x 2 + 5000 x 0.2 + 1000 x 2.5 + 2000 x 4 + 400 x 10 = 15,700',
      provider: 'anthropic',
      model: 'claude-sonnet-5',
      answer: { usage: messageUsage },
      nanoUsd: 15_700_000,
      provenance: 'genai-prices anthropic/claude-sonnet-5',
    },
    {
      about: 'fast mode: 100 x 10 + 5000 x 1 + 1000 x 12.5 + 2000 x 20 + 400 x 50 = 78,500',
      provider: 'anthropic',
      model: 'claude-opus-4-8',
      answer: { usage: { ...messageUsage, speed: 'fast', service_tier: 'standard' } },
      nanoUsd: 78_500_000,
      provenance: 'prices.yaml anthropic/claude-opus-4-8, fast',
    },
    {
      about: 'batch: half of 39,250',
      provider: 'anthropic',
      model: 'claude-opus-4-8',
      answer: { usage: { ...messageUsage, service_tier: 'batch' } },
      nanoUsd: 19_625_000,
      provenance: 'prices.yaml anthropic/claude-opus-4-8, batch',
    },
    {
      about: 'cached input counts for the step: 1000 x 0.5 + 120,000 x 0.05 + 100 x 2.5 = 6,750',
      provider: 'anthropic',
      model: 'claude-haiku-5-5',
      answer: { usage: { input_tokens: 1000, cache_read_input_tokens: 120_000, output_tokens: 100 } },
      nanoUsd: 6_750_000,
      provenance: 'prices.yaml anthropic/claude-haiku-5-5, above 100000 tokens',
    },
    {
      about: 'MiniMax on the plan, its own writes: 100 x 0.3 + 5000 x 0.06 + 3000 x 0.375 + 400 x 1.2 = 1,935',
      provider: 'opencodego',
      model: 'minimax-m2.7',
      answer: { usage: messageUsage },
      nanoUsd: 1_935_000,
      provenance: 'prices.yaml opencode_go/minimax-m2.7',
    },
    {
      about: 'without usage: unknown',
      provider: 'anthropic',
      model: 'claude-opus-4-8',
      answer: {},
      nanoUsd: null,
      provenance: 'prices.yaml anthropic/claude-opus-4-8',
    },
  ])
})

const geminiUsage = {
  promptTokenCount: 10_000,
  cachedContentTokenCount: 4000,
  toolUsePromptTokenCount: 500,
  candidatesTokenCount: 200,
  thoughtsTokenCount: 300,
}
const candidate = (text: string, finish?: string): JsonObject => ({
  candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...(finish && { finishReason: finish }) }],
})

describe('the cost of a generateContent answer', () => {
  check('gemini', [
    {
      about: 'cached, thoughts and tool prompts: 6500 x 1.25 + 4000 x 0.125 + 500 x 10 = 13,625',
      provider: 'gemini',
      model: 'gemini-2.5-pro',
      answer: { ...candidate('a', 'STOP'), usageMetadata: geminiUsage },
      nanoUsd: 13_625_000,
      provenance: 'prices.yaml gemini/gemini-2.5-pro',
    },
    {
      about: 'streamed, the last count holds: the same',
      provider: 'gemini',
      model: 'gemini-2.5-pro',
      answer: [
        { ...candidate('a'), usageMetadata: { promptTokenCount: 10_000, candidatesTokenCount: 1 } },
        { ...candidate('b', 'STOP'), usageMetadata: geminiUsage },
      ],
      nanoUsd: 13_625_000,
      provenance: 'prices.yaml gemini/gemini-2.5-pro',
    },
    {
      about: 'a price that changes with the year: 1000 x 0.75 + 100 x 3.75 = 1,125',
      provider: 'gemini',
      model: 'gemini-3.8-flash',
      answer: { usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 100 } },
      nanoUsd: 1_125_000,
      provenance: 'prices.yaml gemini/gemini-3.8-flash',
      at: '2026-12-31T23:59:59Z',
    },
    {
      about: 'from its first moment on twice that',
      provider: 'gemini',
      model: 'gemini-3.8-flash',
      answer: { usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 100 } },
      nanoUsd: 2_250_000,
      provenance: 'prices.yaml gemini/gemini-3.8-flash',
      at: '2027-01-01T00:00:00Z',
    },
    {
      about: 'without usage: unknown',
      provider: 'gemini',
      model: 'gemini-2.5-pro',
      answer: [candidate('a', 'STOP')],
      nanoUsd: null,
      provenance: 'prices.yaml gemini/gemini-2.5-pro',
    },
  ])
})
