import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditList } from '../../../gateway/contract/audit.ts'
import type { AddedRouter, Setup } from '../../../gateway/contract/setup.ts'
import type { SecretList, SecretTest } from '../../../gateway/contract/secrets.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'

const goodKey = 'sk-canary-good-0123456789'
const environment = { SIGNALBOX_KEYCHAIN: '0', SIGNALBOX_DISCOVER: '0', OTHER_KEY: 'sk-from-environment-77' }
let provider: Server
let gateway: GatewayProcess

/** Takes one key, lists 27 models. */
function startProvider(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume()
    const isGood = request.headers.authorization === `Bearer ${goodKey}`
    const body = !isGood
      ? { error: { message: 'bad key' } }
      : request.url === '/v1/models'
        ? { data: Array.from({ length: 27 }, (_, index) => ({ id: `m${index}` })) }
        : {
            id: 'x',
            object: 'chat.completion',
            choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
          }
    response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

interface Reply<Answer> {
  readonly status: number
  readonly json: Answer
}

const call = async <Answer>(method: string, path: string, body?: object): Promise<Reply<Answer>> => {
  const answer = await gateway.request(path, {
    method,
    key: gateway.controlToken,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await answer.text()
  expect(text).not.toContain(goodKey)
  return { status: answer.status, json: JSON.parse(text) as Answer }
}
const ask = async (): Promise<number> => {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] })
  const answer = await gateway.request('/v1/chat/completions', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  await answer.text()
  return answer.status
}
const codeOf = ({ status, json }: { status: number; json: unknown }) => [
  status,
  (json as { error?: { code?: string } }).error?.code,
]

beforeAll(async () => {
  provider = await startProvider()
  const base = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`
  const config = `model_list:
  - model_name: m
    litellm_params: {model: acme/m0, api_base: ${base}, api_key: os.environ/ACME_KEY}
  - model_name: other
    litellm_params: {model: acme/m1, api_base: ${base}, api_key: os.environ/OTHER_KEY}
`
  gateway = await startGatewayProcess({ config, environment })
})
afterAll(async () => {
  await gateway.remove()
  provider.close()
})

describe('secrets over the API', () => {
  it('tells where each is and what needs it, and refuses to keep one where there is no store', async () => {
    const { json } = await call<SecretList>('GET', '/api/secrets')
    expect(json.store).toMatchObject({
      kind: 'keychain',
      state: 'unavailable',
      choices: ['file', 'environment', 'keychain'],
    })
    expect(json.secrets[0]).toMatchObject({
      name: 'ACME_KEY',
      found: 'missing',
      models: ['m'],
      wanted: true,
      testable: true,
    })
    expect(json.secrets.find(({ name }) => name === 'OTHER_KEY')).toMatchObject({
      found: 'environment',
      lastFour: 't-77',
      stored: false,
    })
    expect(codeOf(await call('PUT', '/api/secrets/ACME_KEY', { value: goodKey }))).toEqual([409, 'conflict'])
    expect(await ask()).toBe(401)
  })

  it('refuses bad input by its field', async () => {
    expect(codeOf(await call('PUT', '/api/secrets/acme-key', { value: 'x' }))).toEqual([400, 'invalid_field'])
    expect(codeOf(await call('PUT', '/api/secrets/ACME_KEY', { value: 'sk-“quoted”' }))).toEqual([400, 'invalid_field'])
    expect(codeOf(await call('PUT', '/api/secrets/ACME_KEY', {}))).toEqual([400, 'missing_field'])
    expect(codeOf(await call('PUT', '/api/secrets/store', { kind: 'file', passphrase: 'short' }))).toEqual([
      400,
      'invalid_field',
    ])
    expect(codeOf(await call('POST', '/api/secrets/unlock', { passphrase: 'whatever1' }))).toEqual([409, 'conflict'])
    expect(codeOf(await call('POST', '/api/secrets/ACME_KEY/test', {}))).toEqual([401, 'provider_key_missing'])
  })

  it('tries a key before it is saved, and the next request uses the saved one', async () => {
    const tried = await call<SecretTest>('POST', '/api/secrets/ACME_KEY/test', { value: `  ${goodKey}\n` })
    expect(tried.json).toMatchObject({
      works: true,
      results: [{ provider: 'acme', models: 27, sentence: 'Works: 27 models.' }],
    })
    const wrong = await call<SecretTest>('POST', '/api/secrets/ACME_KEY/test', { value: 'sk-wrong' })
    expect(wrong.json).toMatchObject({ works: false, results: [{ code: 'provider_key_refused' }] })

    const chosen = await call('PUT', '/api/secrets/store', { kind: 'file', passphrase: 'correct horse' })
    expect(chosen.json).toMatchObject({ kind: 'file', state: 'ready' })
    const saved = await call('PUT', '/api/secrets/ACME_KEY', { value: goodKey })
    expect(saved.json).toMatchObject({ found: 'file', lastFour: '6789', stored: true })
    expect(await ask()).toBe(200)
  })

  it('is locked after a restart until its passphrase comes', async () => {
    await gateway.kill('SIGTERM')
    gateway = await startGatewayProcess({ folder: gateway.folder, environment })
    expect(await ask()).toBe(401)
    expect((await call<SecretList>('GET', '/api/secrets')).json.store).toMatchObject({ kind: 'file', state: 'locked' })
    expect(codeOf(await call('PUT', '/api/secrets/ACME_KEY', { value: goodKey }))).toEqual([423, 'secrets_locked'])
    expect(codeOf(await call('POST', '/api/secrets/unlock', { passphrase: 'wrong horse' }))).toEqual([
      401,
      'invalid_passphrase',
    ])
    expect((await call('POST', '/api/secrets/unlock', { passphrase: 'correct horse' })).json).toMatchObject({
      state: 'ready',
    })
    expect(await ask()).toBe(200)
  })

  it('uses no key of a store that is not chosen any more', async () => {
    await call('PUT', '/api/secrets/store', { kind: 'environment' })
    expect(await ask()).toBe(401)
    expect(codeOf(await call('PUT', '/api/secrets/ACME_KEY', { value: goodKey }))).toEqual([409, 'conflict'])
    await call('PUT', '/api/secrets/store', { kind: 'file', passphrase: 'correct horse' })
    expect(await ask()).toBe(200)
  })

  it('removes one, which the next request lacks, and notes who did what without the value', async () => {
    expect((await call('DELETE', '/api/secrets/ACME_KEY')).json).toMatchObject({ found: 'missing', stored: false })
    expect(await ask()).toBe(401)
    expect(codeOf(await call('DELETE', '/api/secrets/ACME_KEY'))).toEqual([404, 'not_found'])
    const { events } = (await call<AuditList>('GET', '/api/audit')).json
    const actions = events.map(({ action }) => action)
    expect(actions).toEqual(
      expect.arrayContaining(['secret.saved', 'secret.deleted', 'secrets.store_chosen', 'secrets.unlocked']),
    )
    expect(gateway.output()).not.toContain('canary')
  })
})

describe('the first run over the API', () => {
  it('tells what is there, proposes a router of it and writes it where the file has its models', async () => {
    const { json } = await call<Setup>('GET', '/api/setup')
    expect(json).toMatchObject({
      fresh: false,
      litellm: null,
      noProposal: expect.stringContaining('one model, other') as string,
    })
    expect(json.steps).toEqual([
      { step: 'found', state: 'open' },
      { step: 'key', state: 'done' },
      { step: 'router', state: 'open' },
      { step: 'request', state: 'done' },
      { step: 'agent', state: 'open' },
    ])
    expect(json.providers.find(({ name }) => name === 'mistral')).toMatchObject({
      keyName: 'MISTRAL_API_KEY',
      hasKey: false,
    })
    expect(json.firstRequest.command).toContain(`curl ${gateway.url}/v1/chat/completions`)

    const router = { name: 'mine', tiers: { SIMPLE: ['m'], COMPLEX: ['other', 'm'] } }
    const dry = await call<AddedRouter>('POST', '/api/setup/router', { ...router, dryRun: true })
    expect(dry.json.written).toBe(false)
    expect(dry.json.problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(dry.json.lines.join('\n')).toContain('model_name: mine')
    const added = await call<AddedRouter>('POST', '/api/setup/router', router)
    expect(added.json).toMatchObject({ written: true, lines: dry.json.lines })
    const after = await call<Setup>('GET', '/api/setup')
    expect(after.json.steps.find(({ step }) => step === 'router')?.state).toBe('done')
    expect(after.json.firstRequest.model).toBe('mine')
  })

  it('refuses a name that is taken, a model that is none, a step that is none', async () => {
    const add = (body: object) => call('POST', '/api/setup/router', body)
    expect(codeOf(await add({ name: 'm', tiers: { SIMPLE: ['m'] } }))).toEqual([409, 'conflict'])
    expect(codeOf(await add({ name: 'x', tiers: { SIMPLE: ['othr'] } }))).toEqual([400, 'invalid_field'])
    expect(codeOf(await add({ name: 'x', tiers: {} }))).toEqual([400, 'invalid_field'])
    expect(codeOf(await add({ name: 'x y', tiers: { SIMPLE: ['m'] } }))).toEqual([400, 'invalid_field'])
    expect(codeOf(await add({ name: 'x', tiers: { SIMPLE: ['m'] }, revision: 'old' }))).toEqual([409, 'conflict'])
    expect(codeOf(await call('PUT', '/api/setup/steps/nap', { state: 'done' }))).toEqual([404, 'not_found'])
    expect(codeOf(await call('PUT', '/api/setup/steps/agent', { state: 'later' }))).toEqual([400, 'invalid_field'])
  })

  it('remembers a step that was skipped', async () => {
    const skipped = await call<Setup>('PUT', '/api/setup/steps/agent', { state: 'skipped' })
    expect(skipped.json.steps.at(-1)).toEqual({ step: 'agent', state: 'skipped' })
    const { json } = await call<Setup>('GET', '/api/setup')
    expect(json.steps.at(-1)?.state).toBe('skipped')
  })
})
