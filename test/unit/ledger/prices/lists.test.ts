import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { PriceOverride } from '../../../../gateway/config/gateway-config.ts'
import { parsePriceCatalogue, readPriceCatalogue } from '../../../../gateway/config/prices/price-catalogue.ts'
import { createCatalogue } from '../../../../gateway/ledger/prices/catalogue.ts'
import { createPriceBook } from '../../../../gateway/ledger/prices/create-price-book.ts'
import { createOwnPrices } from '../../../../gateway/ledger/prices/own-prices.ts'
import { savingsOf } from '../../../../gateway/ledger/savings.ts'
import type { Usage } from '../../../../gateway/model/usage.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'

const at = Date.parse('2026-11-20T12:00:00Z')
const own = createOwnPrices(readPriceCatalogue())
const prices = createPriceBook({ own, catalogue: createCatalogue() })
const tokens = (given: Partial<Usage>): Usage => ({
  inputTokens: 1000,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 100,
  reasoningTokens: 0,
  ...given,
})

describe('our own list', () => {
  const stack = readFileSync(new URL('../../../fixtures/configs/seed-stack.yaml', import.meta.url), 'utf8')
  const models = [...stack.matchAll(/model: ([a-z_]+)\/(\S+)/gu)].flatMap(([, provider, model]) =>
    provider === undefined || model === undefined || provider === 'auto_router' ? [] : [[provider, model] as const],
  )

  it('has many models of a real stack to look up', () => {
    expect(models.length).toBeGreaterThan(20)
  })

  it.each(models)('knows %s/%s', (provider, model) => {
    const found = own.find({ provider, model, baseUrl: '', inputTokens: 1, serviceTier: undefined, at })
    expect(found?.provenance).toMatch(/^prices\.yaml /)
  })

  it.each([
    ['anthropic', 'claude-opus-4-80'],
    ['anthropic', 'claude-opus-4'],
    ['anthropic', 'claude-sonnet-5-5-preview'],
    ['opencode_go', 'kimi-k2'],
    ['opencode_go', 'kimi-k2.6-highspeed'],
    ['openai', 'kimi-k2.6'],
    ['openai', '__proto__'],
    ['constructor', 'gpt-5.4'],
  ])('never takes a name for another: %s/%s', (provider, model) => {
    expect(own.find({ provider, model, baseUrl: '', inputTokens: 1, serviceTier: undefined, at })).toBeUndefined()
  })

  it('goes by the address where that is another seller’s', () => {
    const query = { provider: 'openai', inputTokens: 1, serviceTier: undefined, at }
    const go = own.find({ ...query, model: 'kimi-k2.6', baseUrl: 'https://opencode.ai/zen/go/v1' })
    expect(go?.provenance).toBe('prices.yaml opencode_go/kimi-k2.6')
    expect(own.find({ ...query, model: 'gpt-5.4', baseUrl: 'https://opencode.ai/zen/go/v1' })).toBeUndefined()
    expect(own.find({ ...query, model: 'kimi-k2.6', baseUrl: 'https://opencode.ai/zen/gone' })).toBeUndefined()
  })

  it('takes the newest price that is valid', () => {
    const dated = createOwnPrices(
      parsePriceCatalogue(
        'providers: {p: {models: {m: {input: 1, output: 1, source: M, later: [{from: 2026-03-01, input: 3, output: 3}, {from: 2026-02-01, input: 2, output: 2}]}}}}',
        'prices.yaml',
      ),
    )
    const inputAt = (day: string) =>
      dated.find({
        provider: 'p',
        model: 'm',
        baseUrl: '',
        inputTokens: 1,
        serviceTier: undefined,
        at: Date.parse(day),
      })?.card.input?.digits
    expect(['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01'].map(inputAt)).toEqual([1n, 2n, 2n, 3n])
  })
})

describe('prices of the config', () => {
  const priced = (given: Partial<PriceOverride>, usage: Partial<Usage>) =>
    prices.price(deploymentDouble({ provider: 'custom', prices: given }), tokens(usage), at)
  const base = { inputPerToken: '1e-6', outputPerToken: '4e-6' }
  const absent = { cachedPerToken: undefined, cacheWritePerToken: undefined, reasoningPerToken: undefined }

  it('step by the whole input; what a step leaves out stays: 300,000 x 2 + 100 x 4', () => {
    const steps = [{ ...absent, aboveTokens: 200_000, inputPerToken: '2e-6', outputPerToken: undefined }]
    expect(priced({ ...base, steps }, { inputTokens: 300_000 }).costNanoUsd).toBe(600_400_000)
    expect(priced({ ...base, steps }, { inputTokens: 200_000 }).costNanoUsd).toBe(200_400_000)
  })

  it('charge a tier, and the usual price where it is not named', () => {
    const serviceTiers = { flex: { ...absent, inputPerToken: '5e-7', outputPerToken: '2e-6' } }
    expect(priced({ ...base, serviceTiers }, { serviceTier: 'flex' }).costNanoUsd).toBe(700_000)
    expect(priced({ ...base, serviceTiers }, { serviceTier: 'priority' }).costNanoUsd).toBe(1_400_000)
  })

  it('charge a fee per request and writes for an hour: 0.001 + 400 x 1 + 600 x 2 + 100 x 4', () => {
    const cost = priced(
      { ...base, perRequest: '0.001', cacheWrite1hPerToken: '2e-6' },
      { cacheWriteTokens: 600, cacheWrite1hTokens: 600 },
    )
    expect(cost).toMatchObject({ costNanoUsd: 3_000_000, provenance: 'config', billing: 'billed' })
  })

  it('are the user’s word where the list says something else, and say so', () => {
    const deployment = deploymentDouble({ upstreamModel: 'gpt-5.4', prices: { cachedPerToken: '0' } })
    expect(prices.price(deployment, tokens({ cachedTokens: 1000 }), at)).toMatchObject({
      costNanoUsd: 1_500_000,
      source: 'override',
      provenance: 'config over prices.yaml openai/gpt-5.4',
    })
  })
})

describe('prices to compare', () => {
  it('are USD per million tokens, 0 where nothing is paid per token, and unknown where nobody knows', () => {
    const compare = (given: Parameters<typeof deploymentDouble>[0]) =>
      prices.comparablePrice(deploymentDouble(given), at)
    expect(compare({ upstreamModel: 'gpt-5.4' })).toEqual({ input: 2.5, output: 15 })
    expect(compare({ provider: 'ollama', upstreamModel: 'x' })).toEqual({ input: 0, output: 0 })
    expect(compare({ upstreamModel: 'gpt-5.4', billing: 'flat_rate' })).toEqual({ input: 0, output: 0 })
    expect(compare({ provider: 'nobody', upstreamModel: 'x' })).toBeUndefined()
  })

  it('follow the clock', () => {
    const deployment = deploymentDouble({ provider: 'deepseek', upstreamModel: 'deepseek-flash' })
    const off = prices.comparablePrice(deployment, at)
    expect(prices.comparablePrice(deployment, Date.parse('2026-11-20T02:00:00Z'))?.input).toBe((off?.input ?? 0) * 2)
  })
})

describe('savings', () => {
  const top = deploymentDouble({ provider: 'anthropic', upstreamModel: 'claude-opus-4-8' })
  const usage = tokens({ inputTokens: 10_000, cachedTokens: 8000, outputTokens: 500 })
  const saved = (given: Parameters<typeof deploymentDouble>[0], against = top) =>
    savingsOf(prices, against, { price: prices.price(deploymentDouble(given), usage, at), usage, at })

  it('are the same tokens at the top tier’s prices minus the bill', () => {
    // Top: 10,000 + 4,000 + 12,500 = 26,500. This: 2000 x 0.75 + 8000 x 0.075 + 500 x 4.5 = 4,350.
    expect(saved({ upstreamModel: 'gpt-5.4-mini' })).toBe(22_150_000)
  })

  it('count what is not paid per token as 0 on either side', () => {
    expect(saved({ provider: 'ollama', upstreamModel: 'x' })).toBe(26_500_000)
    expect(saved({ upstreamModel: 'gpt-5.4-mini' }, { ...top, billing: 'flat_rate' })).toBe(-4_350_000)
  })

  it('are 0 for the top tier itself', () => {
    expect(saved({ provider: 'anthropic', upstreamModel: 'claude-opus-4-8' })).toBe(0)
  })

  it('are unknown where a price, the usage or the top tier is', () => {
    expect(saved({ provider: 'nobody', upstreamModel: 'x' })).toBeNull()
    expect(saved({ upstreamModel: 'gpt-5.4' }, { ...top, upstreamModel: 'nobody' })).toBeNull()
    const price = prices.price(top, usage, at)
    expect(savingsOf(prices, undefined, { price, usage, at })).toBeNull()
    expect(savingsOf(prices, top, { price, usage: null, at })).toBeNull()
    expect(savingsOf(prices, top, { price: { ...price, billing: 'demo' }, usage, at })).toBeNull()
  })
})
