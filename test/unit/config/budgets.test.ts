import { describe, expect, it } from 'vitest'
import { lines, loadText } from './load-text.ts'

const model =
  'model_list:\n  - {model_name: m, litellm_params: {model: openai/m, api_key: k, max_budget: 2.5, budget_duration: 1d}}\n'

describe('budgets in the config', () => {
  it('are read for everything, providers, tags and deployments, in LiteLLM’s older and newer words', () => {
    const loaded = loadText(`${model}litellm_settings:
  max_budget: 100
  budget_duration: monthly
  timezone: America/New_York
  tag_budget_config: {night: {max_budget: 1, budget_duration: 12h}}
  default_key_generate_params: {max_budget: 5, models: [m], metadata: {team: red}}
  upperbound_key_generate_params: {max_budget: 50, duration: 30d}
router_settings:
  provider_budget_config: {openai: {budget_limit: 0.1, time_period: 30d}, azure: {max_budget: 7}}
general_settings: {max_parallel_requests: 4, global_max_parallel_requests: 20}
signalbox: {timezone: Europe/Berlin, budgets: {on_limit: downgrade, unknown_price: allow}}
`)
    expect(loaded.problems).toEqual([])
    expect(loaded.config?.budgets).toEqual({
      global: { maxNanoUsd: 100_000_000_000, duration: 'monthly' },
      providers: new Map([
        ['openai', { maxNanoUsd: 100_000_000, duration: '30d' }],
        ['azure', { maxNanoUsd: 7_000_000_000, duration: null }],
      ]),
      tags: new Map([['night', { maxNanoUsd: 1_000_000_000, duration: '12h' }]]),
      onLimit: 'downgrade',
      unknownPrice: 'allow',
      timeZone: 'Europe/Berlin',
      keyRules: {
        defaults: { max_budget: 5, models: ['m'], metadata: { team: 'red' } },
        most: { max_budget: 50, duration: '30d' },
      },
      parallel: { gateway: 20, eachKey: 4 },
    })
    expect(loaded.config?.groups.get('m')?.[0]?.budget).toEqual({ maxNanoUsd: 2_500_000_000, duration: '1d' })
  })

  it.each([
    ['litellm_settings: {max_budget: 5, budget_duration: fortnightly}\n', 'budget_duration is "fortnightly"'],
    ['litellm_settings: {max_budget: -5}\n', 'max_budget'],
    ['litellm_settings: {timezone: Middle/Earth}\n', 'timezone is "Middle/Earth"'],
    ['router_settings: {provider_budget_config: {openai: {time_period: 1d}}}\n', 'openai has no budget_limit'],
    ['general_settings: {global_max_parallel_requests: 0}\n', 'global_max_parallel_requests is the number 0'],
    ['signalbox: {budgets: {on_limit: ignore}}\n', 'on_limit'],
    ['litellm_settings: {default_key_generate_params: {duration: soon}}\n', 'duration is "soon"'],
    ['litellm_settings: {upperbound_key_generate_params: {max_budget: -1}}\n', 'max_budget'],
  ])('are refused with place and value: %s', (text, words) => {
    const errors = lines(loadText(model + text), 'error')
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(/^3:/u)
    expect(errors[0]).toContain(words)
  })
})
