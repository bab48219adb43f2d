import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ConfigEditOutcome, ConfigText } from '../../../gateway/contract/config.ts'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { oneModelConfig } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess
let original: string

beforeAll(async () => {
  upstream = await startUpstream()
  original = `# mine\n${oneModelConfig(upstream.url)}`
  gateway = await startGatewayProcess({ config: original })
})

/** Every test begins with the same file. */
beforeEach(async () => {
  const { revision, text } = await read()
  if (text !== original) await send('PUT', '/api/config', { revision, text: original })
  expect(await listed()).toEqual(['small'])
})

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

const control = (path: string, init: RequestInit = {}): Promise<Response> =>
  gateway.request(path, { ...init, key: gateway.controlToken })

const read = async (): Promise<ConfigText> => (await (await control('/api/config')).json()) as ConfigText

const send = (method: string, path: string, body: unknown): Promise<Response> =>
  control(path, { method, body: JSON.stringify(body) })

const listed = async (): Promise<string[]> => {
  const { data } = (await (await gateway.request('/v1/models')).json()) as { data: { id: string }[] }
  return data.map((model) => model.id)
}

describe('the config over the control API', () => {
  test('an edit is in the file, with everything around it as it was, and in effect at once', async () => {
    const { revision, text } = await read()
    const value = { model_name: 'second', litellm_params: { model: 'openai/other', api_base: upstream.url } }
    const answer = await send('POST', '/api/config/edits', {
      revision,
      edits: [{ op: 'append', path: ['model_list'], value }],
    })
    expect(answer.status).toBe(200)
    expect(((await answer.json()) as ConfigEditOutcome).written).toBe(true)
    expect(readFileSync(gateway.folder.configPath, 'utf8').startsWith(text.trimEnd())).toBe(true)
    expect(await listed()).toEqual(['small', 'second'])
  })

  test('an edit with an error is refused with its problem, and nothing changes', async () => {
    const { revision, text } = await read()
    const edits = [{ op: 'set', path: ['model_list', 0, 'litellm_params', 'rpm'], value: 'many' }]
    const outcome = (await (await send('POST', '/api/config/edits', { revision, edits })).json()) as ConfigEditOutcome
    expect(outcome).toMatchObject({ written: false })
    expect(outcome.problems.map(({ path }) => path)).toContain('model_list[0].litellm_params.rpm')
    expect(readFileSync(gateway.folder.configPath, 'utf8')).toBe(text)
  })

  test('a hand edit in between is a conflict', async () => {
    const { revision, text } = await read()
    writeFileSync(gateway.folder.configPath, `${text}# by hand\n`)
    const edits = [{ op: 'set', path: ['signalbox', 'demo'], value: 'off' }]
    const answer = await send('POST', '/api/config/edits', { revision, edits })
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ error: { code: 'conflict' } })
  })

  test('the whole text can be checked and replaced', async () => {
    const { revision, text } = await read()
    const broken = await send('POST', '/api/config/check', { text: text.replace('model_list', 'modellist') })
    expect(await broken.json()).toMatchObject({ problems: [expect.objectContaining({ nearest: 'model_list' })] })
    const answer = await send('PUT', '/api/config', { revision, text: text.replace('small', 'tiny') })
    expect(await answer.json()).toMatchObject({ written: true })
    expect(await listed()).toEqual(['tiny'])
  })

  test('no other key than the control token reads or writes it', async () => {
    expect((await gateway.request('/api/config')).status).toBe(403)
    expect((await gateway.request('/api/config', { method: 'PUT', body: '{}' })).status).toBe(403)
  })
})
