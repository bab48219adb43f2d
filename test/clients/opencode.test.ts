import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { RequestView } from '../../gateway/contract/requests.ts'
import { type GatewayProcess, startGatewayProcess } from '../doubles/gateway-process.ts'
import { type RecordedRequest, type Script, startUpstream, type Upstream } from '../doubles/upstream-server.ts'
import { type ClosedProxy, startClosedProxy } from './closed-proxy.ts'
import { createOpencodeHome, type OpencodeHome } from './run-opencode.ts'

const client = inject('clients').opencode

/** Its first request names the session and has no tools; it runs beside the real one. */
const isTitleRequest = (request: RecordedRequest): boolean => request.json?.tools === undefined

const routedConfig = (upstream: Upstream): string => `
model_list:
  - model_name: coding-router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: { SIMPLE: quick, MEDIUM: quick, COMPLEX: strong, REASONING: strong }
  - model_name: quick
    litellm_params:
      model: openai/quick-upstream
      api_base: ${upstream.url}
      api_key: upstream-key
      input_cost_per_token: 0.00000015
      cache_read_input_token_cost: 0.000000015
      output_cost_per_token: 0.00000060
  - model_name: strong
    litellm_params:
      model: openai/strong-upstream
      api_base: ${upstream.url}
      api_key: upstream-key
      input_cost_per_token: 0.00000500
      output_cost_per_token: 0.00002500
`

describe.skipIf(!client.installed)('opencode through the gateway', () => {
  let upstream: Upstream
  let gateway: GatewayProcess
  let proxy: ClosedProxy
  let home: OpencodeHome

  beforeAll(async () => {
    upstream = await startUpstream()
    proxy = await startClosedProxy()
    gateway = await startGatewayProcess({ config: routedConfig(upstream) })
    home = createOpencodeHome({
      client: client.installed ? client.folder : '',
      gateway: gateway.url,
      key: gateway.masterKey,
      model: 'coding-router',
      files: { 'note.txt': 'The password of the day is kingfisher.\n' },
      proxy,
    })
  })

  afterAll(async () => {
    home.remove()
    await gateway.remove()
    await proxy.close()
    await upstream.close()
    console.log(`opencode also asked for ${[...new Set(proxy.refused)].join(', ') || 'nothing'}: refused.`)
  })

  const rowsWithInput = async (inputTokens: number): Promise<RequestView[]> =>
    (await gateway.recorded()).filter((row) => row.usage?.inputTokens === inputTokens)

  test('a greeting streams to the terminal and its row says what it cost', async () => {
    const usage = { prompt: 1000, cached: 200, completion: 9 }
    upstream.reply((request): Script => {
      if (isTitleRequest(request)) return { kind: 'stream', text: 'A greeting' }
      return { kind: 'stream', text: ['The answer ', 'arrives ', 'in pieces.'], usage }
    })
    const run = await home.run('hello')
    expect(run).toMatchObject({ code: 0, answer: expect.stringContaining('The answer arrives in pieces.') })

    const main = upstream.requests.find((request) => !isTitleRequest(request))
    expect(main?.json).toMatchObject({ model: 'quick-upstream', stream: true })
    expect(main?.headers.authorization).toBe('Bearer upstream-key')

    const rows = await rowsWithInput(1000)
    expect(rows).toHaveLength(1)
    // By hand: 800 fresh at 150 nano-USD, 200 cached at 15, 9 out at 600.
    expect(rows[0]).toMatchObject({
      askedModel: 'coding-router',
      router: 'coding-router',
      tier: 'SIMPLE',
      model: 'quick',
      agent: 'opencode',
      session: expect.stringMatching(/^ses_/),
      stream: true,
      status: 200,
      usage: { inputTokens: 1000, cachedTokens: 200, outputTokens: 9 },
      costNanoUsd: 800 * 150 + 200 * 15 + 9 * 600,
      priceSource: 'override',
    })
  })

  test('a tool turn goes round and keeps the tier of the question', async () => {
    const path = join(home.project, 'note.txt')
    upstream.reply((request): Script => {
      if (isTitleRequest(request)) return { kind: 'stream', text: 'A note' }
      if (request.json?.messages?.at(-1)?.role === 'tool') {
        return { kind: 'stream', text: ['It is ', 'kingfisher.'], usage: { prompt: 2000, completion: 7 } }
      }
      const call = { id: 'call_1', name: 'read', arguments: ['{"filePath":', `${JSON.stringify(path)}}`] }
      return { kind: 'stream', toolCalls: [call], usage: { prompt: 1500, completion: 30 } }
    })
    const run = await home.run('Think carefully, step by step: which password does note.txt hold?')
    expect(run).toMatchObject({ code: 0, answer: expect.stringContaining('It is kingfisher.') })

    const toolTurn = upstream.requests.find((request) => request.json?.messages?.at(-1)?.role === 'tool')
    expect(JSON.stringify(toolTurn?.json?.messages?.at(-1))).toContain('The password of the day is kingfisher.')

    const rows = [...(await rowsWithInput(1500)), ...(await rowsWithInput(2000))]
    expect(rows.map(({ tier, model, costNanoUsd }) => ({ tier, model, costNanoUsd }))).toEqual([
      { tier: 'REASONING', model: 'strong', costNanoUsd: 1500 * 5000 + 30 * 25_000 },
      { tier: 'REASONING', model: 'strong', costNanoUsd: 2000 * 5000 + 7 * 25_000 },
    ])
    expect(new Set(rows.map((row) => row.session)).size).toBe(1)
  })

  test('a refusal is shown with the sentence of the gateway', async () => {
    upstream.reply({ kind: 'error', status: 400, message: 'The upstream wants something else.', code: 'bad_field' })
    const run = await home.run('hello again')
    expect(run.answer + run.errors).toContain('The upstream wants something else.')
  })
})
