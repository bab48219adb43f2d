import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePriceCatalogue, readPriceCatalogue } from '../../../gateway/config/prices/price-catalogue.ts'
import { configOf, lines, loadText } from './load-text.ts'

function deploymentOf(entry: string) {
  const [deployment] = configOf(`model_list:\n  - ${entry}\n`).groups.get('m') ?? []
  if (deployment === undefined) throw new Error('The entry gave no deployment.')
  return deployment
}

const entry = (params: string, more = '') => `{model_name: m, litellm_params: {api_key: k, ${params}}${more}}`

describe('prices of an entry', () => {
  it('are read in all of LiteLLM’s names, and none of them is sent upstream', () => {
    const { prices, defaults } = deploymentOf(
      entry(`model: openai/x, input_cost_per_token: 2e-6, output_cost_per_token: 8e-6,
        cache_creation_input_token_cost_above_1hr: 4e-6, input_cost_per_request: 0.001,
        input_cost_per_token_above_200k_tokens: 4e-6, output_cost_per_token_above_200k_tokens: 0.000012,
        cache_read_input_token_cost_above_272k_tokens: 1e-7, input_cost_per_token_flex: 1e-6,
        output_cost_per_token_priority: 9e-6, input_cost_per_token_batches: 1e-6`),
    )
    expect(prices).toMatchObject({
      inputPerToken: '2e-6',
      cacheWrite1hPerToken: '4e-6',
      perRequest: '0.001',
      steps: [
        { aboveTokens: 200_000, inputPerToken: '4e-6', outputPerToken: '0.000012' },
        { aboveTokens: 272_000, cachedPerToken: '1e-7' },
      ],
      serviceTiers: {
        flex: { inputPerToken: '1e-6' },
        priority: { outputPerToken: '9e-6' },
        batch: { inputPerToken: '1e-6' },
      },
    })
    expect(defaults).toEqual({})
  })

  it('for what is not counted are named, and not sent either', () => {
    const text = `model_list:\n  - ${entry('model: openai/x, input_cost_per_audio_token: 1e-6')}\n`
    expect(lines(loadText(text), 'warning').join()).toContain('input_cost_per_audio_token')
    expect(configOf(text).groups.get('m')?.[0]?.defaults).toEqual({})
  })
})

describe('how an entry is paid', () => {
  it.each([
    ['per token', 'model: openai/x', '', 'billed'],
    ['by its provider’s subscription', 'model: opencode_go/kimi-k2.6', '', 'flat_rate'],
    [
      'per token where the entry says what a token costs',
      'model: opencode_go/kimi-k2.6, input_cost_per_token: 1e-6',
      '',
      'billed',
    ],
    ['as before where that is nothing', 'model: opencode_go/kimi-k2.6, input_cost_per_token: 0', '', 'flat_rate'],
    ['not at all on the user’s machine', 'model: ollama/qwen3:8b', '', 'local'],
    ['as the entry says', 'model: openai/x, billing: flat_rate', '', 'flat_rate'],
    ['as the entry says beside its parameters', 'model: ollama/x', ', billing: billed', 'billed'],
    ['as model_info says', 'model: openai/x', ', model_info: {billing: local}', 'local'],
  ])('%s', (_, params, more, billing) => {
    expect(deploymentOf(entry(params, more)).billing).toBe(billing)
  })

  it('is a word of three', () => {
    const text = `model_list:\n  - ${entry('model: openai/x, billing: monthly')}\n`
    expect(lines(loadText(text), 'error').join()).toMatch(
      /billing is the text "monthly", must be one of billed, flat_rate, local/u,
    )
  })
})

describe('settings of the ledger', () => {
  const signalbox = (text: string) => configOf(`signalbox: ${text}\n`).signalbox

  it('keep rows for good and fetch nothing unless told', () => {
    expect(signalbox('{}')).toMatchObject({
      retention: { rowDays: undefined },
      priceRefresh: { every: 'off', url: undefined },
    })
  })

  it('are read', () => {
    expect(
      signalbox('{retention: {rows_days: 90}, prices: {refresh: weekly, url: "https://h/prices.json"}}'),
    ).toMatchObject({ retention: { rowDays: 90 }, priceRefresh: { every: 'weekly', url: 'https://h/prices.json' } })
  })

  it.each([
    ['30d', 30],
    ['2w', 14],
    ['1mo', 30],
  ])('take LiteLLM’s retention period %s', (period, rowDays) => {
    const config = configOf(`general_settings: {maximum_spend_logs_retention_period: ${period}}\n`)
    expect(config.signalbox.retention).toEqual({ rowDays })
  })

  it.each([
    ['signalbox: {retention: {rows_days: 0}}\n', 'rows_days'],
    ['signalbox: {retention: {rows_days: -3}}\n', 'rows_days'],
    ['signalbox: {prices: {refresh: hourly}}\n', 'refresh'],
    ['signalbox: {prices: {url: "file:///x"}}\n', 'url must be an address'],
    ['general_settings: {maximum_spend_logs_retention_period: soon}\n', 'must be a number of days'],
  ])('refuse %j', (text, told) => {
    expect(lines(loadText(text), 'error').join()).toContain(told)
  })
})

describe('our price list', () => {
  it('reads as it is shipped', () => {
    expect(Object.keys(readPriceCatalogue().providers)).toContain('opencode_go')
  })

  it.each([
    ['providers: {a: {models: {m: {input: 1, source: M}}}}', 'no price of input or output'],
    ['providers: {a: {models: {m: {input: -1, output: 1, source: M}}}}', 'below 0'],
    ['providers: {a: {models: {m: {input: cheap, output: 1, source: M}}}}', 'must be a number'],
    ['providers: {a: {models: {m: {input: 1, output: 1}}}}', 'source'],
    ['providers: {a: {models: {m: {input: 1, output: 1, source: M, later: [{from: soon, input: 1}]}}}}', 'no date'],
    ['providers: {a: {models: {m: {input: 1, output: 1, source: M, peak: {hours: [noon], input: 1}}}}}', 'no span'],
    ['providers: {a: {models: {m: {input: 1, output: 1, source: M, inptu: 1}}}}', 'inptu'],
  ])('is refused when it says %j', (text, told) => {
    expect(() => parsePriceCatalogue(text, 'prices.yaml')).toThrow(told)
  })

  it('is read or refused with a sentence, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        try {
          expect(parsePriceCatalogue(text, 'prices.yaml').providers).toBeTypeOf('object')
        } catch (thrown) {
          expect(String(thrown)).toContain('The price list is broken: prices.yaml')
        }
      }),
    )
  })
})
