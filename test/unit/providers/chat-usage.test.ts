import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../gateway/model/json.ts'
import { readChatUsage } from '../../../gateway/providers/chat-wire/chat-usage.ts'

describe('readChatUsage', () => {
  it.each<[string, JsonObject, number[] | null]>([
    [
      'OpenAI',
      {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 20,
          total_tokens: 120,
          prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 5 },
          completion_tokens_details: { reasoning_tokens: 8 },
        },
      },
      [100, 60, 5, 20, 8],
    ],
    ['bare totals', { usage: { prompt_tokens: 7, completion_tokens: 2 } }, [7, 0, 0, 2, 0]],
    [
      'DeepSeek cache hits',
      { usage: { prompt_tokens: 50, prompt_cache_hit_tokens: 30, prompt_cache_miss_tokens: 20, completion_tokens: 1 } },
      [50, 30, 0, 1, 0],
    ],
    [
      'Moonshot cached_tokens',
      { usage: { prompt_tokens: 50, cached_tokens: 10, completion_tokens: 1 } },
      [50, 10, 0, 1, 0],
    ],
    ['Groq x_groq', { x_groq: { usage: { prompt_tokens: 3, completion_tokens: 4 } } }, [3, 0, 0, 4, 0]],
    [
      'a prompt without its cached part',
      { usage: { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 90 }, completion_tokens: 1 } },
      [100, 90, 0, 1, 0],
    ],
    [
      'reasoning beside the completion',
      {
        usage: {
          prompt_tokens: 10,
          completion_tokens: 5,
          total_tokens: 22,
          completion_tokens_details: { reasoning_tokens: 7 },
        },
      },
      [10, 0, 0, 12, 7],
    ],
    ['null usage', { usage: null }, null],
    ['no usage', {}, null],
    [
      'wrong types',
      { usage: { prompt_tokens: '9', completion_tokens: null, prompt_tokens_details: [] } },
      [0, 0, 0, 0, 0],
    ],
  ])('reads %s', (_name, answer, expected) => {
    const usage = readChatUsage(answer)
    const numbers = usage && [
      usage.inputTokens,
      usage.cachedTokens,
      usage.cacheWriteTokens,
      usage.outputTokens,
      usage.reasoningTokens,
    ]
    expect(numbers).toEqual(expected)
  })

  it('keeps the parts within the totals, whatever is sent', () => {
    const count = fc.oneof(fc.nat(1_000), fc.constantFrom(null, 'x', -5, 1.5))
    fc.assert(
      fc.property(count, count, count, count, count, count, (prompt, completion, total, cached, written, reasoning) => {
        const usage = readChatUsage({
          usage: {
            prompt_tokens: prompt,
            completion_tokens: completion,
            total_tokens: total,
            prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
            completion_tokens_details: { reasoning_tokens: reasoning },
          },
        })
        if (usage === null) throw new Error('usage expected')
        expect(usage.cachedTokens + usage.cacheWriteTokens).toBeLessThanOrEqual(usage.inputTokens)
        expect(usage.reasoningTokens).toBeLessThanOrEqual(usage.outputTokens)
      }),
    )
  })
})
