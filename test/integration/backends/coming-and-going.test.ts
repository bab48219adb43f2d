import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { BackendList } from '../../../gateway/contract/backends.ts'
import { backendFixture, type FakeBackend, startFakeBackend } from '../../doubles/backends/fake-server.ts'
import { bundledEntry } from '../../doubles/gateway-bundle.ts'
import { createGatewayFolder, type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'

const commandLine = await bundledEntry('gateway/cli.ts')
const open: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function ollamaAt(port: number): Promise<FakeBackend> {
  const fake = await startFakeBackend(backendFixture('ollama'), port)
  open.push(() => fake.close())
  fake.onPost = (path, body, response) => {
    if (path !== '/api/chat') return false
    const { model } = body as { model: string }
    const message = { role: 'assistant', content: 'From the local one.' }
    const end = { model, message, done: true, done_reason: 'stop', prompt_eval_count: 7, eval_count: 2 }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(end))
    return true
  }
  return fake
}

/** Looks again and again until it is so; the test's own limit ends it. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}

async function localModels(gateway: GatewayProcess): Promise<string[]> {
  const list = (await (await gateway.request('/v1/models')).json()) as { data: { id: string }[] }
  return list.data.map(({ id }) => id).filter((id) => id.startsWith('ollama/'))
}

const ask = (gateway: GatewayProcess) =>
  gateway.request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: 'hello' }] }),
  })

const config = `model_list:
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: {SIMPLE: "local/*"}
`

it('a server that starts after the gateway is in the list and in the tier local/*, leaves both, and is known after a restart', async () => {
  const port = await freePort()
  const folder = createGatewayFolder({ config })
  open.push(async () => folder.remove())
  const start = async (): Promise<GatewayProcess> => {
    const started = await startGatewayProcess({ folder, environment: { SIGNALBOX_DISCOVER: String(port) } })
    open.push(() => started.kill('SIGTERM'))
    return started
  }
  const gateway = await start()
  expect(await localModels(gateway)).toEqual([])
  expect((await ask(gateway)).status).toBe(503)

  const ollama = await ollamaAt(port)
  await until(async () => (await localModels(gateway)).length === 3)
  const answered = await ask(gateway)
  expect([answered.status, answered.headers.get('x-signalbox-model')]).toEqual([200, 'ollama/qwen3:8b'])

  await ollama.close()
  await until(async () => (await localModels(gateway)).length === 0)
  const refused = await ask(gateway)
  expect(refused.status).toBe(503)
  expect(await refused.text()).toContain('backend_unavailable')

  await gateway.kill('SIGTERM')
  const next = await start()
  const list = (await (await next.request('/api/backends')).json()) as BackendList
  expect(list.backends.map(({ name, source }) => [name, source])).toEqual([['ollama', 'remembered']])
  await ollamaAt(port)
  await until(async () => (await localModels(next)).length === 3)
}, 120_000)

interface Watching {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  /** The lists printed so far. */
  lists(): BackendList[]
}

function watch(dataDir: string, home: string): Watching {
  const flags = [commandLine, 'backends', '--watch', '--json', '--data-dir', dataDir]
  const child = spawn(process.execPath, flags, {
    env: { PATH: process.env.PATH, HOME: home, SIGNALBOX_KEYCHAIN: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  open.push(async () => child.kill('SIGKILL'))
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const whole = (): string[] => output.slice(0, output.lastIndexOf('\n') + 1).split('\n')
  return {
    child,
    ended: once(child, 'close').then(([code]) => code as number | null),
    lists: () =>
      whole()
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as BackendList),
  }
}

it('backends --watch prints the list at once, again at each change, and ends with the gateway', async () => {
  const port = await freePort()
  const gateway = await startGatewayProcess({ environment: { SIGNALBOX_DISCOVER: String(port) } })
  open.push(() => gateway.remove())
  const watching = watch(gateway.folder.dataDir, gateway.folder.home)
  await until(async () => watching.lists().length >= 1)
  expect(watching.lists()[0]).toMatchObject({ discovery: true, backends: [] })

  const states = () => watching.lists().map(({ backends }) => backends[0]?.state)
  const ollama = await ollamaAt(port)
  await until(async () => states().includes('up'))
  await ollama.close()
  await until(async () => states().at(-1) === 'down')
  expect(watching.lists().at(-1)?.backends[0]).toMatchObject({ name: 'ollama', models: [] })
  const up = watching.lists().find(({ backends }) => backends[0]?.state === 'up')?.backends[0]
  expect(up?.models.filter(({ local }) => local)).toHaveLength(3)

  await gateway.kill('SIGTERM')
  expect(await watching.ended).toBe(0)
}, 120_000)
