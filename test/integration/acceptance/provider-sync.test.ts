import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ConfigText } from '../../../gateway/contract/config.ts'
import type { AddedModels, ProviderList, ProviderModels } from '../../../gateway/contract/providers.ts'
import type { RequestList } from '../../../gateway/contract/requests.ts'
import type { RoleList } from '../../../gateway/contract/roles.ts'
import { bundledEntry } from '../../doubles/gateway-bundle.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess
let original: string

beforeAll(async () => {
  upstream = await startUpstream()
  const roles =
    'signalbox:\n  roles: { oracle: small }\n  categories: { quick: { model: "local:tools", fallbacks: small } }\n'
  original = `# mine\n${oneModelConfig(upstream.url)}\n${roles}`
  gateway = await startGatewayProcess({ config: original })
})

/** Every test begins with the same file and the same list of models. */
beforeEach(async () => {
  upstream.listModels('small-upstream', 'large-upstream')
  const { revision, text } = await control<ConfigText>('/api/config')
  if (text === original) return
  const body = JSON.stringify({ revision, text: original })
  await gateway.request('/api/config', { method: 'PUT', body, key: gateway.controlToken })
})

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

const control = async <Answer>(path: string, body?: unknown): Promise<Answer> => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  return (await (await gateway.request(path, { ...init, key: gateway.controlToken })).json()) as Answer
}

const entry = await bundledEntry('gateway/cli.ts')

function models(...argv: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], HOME: gateway.folder.home, SIGNALBOX_KEYCHAIN: '0' }
  const flags = [entry, 'models', ...argv, '--data-dir', gateway.folder.dataDir]
  return new Promise((resolve) => {
    execFile(process.execPath, flags, { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

describe('the models of a provider', () => {
  test('are looked up, added to the file, and callable at once', async () => {
    const { providers } = await control<ProviderList>('/api/providers')
    expect(providers).toMatchObject([{ name: 'openai', provider: 'openai', key: 'there', models: 1 }])
    const offer = await control<ProviderModels>('/api/providers/openai/models')
    expect(offer.models.map(({ id, configuredAs }) => [id, configuredAs])).toEqual([
      ['small-upstream', ['small']],
      ['large-upstream', []],
    ])
    const before = readFileSync(gateway.folder.configPath, 'utf8')
    const path = '/api/providers/openai/models'
    const tried = await control<AddedModels>(path, { add: ['large-upstream'], prefix: 'up/', dryRun: true })
    expect(tried).toMatchObject({ written: false, added: [{ id: 'large-upstream', modelName: 'up/large-upstream' }] })
    expect(readFileSync(gateway.folder.configPath, 'utf8')).toBe(before)
    const done = await control<AddedModels>(path, { add: ['large-upstream'], prefix: 'up/' })
    expect(done).toMatchObject({ written: true, lines: tried.lines })
    const answer = await gateway.request(chatPath, chat('up/large-upstream', 'Hello'))
    expect([answer.status, answer.headers.get('x-signalbox-model')]).toEqual([200, 'up/large-upstream'])
    upstream.listModels('large-upstream')
    const { unlisted } = await control<ProviderModels>('/api/providers/openai/models')
    expect(unlisted).toEqual([{ model: 'small', upstreamModel: 'small-upstream', gone: true }])
  })

  test('on the command line', async () => {
    expect((await models('sync')).stdout).toMatch(/^openai +127\.0\.0\.1:\d+ +there +1$/m)
    expect((await models('sync', 'openai')).stdout).toMatch(/^small-upstream +chat +small$/m)
    const tried = await models('sync', 'openai', '--add', 'large-upstream,no-such', '--dry-run')
    expect([tried.code, tried.stdout]).toEqual([0, expect.stringContaining('- model_name: large-upstream\n')])
    expect(tried.stderr).toContain('no-such is left out: openai does not list it.')
    const added = await models('sync', 'openai', '--add', 'large-upstream')
    expect(added.stderr).toContain('Added: large-upstream.')
    expect((await models()).stdout.split('\n')).toContain('large-upstream')
    expect((await models('sync', 'openai', '--add', 'large-upstream')).code).toBe(1)
  })

  test('of nobody, and keys that may not ask', async () => {
    const none = await gateway.request('/api/providers/nobody/models', { key: gateway.controlToken })
    expect([none.status, await none.json()]).toMatchObject([404, { error: { code: 'not_found' } }])
    const add = await gateway.request('/api/providers/openai/models', { method: 'POST', body: '{"add":["x"]}' })
    expect(add.status).toBe(403)
  })
})

test('roles are called by anybody, and the ledger tells which one it was', async () => {
  for (const model of ['role/oracle', 'category/quick']) {
    const answer = await gateway.request(chatPath, chat(model, 'Hello'))
    expect([answer.status, answer.headers.get('x-signalbox-model')]).toEqual([200, 'small'])
  }
  const { requests } = await control<RequestList>('/api/requests')
  expect(requests.slice(0, 2).map(({ askedModel, role, model }) => [askedModel, role, model])).toEqual([
    ['category/quick', 'category/quick', 'small'],
    ['role/oracle', 'role/oracle', 'small'],
  ])
  const spend = await control<{ rows: { name: string | null; requests: number }[] }>('/api/spend?by=role')
  const named = spend.rows.filter(({ name }) => name !== null)
  expect(new Set(named.map(({ name }) => name))).toEqual(new Set(['category/quick', 'role/oracle']))
  const { roles } = await control<RoleList>('/api/roles')
  expect(roles.map(({ name, leadsTo, on }) => [name, leadsTo, on])).toEqual([
    ['role/oracle', 'model', true],
    ['category/quick', 'waiting', true],
  ])
})
