import { renameSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { GatewayStatus } from '../../../gateway/contract/status.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { createGate, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess

beforeEach(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({ config: oneModelConfig(upstream.url) })
})

afterEach(async () => {
  await gateway.remove()
  await upstream.close()
})

const second = (name: string): string => `
  - model_name: ${name}
    litellm_params:
      model: openai/${name}-upstream
      api_base: ${upstream.url}
      api_key: upstream-key
`

const listed = async (): Promise<string[]> => {
  const { data } = (await (await gateway.request('/v1/models')).json()) as { data: { id: string }[] }
  return data.map((model) => model.id)
}

const status = async (): Promise<GatewayStatus> =>
  (await (await gateway.request('/api/status')).json()) as GatewayStatus

/** The promise to people is one second; a machine under load gets more before the test gives up. */
const soon = <Value>(look: () => Promise<Value>): Promise<Value> => vi.waitFor(look, { timeout: 30_000, interval: 20 })

describe('an edit by hand', () => {
  test('in place takes effect by itself', async () => {
    gateway.writeConfig(oneModelConfig(upstream.url, second('large')))
    await soon(async () => expect(await listed()).toEqual(['small', 'large']))
    const answer = await gateway.request(chatPath, chat('large', 'hello'))
    expect(answer.status).toBe(200)
    expect(upstream.requests.at(-1)?.json?.model).toBe('large-upstream')
  })

  test('by renaming over the file, as editors save, again and again', async () => {
    for (const name of ['large', 'larger']) {
      const draft = `${gateway.folder.configPath}.draft`
      writeFileSync(draft, oneModelConfig(upstream.url, second(name)))
      renameSync(draft, gateway.folder.configPath)
      await soon(async () => expect(await listed()).toEqual(['small', name]))
    }
  })

  test('leaves running requests on what they began with', async () => {
    const gate = createGate()
    upstream.replyOnce({ kind: 'stream', text: ['one ', 'two'], stall: { events: 2, gate } })
    const answer = await gateway.request(chatPath, chat('small', 'hello', { stream: true }))
    gateway.writeConfig(oneModelConfig(upstream.url, second('large')).replaceAll('small', 'renamed'))
    await soon(async () => expect(await listed()).toEqual(['renamed', 'large']))
    gate.open()
    expect(await answer.text()).toContain('[DONE]')
    expect((await gateway.recorded())[0]).toMatchObject({
      model: 'small',
      status: 200,
      costNanoUsd: 20 * 150 + 5 * 600,
    })
  })

  test('that is broken changes nothing that runs and is shown with its line', async () => {
    const broken = oneModelConfig(upstream.url, second('large')).replace('0.00000015', '"cheap"')
    const line = broken.split('\n').findIndex((text) => text.includes('"cheap"')) + 1
    gateway.writeConfig(broken)
    await soon(async () => expect((await status()).config.refused).toBe(true))
    const { config } = await status()
    expect(config.problems.find((problem) => problem.severity === 'error')).toMatchObject({
      line,
      path: expect.stringContaining('input_cost_per_token'),
      seen: expect.stringContaining('cheap'),
    })
    expect(gateway.output()).toContain(`places=["config.yaml:${line}"]`)
    expect(await listed()).toEqual(['small'])
    expect((await gateway.request(chatPath, chat('small', 'hello'))).status).toBe(200)

    gateway.writeConfig(oneModelConfig(upstream.url, second('large')))
    await soon(async () => expect(await listed()).toEqual(['small', 'large']))
    expect((await status()).config.refused).toBe(false)
  })
})
