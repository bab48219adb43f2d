import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { refreshPrices } from '../../../gateway/gateway-prices.ts'
import { createCatalogue } from '../../../gateway/ledger/prices/catalogue.ts'
import { testConfig } from '../http/harness.ts'

let close: (() => void) | undefined
afterEach(() => close?.())

async function listServer(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1')
  close = () => server.close()
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/prices.json`
}

const provider = (id: string, price: number) => ({
  id,
  api_pattern: '',
  models: [{ id: 'm-new', match: { equals: 'm-new' }, prices: { input_mtok: price, output_mtok: price } }],
})
const query = { provider: 'openai', baseUrl: '', inputTokens: 1, serviceTier: undefined, at: 0 }

async function refreshed(status: number, body: string) {
  const url = await listServer(status, body)
  const base = testConfig()
  const config = { ...base, signalbox: { ...base.signalbox, priceRefresh: { every: 'weekly', url } as const } }
  const logger = { info: vi.fn<() => void>(), warn: vi.fn<() => void>() }
  const catalogue = createCatalogue()
  await refreshPrices(catalogue, { config: () => config, logger, now: () => Date.parse('2026-12-01T00:00:00Z') })
  return { catalogue, logger }
}

it('a newer edition takes the place of the library’s prices, and provenances name it', async () => {
  const list = ['openai', 'anthropic', 'google', 'mistral', 'groq'].map((id) => provider(id, 7))
  const { catalogue, logger } = await refreshed(200, JSON.stringify(list))
  expect(catalogue.find({ ...query, model: 'm-new' })?.provenance).toBe('genai-prices of 2026-12-01 openai/m-new')
  expect(catalogue.find({ ...query, model: 'gpt-4o' })).toBeUndefined()
  expect(logger.warn).not.toHaveBeenCalled()
})

it.each([
  ['an error', 500, '[]'],
  ['a page', 200, '<html>'],
  ['half a file', 200, '[{"id": "openai"'],
  ['an empty list', 200, '[]'],
  ['too few providers', 200, JSON.stringify([provider('openai', 1)])],
])('%s changes nothing and is told', async (_, status, body) => {
  const { catalogue, logger } = await refreshed(status, body)
  expect(catalogue.find({ ...query, model: 'gpt-4o' })?.provenance).toBe('genai-prices openai/gpt-4o')
  expect(logger.warn).toHaveBeenCalledOnce()
})
