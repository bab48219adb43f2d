import { describe, expect, it } from 'vitest'
import { traitsOfModel } from '../../../../gateway/providers/anthropic/model-traits.ts'
import { send } from './call-double.ts'

describe('thinking by model (rows 41, 42)', () => {
  it.each([
    ['claude-opus-4-8', { effort: 'high' }, { type: 'adaptive', display: 'summarized' }, 'high'],
    ['claude-opus-4-8', { visible: false }, { type: 'adaptive', display: 'omitted' }, undefined],
    ['claude-opus-4-8', { budgetTokens: 8_192 }, { type: 'adaptive', display: 'summarized' }, 'medium'],
    ['claude-opus-4-8', { effort: 'none' }, { type: 'disabled' }, undefined],
    ['claude-opus-4-6', { effort: 'xhigh' }, { type: 'adaptive' }, 'high'],
    ['claude-opus-4-6', { budgetTokens: 5_000 }, { type: 'enabled', budget_tokens: 5_000 }, undefined],
    ['claude-opus-4-5', { effort: 'max' }, { type: 'enabled', budget_tokens: 63_999 }, 'high'],
    ['claude-haiku-4-5', { effort: 'medium' }, { type: 'enabled', budget_tokens: 8_192 }, undefined],
    ['claude-haiku-4-5', { effort: 'minimal' }, { type: 'enabled', budget_tokens: 1_024 }, undefined],
    ['claude-haiku-5-5', { budgetTokens: 900_000 }, { type: 'adaptive', display: 'summarized' }, 'max'],
    ['claude-opus-5-5', { effort: 'none' }, undefined, 'low'],
    ['claude-fable-5-2', { effort: 'max' }, { type: 'adaptive', display: 'summarized' }, 'max'],
    ['claude-3-5-haiku-20241022', { effort: 'high' }, undefined, undefined],
    ['glm-5.3', { effort: 'low' }, { type: 'enabled', budget_tokens: 4_096 }, undefined],
  ] as const)('%s, %j', (upstreamModel, reasoning, thinking, effort) => {
    const { body } = send({ reasoning, maxOutputTokens: 64_000 }, { upstreamModel })
    expect(body.thinking).toEqual(thinking)
    expect(body.output_config).toEqual(effort === undefined ? undefined : { effort })
  })

  it('keeps the budget below the output limit, and goes without where no room is left', () => {
    const small = send({ reasoning: { effort: 'high' }, maxOutputTokens: 2_000 }, { upstreamModel: 'claude-haiku-4-5' })
    expect(small.body.thinking).toEqual({ type: 'enabled', budget_tokens: 1_500 })
    const none = send({ reasoning: { effort: 'high' }, maxOutputTokens: 1_000 }, { upstreamModel: 'claude-haiku-4-5' })
    expect(none.body.thinking).toBeUndefined()
    expect(none.call.warnings.join()).toContain('leaves no room')
  })

  it('says nothing about thinking when the client said nothing', () => {
    expect(send().body).not.toHaveProperty('thinking')
  })
})

describe('sampling by model (rows 31, 32)', () => {
  const all = { temperature: 1.4, topP: 0.5, topK: 5 }
  it.each([
    ['a new model takes none', all, { upstreamModel: 'claude-opus-4-8' }, {}],
    [
      'an older one takes temperature up to 1, and not top_p beside it',
      all,
      { upstreamModel: 'claude-haiku-4-5' },
      { temperature: 1, top_k: 5 },
    ],
    ['top_p alone', { topP: 0.5 }, { upstreamModel: 'claude-haiku-4-5' }, { top_p: 0.5 }],
    [
      'none under the newer API version',
      all,
      { upstreamModel: 'claude-haiku-4-5', headers: { 'anthropic-version': '2026-10-21' } },
      {},
    ],
    [
      'a model that is not known keeps both',
      { temperature: 0.2, topP: 0.9 },
      { upstreamModel: 'glm-5.3' },
      { temperature: 0.2, top_p: 0.9 },
    ],
  ] as const)('%s', (_name, given, deployment, wanted) => {
    const { body, call } = send(given, deployment)
    const sent = Object.fromEntries(
      ['temperature', 'top_p', 'top_k'].filter((name) => name in body).map((name) => [name, body[name]]),
    )
    expect(sent).toEqual(wanted)
    if (Object.keys(sent).length < Object.keys(given).length) expect(call.warnings.join()).toContain('dropped')
  })

  it('takes none while thinking', () => {
    const { body } = send({ temperature: 0.3, reasoning: { effort: 'low' } }, { upstreamModel: 'claude-haiku-4-5' })
    expect(body).not.toHaveProperty('temperature')
  })

  it('does not warn of a temperature that changes nothing', () => {
    expect(send({ temperature: 1, topP: 1 }).call.warnings).toEqual([])
  })
})

describe('model names', () => {
  it('reads a name with a prefix, dots or a date as the model', () => {
    expect(traitsOfModel('anthropic/claude-opus-4.8-20260528')).toEqual(traitsOfModel('claude-opus-4-8'))
    expect(traitsOfModel('us.anthropic.claude-sonnet-4-5-20250929-v1:0')).toEqual(traitsOfModel('claude-sonnet-4-5'))
  })

  it('does not take a date for a version', () => {
    expect(traitsOfModel('claude-opus-4-20250514').sampling).toBe(true)
  })
})
