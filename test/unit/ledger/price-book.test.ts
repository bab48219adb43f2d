import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PriceOverride } from '../../../gateway/config/gateway-config.ts'
import { readPriceCatalogue } from '../../../gateway/config/prices/price-catalogue.ts'
import { createCatalogue } from '../../../gateway/ledger/prices/catalogue.ts'
import { createPriceBook } from '../../../gateway/ledger/prices/create-price-book.ts'
import { createOwnPrices } from '../../../gateway/ledger/prices/own-prices.ts'
import type { Usage } from '../../../gateway/model/usage.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

interface CostCase {
  readonly about: string
  readonly provider: string
  readonly model: string
  readonly at: string
  readonly prices?: Partial<PriceOverride>
  /** input, cached, cache-written, output, reasoning */
  readonly usage: readonly [number, number, number, number, number]
  readonly costNanoUsd: number | null
  readonly source: string
}

const costCases = JSON.parse(
  readFileSync(new URL('../../fixtures/usage/costs.json', import.meta.url), 'utf8'),
) as CostCase[]
const noon = Date.parse('2026-11-20T12:00:00Z')
const someUsage = usageOf(1000, 0, 0, 100, 0)
const ownPrices = createOwnPrices(readPriceCatalogue())
const priceBook = createPriceBook({ own: ownPrices, catalogue: createCatalogue() })
const libraryAlone = createPriceBook({ own: createOwnPrices({ providers: {} }), catalogue: createCatalogue() })

function usageOf(inputTokens: number, cached: number, cacheWrite: number, outputTokens: number, reasoning: number) {
  return {
    inputTokens,
    cachedTokens: cached,
    cacheWriteTokens: cacheWrite,
    outputTokens,
    reasoningTokens: reasoning,
  } satisfies Usage
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the price of a request', () => {
  it.each(costCases)('$provider $model: $about', ({ provider, model, at, prices, usage, costNanoUsd, source }) => {
    const deployment = deploymentDouble({
      provider,
      upstreamModel: model,
      ...(prices === undefined ? {} : { prices }),
    })
    expect(priceBook.price(deployment, usageOf(...usage), Date.parse(at))).toMatchObject({ costNanoUsd, source })
  })

  it('is the pretend price of a demo model, marked as such', () => {
    const deployment = deploymentDouble({
      provider: 'demo',
      adapter: 'demo',
      prices: { inputPerToken: '1e-6', outputPerToken: '2e-6' },
    })
    expect(priceBook.price(deployment, someUsage, noon)).toMatchObject({ costNanoUsd: 1_200_000, source: 'demo' })
  })

  it('is null without usage, and still says where it would have come from', () => {
    const known = deploymentDouble({ upstreamModel: 'gpt-4o' })
    const overridden = deploymentDouble({ prices: { inputPerToken: '1e-6', outputPerToken: '1e-6' } })
    const foreign = deploymentDouble({ provider: 'vllm', upstreamModel: 'gpt-4o' })
    expect(priceBook.price(known, null, noon)).toMatchObject({ costNanoUsd: null, source: 'catalogue' })
    expect(priceBook.price(overridden, null, noon)).toMatchObject({ costNanoUsd: null, source: 'override' })
    expect(priceBook.price(foreign, null, noon)).toMatchObject({ costNanoUsd: null, source: 'unknown' })
  })

  it('is unknown when the configured text is no decimal number', () => {
    const deployment = deploymentDouble({ prices: { inputPerToken: '0,15', outputPerToken: '1e-6' } })
    expect(priceBook.price(deployment, someUsage, noon)).toMatchObject({ costNanoUsd: null, source: 'unknown' })
  })

  it('is unknown when a provider reports a token count that is no count', () => {
    for (const broken of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const usage = { ...someUsage, outputTokens: broken }
      expect(priceBook.price(deploymentDouble({}), usage, noon)).toMatchObject({ costNanoUsd: null, source: 'unknown' })
    }
  })

  it('never charges a token twice when a provider reports more cached than input tokens', () => {
    const deployment = deploymentDouble({ prices: { inputPerToken: '1e-6', outputPerToken: '0' } })
    expect(priceBook.price(deployment, usageOf(10, 12, 0, 0, 0), noon).costNanoUsd).toBe(12_000)
  })

  it('prints nothing and asks no server', () => {
    const printed = vi.spyOn(console, 'warn')
    const fetched = vi.spyOn(globalThis, 'fetch')
    createPriceBook({ own: ownPrices, catalogue: createCatalogue() }).price(deploymentDouble({}), someUsage, noon)
    expect(printed).not.toHaveBeenCalled()
    expect(fetched).not.toHaveBeenCalled()
  })
})

describe('base_model', () => {
  it('is looked up instead of the upstream model', () => {
    const deployment = deploymentDouble({ upstreamModel: 'team-deployment', baseModel: 'gpt-4o' })
    expect(priceBook.price(deployment, someUsage, noon)).toMatchObject({ costNanoUsd: 3_500_000, source: 'catalogue' })
  })

  it('may name another provider than the deployment', () => {
    const deployment = deploymentDouble({ provider: 'azure', upstreamModel: 'ours', baseModel: 'openai/gpt-4o' })
    expect(priceBook.price(deployment, someUsage, noon)).toMatchObject({ costNanoUsd: 3_500_000, source: 'catalogue' })
  })

  it('is first read as an id of the deployment’s own provider, slash included', () => {
    const deployment = deploymentDouble({ provider: 'groq', upstreamModel: 'x', baseModel: 'openai/gpt-oss-120b' })
    expect(priceBook.price(deployment, someUsage, noon)).toMatchObject({ costNanoUsd: 210_000, source: 'catalogue' })
  })

  it('hides the upstream model even when that one is known', () => {
    const deployment = deploymentDouble({ upstreamModel: 'gpt-4o', baseModel: 'no-such-model' })
    expect(priceBook.price(deployment, someUsage, noon).source).toBe('unknown')
  })
})

describe('a model the library does not list by its exact id', () => {
  it.each([
    ['anthropic', 'claude-sonnet-5-5', 'a prefix of it is listed'],
    ['anthropic', 'claude-opus-4-10', 'a prefix of it is an older, dearer model'],
    ['anthropic', 'claude-haiku-4-5-fast', 'a variant with its own price'],
    ['gemini', 'gemini-2.5-pro-anything', 'a prefix inside an "and" clause'],
    ['gemini', 'my-gemini-2.0-flash', 'an ending of it is listed'],
    ['moonshot', 'kimi-k2.6-highspeed', 'a prefix'],
    ['deepseek', 'deepseek-v4-flash-0731', 'a prefix'],
    ['openai', 'gpt-5.6-sol-2026-08-01', 'a pattern'],
    ['openai', 'gpt-oss-120b', 'open weights, which OpenAI does not sell'],
    ['mistral', 'mistral-large-latest', 'an alias that moved on'],
    ['mistral', 'mistral-small-latest', 'an alias that moved on'],
    ['mistral', 'mistral-medium-3', 'listed under a model of four times its price'],
    ['minimax', 'MiniMax-M2.5', 'listed under another model'],
    ['gemini', 'gemma-4-26b-a4b-it', 'listed with an empty price'],
    ['opencodego', 'kimi-k2.6', 'another seller'],
    ['ollama', 'gpt-oss-120b', 'a local model'],
    ['moonshotai', 'kimi-k3', 'a provider name of the catalogue that is not ours'],
    ['toString', 'gpt-4o', 'a word every object knows'],
  ])('%s %s is unknown (%s)', (provider, upstreamModel) => {
    const deployment = deploymentDouble({ provider, upstreamModel })
    expect(libraryAlone.price(deployment, someUsage, noon)).toMatchObject({ costNanoUsd: null, source: 'unknown' })
  })

  it.each([
    ['openai', 'GPT-5-5'],
    ['openai', 'gpt-5.5-2026-04-23'],
    ['anthropic', 'claude-opus-4-8'],
    ['mistral', 'mistral-medium-latest'],
    ['xai', 'grok-4.6'],
  ])('while %s %s is known', (provider, upstreamModel) => {
    const deployment = deploymentDouble({ provider, upstreamModel })
    expect(libraryAlone.price(deployment, someUsage, noon).source).toBe('catalogue')
  })
})
