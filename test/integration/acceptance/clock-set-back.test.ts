import Sqlite from 'better-sqlite3'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GatewayStatus } from '../../../gateway/contract/status.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

const clock = pathToFileURL(join(import.meta.dirname, '..', '..', 'doubles', 'clock-set-back.ts')).href

let upstream: Upstream
let gateway: GatewayProcess

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({
    config: oneModelConfig(upstream.url),
    environment: { NODE_OPTIONS: `--import ${clock}` },
  })
})

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

const notices = async (): Promise<readonly string[]> =>
  ((await (await gateway.request('/api/status')).json()) as GatewayStatus).notices ?? []

test.skipIf(process.platform === 'win32')(
  'a clock that jumps back an hour: answered, shown, nothing lost',
  async () => {
    const made = await gateway.request('/key/generate', {
      method: 'POST',
      body: JSON.stringify({ max_budget: 1, budget_duration: 'hourly', rpm_limit: 100 }),
    })
    const { key } = (await made.json()) as { key: string }
    const spent = async () => {
      const info = (await (await gateway.request('/key/info', { key })).json()) as { info: { spend: number } }
      return info.info.spend
    }
    expect((await gateway.request(chatPath, { ...chat('small', 'hi'), key })).status).toBe(200)
    const before = await spent()
    expect(before).toBeGreaterThan(0)
    expect(await notices()).toEqual([])
    process.kill(gateway.pid, 'SIGUSR2')
    await expect.poll(notices).toEqual([expect.stringContaining('set back by 60 min')])
    expect((await gateway.request(chatPath, { ...chat('small', 'hi'), key })).status).toBe(200)
    expect(await spent()).toBeCloseTo(2 * before, 9)
    const times = (await gateway.recorded()).map(({ startedAt }) => startedAt)
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(3_000_000)
    await gateway.kill('SIGTERM')
    const database = new Sqlite(join(gateway.folder.dataDir, 'signalbox.db'), { readonly: true })
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(database.prepare('SELECT count(*) FROM requests').pluck().get()).toBe(2)
    expect(database.prepare('SELECT sum(requests) FROM spend_hours').pluck().get()).toBe(2)
    database.close()
  },
)
