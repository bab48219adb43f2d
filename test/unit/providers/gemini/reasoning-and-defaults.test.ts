import { describe, expect, it } from 'vitest'
import { written } from './model-call.ts'

describe('41, 42: reasoning', () => {
  it.each([
    ['gemini-3.5-flash', { effort: 'none' }, { thinkingLevel: 'MINIMAL' }, 1],
    ['gemini-3.1-pro-preview', { effort: 'none' }, { thinkingLevel: 'LOW' }, 1],
    ['gemini-3.1-pro-preview', { effort: 'minimal' }, { thinkingLevel: 'LOW', includeThoughts: true }, 1],
    ['gemini-3.8-flash', { effort: 'medium' }, { thinkingLevel: 'MEDIUM', includeThoughts: true }, 0],
    ['gemini-3.8-flash', { effort: 'max' }, { thinkingLevel: 'HIGH', includeThoughts: true }, 1],
    ['gemini-4-argon', { budgetTokens: 10_000 }, { thinkingLevel: 'MEDIUM', includeThoughts: true }, 0],
    ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }, 0],
    ['gemini-2.5-pro', { effort: 'none' }, { thinkingBudget: 128 }, 1],
    ['gemini-2.5-pro', { effort: 'low' }, { thinkingBudget: 4_096, includeThoughts: true }, 0],
    ['gemini-2.5-pro', { effort: 'max' }, { thinkingBudget: 32_768, includeThoughts: true }, 0],
    ['gemini-2.5-flash', { budgetTokens: 90_000 }, { thinkingBudget: 24_576, includeThoughts: true }, 1],
    ['gemini-2.5-flash-lite', { budgetTokens: 100 }, { thinkingBudget: 512, includeThoughts: true }, 1],
    ['gemini-3.8-flash', { visible: false, effort: 'low' }, { thinkingLevel: 'LOW' }, 0],
    ['gemini-3.8-flash', {}, { includeThoughts: true }, 0],
    ['gemini-2.0-flash', { effort: 'high' }, undefined, 1],
  ] as const)('%s: %j', (model, reasoning, thinkingConfig, warnings) => {
    const out = written({ reasoning }, model)
    expect(out.config.thinkingConfig).toEqual(thinkingConfig)
    expect(out.warnings).toHaveLength(warnings)
  })

  it('a small output limit gets room for thinking where a model always thinks', () => {
    expect(written({ maxOutputTokens: 32 }).config.maxOutputTokens).toBe(2_080)
    expect(written({ maxOutputTokens: 32 }, 'gemini-2.0-flash').config.maxOutputTokens).toBe(32)
    expect(
      written({ maxOutputTokens: 32, reasoning: { effort: 'none' } }, 'gemini-2.5-flash').config.maxOutputTokens,
    ).toBe(32)
  })

  it('an output limit above that of the model is lowered with a warning', () => {
    const out = written({ maxOutputTokens: 128_000 }, undefined, { maxOutputTokens: 65_536 })
    expect(out.config.maxOutputTokens).toBe(65_536)
    expect(out.warnings).toHaveLength(1)
  })
})

describe('defaults of a deployment', () => {
  it('are sorted into the places of this API and give way to the request', () => {
    const callDefaults = { temperature: 0.1, max_tokens: 500, safety_settings: [], reasoning_effort: 'low', odd: 1 }
    const { body, config, warnings } = written({ temperature: 0.9 }, 'gemini-2.5-pro', { callDefaults })
    expect(config).toEqual({
      temperature: 0.9,
      maxOutputTokens: 500,
      thinkingConfig: { thinkingBudget: 4_096, includeThoughts: true },
    })
    expect(body.safetySettings).toEqual([])
    expect(warnings).toEqual(['dropped the configured odd: Gemini has no such field'])
  })
})
