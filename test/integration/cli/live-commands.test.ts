import { execFile } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CreatedKey } from '../../../gateway/contract/keys.ts'
import { bundledEntry } from '../../doubles/gateway-bundle.ts'
import { type GatewayProcess, startGatewayProcess, testMasterKey } from '../../doubles/gateway-process.ts'

const entry = await bundledEntry('gateway/cli.ts')
let gateway: GatewayProcess

beforeAll(async () => {
  gateway = await startGatewayProcess({ environment: { SIGNALBOX_KEYCHAIN: '0' } })
})
afterAll(() => gateway.remove())

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function signalbox(...argv: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'], HOME: gateway.folder.home, SIGNALBOX_KEYCHAIN: '0' }
  const flags = [...argv, '--data-dir', gateway.folder.dataDir]
  return new Promise((resolve) => {
    execFile(process.execPath, [entry, ...flags], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

function chatWith(key: string, content: string): Promise<Response> {
  return gateway.request('/v1/chat/completions', {
    method: 'POST',
    key,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'demo-router', messages: [{ role: 'user', content }] }),
  })
}

describe('commands beside a running gateway', () => {
  it('keys show prints the master key and nothing else', async () => {
    expect(await signalbox('keys', 'show')).toEqual({ code: 0, stdout: `${testMasterKey}\n`, stderr: '' })
    expect(JSON.parse((await signalbox('keys', 'show', '--json')).stdout)).toMatchObject({ source: 'environment' })
  })

  it('keys update, block and regenerate say what a key may use', async () => {
    const limits = ['--max-budget', '5', '--budget-duration', 'monthly', '--rpm', '60', '--tpm', '9000']
    const made = await signalbox('keys', 'create', '--alias', 'limited', ...limits, '--agent', 'opencode', '--json')
    expect((JSON.parse(made.stdout) as CreatedKey).view).toMatchObject({
      agent: 'opencode',
      rpm: 60,
      tpm: 9000,
      budget: { maxNanoUsd: 5_000_000_000, duration: 'monthly', spentNanoUsd: 0 },
    })
    await signalbox('keys', 'update', 'limited', '--max-parallel', '2')
    expect((await signalbox('keys', 'block', 'limited')).stdout).toContain('blocked limited')
    const listed = (await signalbox('keys', 'list')).stdout
    expect(listed).toMatch(/limited .*blocked +\$0\.00 of \$5\.00 monthly +60 rpm, 9000 tpm, 2 at a time/u)
    await signalbox('keys', 'unblock', 'limited')
    const renewed = await signalbox('keys', 'regenerate', 'limited')
    expect(renewed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sk-/u) })
    for (const wrong of [['--max-budget', '-5'], ['--budget-duration', 'fortnightly'], ['--rpm', 'many'], []]) {
      expect((await signalbox('keys', 'update', 'limited', ...wrong)).code).toBe(1)
    }
    expect((await signalbox('keys', 'revoke', 'limited')).code).toBe(0)
  })

  it('keys create, list and revoke take effect at once', async () => {
    const created = JSON.parse(
      (await signalbox('keys', 'create', '--alias', 'laptop', '--models', 'demo-router', '--expires', '1d', '--json'))
        .stdout,
    ) as CreatedKey
    expect(created.view).toMatchObject({ alias: 'laptop', kind: 'virtual', models: ['demo-router'] })
    expect((await chatWith(created.key, 'hi')).status).toBe(200)
    const list = await signalbox('keys', 'list')
    expect(list.stdout).toMatch(/laptop +virtual +sk-\.\.\./)
    expect(list.stdout).not.toContain(created.key)
    expect((await signalbox('keys', 'revoke', 'laptop')).code).toBe(0)
    expect((await chatWith(created.key, 'hi')).status).toBe(401)
    const again = await signalbox('keys', 'revoke', 'laptop')
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toContain('keys list')
  })

  it('spend counts requests, and pretend money is not money; the same with the gateway gone', async () => {
    expect((await chatWith(testMasterKey, 'hello')).status).toBe(200)
    const { stdout } = await signalbox('spend', '--by', 'tier', '--since', '1h')
    expect(stdout).toMatch(/^SIMPLE +\d+ /m)
    expect(stdout).toMatch(/\$0\.00 +\$\S+ pretend/)
    expect((await signalbox('spend', '--json')).stdout).toContain('"totals"')
  })

  it('models and route --live ask the gateway', async () => {
    expect((await signalbox('models')).stdout.split('\n')).toContain('demo-router')
    const live = await signalbox('route', 'hi', '--live', '--json')
    expect(JSON.parse(live.stdout)).toMatchObject({ router: 'demo-router', tier: 'SIMPLE' })
    const switched = await gateway.request('/api/routers/demo-router/switch', {
      method: 'PUT',
      key: gateway.controlToken,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'pinned', tier: 'COMPLEX' }),
    })
    expect(switched.status).toBe(200)
    expect(JSON.parse((await signalbox('route', 'hi', '--live', '--json')).stdout)).toMatchObject({ tier: 'COMPLEX' })
    expect(JSON.parse((await signalbox('route', 'hi', '--json')).stdout)).toMatchObject({ tier: 'SIMPLE' })
  })

  it('ui gives a new link each time', async () => {
    const first = await signalbox('ui')
    const second = await signalbox('ui')
    expect(first.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ui\/#code=\S+\n$/)
    expect(second.stdout).not.toBe(first.stdout)
  })

  it('doctor finds it', async () => {
    const { stdout, code } = await signalbox('doctor')
    expect(stdout).toContain(`Runs at ${gateway.url}`)
    expect(code).toBe(0)
  })

  it('spend still answers when the gateway has stopped', async () => {
    await gateway.kill('SIGTERM')
    const { stdout, code } = await signalbox('spend', '--by', 'model')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^TOTAL/m)
    expect(await signalbox('keys', 'show')).toMatchObject({ code: 1, stdout: '' })
  })
})
