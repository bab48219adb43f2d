import Sqlite from 'better-sqlite3'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGatewayFolder, type GatewayFolder, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

/** Two gateways side by side, because most of a round is the start. */
const lanes = [0, 1]
const roundsPerLane = 10
const streams = 50

let upstream: Upstream
let folders: readonly GatewayFolder[]

beforeAll(async () => {
  upstream = await startUpstream()
  folders = lanes.map(() => createGatewayFolder({ config: oneModelConfig(upstream.url) }))
})

afterAll(async () => {
  for (const folder of folders) folder.remove()
  await upstream.close()
})

/** Starts 50 streams and kills the gateway as soon as `enough` of them have ended. Gives the ids of those that did. */
async function killAmongStreams(folder: GatewayFolder, enough: number): Promise<readonly string[]> {
  const gateway = await startGatewayProcess({ folder })
  const finished: string[] = []
  let killed: Promise<unknown> | undefined
  const stream = async (): Promise<void> => {
    try {
      const answer = await gateway.request(chatPath, chat('small', 'hello', { stream: true }))
      const text = await answer.text()
      if (text.includes('data: [DONE]')) finished.push(answer.headers.get('x-litellm-call-id') ?? '')
      if (finished.length >= enough) killed ??= gateway.kill('SIGKILL')
    } catch (error) {
      // Only the kill may break a stream.
      if (killed === undefined) throw error
    }
  }
  await Promise.all(Array.from({ length: streams }, stream))
  await (killed ?? gateway.kill('SIGKILL'))
  return finished
}

/** Kills again and again on the same data, then looks at what is there. */
async function killAndLook(folder: GatewayFolder, lane: number): Promise<void> {
  const finished: string[] = []
  for (let round = 0; round < roundsPerLane; round += 1) {
    const enough = 1 + (((round * 2 + lane) * 7) % (streams - 1))
    finished.push(...(await killAmongStreams(folder, enough)))
  }
  const last = await startGatewayProcess({ folder })
  expect((await last.request(chatPath, chat('small', 'hello'))).status).toBe(200)
  await last.kill('SIGTERM')

  const database = new Sqlite(join(folder.dataDir, 'signalbox.db'), { readonly: true })
  const read = (sql: string): unknown => database.prepare(sql).pluck().get()
  const kept = new Set(database.prepare('SELECT id FROM requests').pluck().all())
  expect(finished.length).toBeGreaterThanOrEqual(roundsPerLane)
  expect(finished.filter((id) => !kept.has(id))).toEqual([])
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  // Rows and sums are written together, so a row that was lost or counted twice would show in one of them only.
  expect(read('SELECT sum(requests) FROM spend_hours')).toBe(kept.size)
  expect(read(`SELECT sum(requests) FROM spend_label_hours WHERE kind = 'session'`)).toBe(kept.size)
  expect(read('SELECT sum(billed_nano_usd) FROM spend_hours')).toBe(read('SELECT sum(cost_nano_usd) FROM requests'))
  expect(read('SELECT sum(billed_nano_usd) FROM key_spend')).toBe(read('SELECT sum(cost_nano_usd) FROM requests'))
  database.close()
}

test('killed twenty times among 50 streams: no finished request without its row, none counted twice', {
  timeout: 240_000,
}, async () => {
  await Promise.all(folders.map(killAndLook))
})
