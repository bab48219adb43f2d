import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../../gateway/cli/audit.ts'
import type { CommandContext } from '../../../gateway/cli/command-context.ts'
import type { AuditEventView, AuditList } from '../../../gateway/contract/audit.ts'
import { resolvePaths } from '../../../gateway/process/paths.ts'
import { openDatabase } from '../../../gateway/store/database.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'

const config = `
model_list:
  - model_name: first
    litellm_params: { model: openai/a, api_base: "http://127.0.0.1:9/v1", api_key: provider-canary }
`

let gateway: GatewayProcess

beforeAll(async () => {
  gateway = await startGatewayProcess({ config })
})
afterAll(() => gateway.remove())

async function events(query = ''): Promise<AuditEventView[]> {
  const response = await gateway.request(`/api/audit${query}`)
  return ((await response.json()) as AuditList).events
}

/** The newest event of an action, once it is there: a config edit is seen a moment later. */
async function eventOf(action: string): Promise<AuditEventView> {
  for (;;) {
    const found = (await events()).find((event) => event.action === action)
    if (found !== undefined) return found
  }
}

const post = (path: string, body: object, key?: string) =>
  gateway.request(path, { method: 'POST', body: JSON.stringify(body), ...(key === undefined ? {} : { key }) })

function commandContext(printed: string[]): CommandContext {
  const { path, dataDir } = gateway.folder
  return {
    paths: resolvePaths({
      config: undefined,
      dataDir,
      environment: {},
      workingDirectory: path,
      platform: { config: path, data: path },
    }),
    json: true,
    environment: {},
    workingDirectory: path,
    print: async (line) => void printed.push(line),
    note: () => {},
  }
}

describe('audit events', () => {
  it('tell which key made and deleted a key, and never the key itself', async () => {
    const made = await post('/key/generate', { key_alias: 'laptop', key_type: 'management' })
    const { key, token } = (await made.json()) as { key: string; token: string }
    expect(await eventOf('key.created')).toMatchObject({
      actor: 'master key',
      subject: token,
      details: { alias: 'laptop', kind: 'management' },
    })
    const other = await post('/key/generate', { key_alias: 'agent' }, key)
    const { token: otherToken } = (await other.json()) as { token: string }
    await post('/key/delete', { key_aliases: ['agent'] }, key)
    expect(await eventOf('key.deleted')).toMatchObject({
      actor: 'management key laptop',
      subject: otherToken,
      details: { alias: 'agent' },
    })
    expect(JSON.stringify(await events())).not.toContain(key)
  })

  it('tell of a switch and of an emptied cache', async () => {
    const control = { key: gateway.controlToken, method: 'PUT', body: '{"mode":"off"}' }
    expect((await gateway.request('/api/routers/demo-router/switch', control)).status).toBe(200)
    expect(await eventOf('switch.set')).toMatchObject({
      actor: 'control token',
      subject: 'demo-router',
      details: { mode: 'off' },
    })
    await gateway.request('/cache/flushall', { method: 'POST' })
    expect(await eventOf('cache.cleared')).toMatchObject({ actor: 'master key' })
  })

  it('tell of an edited config, in effect or refused, without quoting it', async () => {
    gateway.writeConfig(config.replace('model_name: first', 'model_name: second'))
    expect(await eventOf('config.applied')).toMatchObject({
      actor: 'config file',
      subject: gateway.folder.configPath,
      details: { revision: expect.any(String), before: expect.any(String) },
    })
    gateway.writeConfig(`${config}router_settings: 5\n`)
    expect(await eventOf('config.refused')).toMatchObject({ details: { places: ['config.yaml:5'] } })
    expect(JSON.stringify(await events())).not.toContain('canary')
  })

  it('come newest first, in pages', async () => {
    const all = await events()
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted((left, right) => right - left))
    const [first, second] = all
    expect(await events('?limit=1')).toEqual([first])
    expect(await events(`?limit=1&before=${first?.id}`)).toEqual([second])
    expect((await gateway.request('/api/audit?limit=0')).status).toBe(400)
    const made = await post('/key/generate', {})
    const { key } = (await made.json()) as { key: string }
    expect((await gateway.request('/api/audit', { key })).status).toBe(403)
  })

  it('are the same on the command line, with and without a running gateway, and stay for good', async () => {
    const shown = await events()
    const printed: string[] = []
    expect(await audit(commandContext(printed), { limit: '100' })).toBe(0)
    const path = join(gateway.folder.dataDir, 'signalbox.db')
    await gateway.kill('SIGTERM')
    expect(await audit(commandContext(printed), { limit: '100' })).toBe(0)
    expect(printed.map((line) => (JSON.parse(line) as AuditList).events)).toEqual([shown, shown])
    const database = openDatabase(path)
    try {
      expect(() => database.exec("UPDATE audit_events SET actor = 'nobody'")).toThrow('only added')
      expect(() => database.exec('DELETE FROM audit_events')).toThrow('only added')
    } finally {
      database.close()
    }
    expect(readFileSync(path).includes('canary')).toBe(false)
  })
})
