import { fork as forkProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RouterList } from '../../../gateway/contract/routers.ts'
import type { GatewayStatus } from '../../../gateway/contract/status.ts'
import { systemClock } from '../../../main/clock.ts'
import type { ForkGateway } from '../../../main/gateway/gateway-child.ts'
import { gatewayEnvironment } from '../../../main/gateway/gateway-environment.ts'
import { createGatewaySupervisor } from '../../../main/gateway/gateway-supervisor.ts'
import type { SupervisorState } from '../../../main/gateway/supervisor-state.ts'
import { answerAppRequest } from '../../../main/security/app-protocol.ts'
import { createLoggerDouble } from '../../doubles/electron.ts'

const entry = join(import.meta.dirname, '..', '..', '..', 'gateway', 'process.ts')
let dataDir: string
let supervisor: ReturnType<typeof createGatewaySupervisor>

const masterKey = 'sk-master-of-the-desktop'

/** The gateway as a child of Node instead of Electron: the same entry, the same messages. `graceMs` in place of the app's own. */
const forkWith =
  (port: number, graceMs?: number): ForkGateway =>
  (listeners) => {
    const child = forkProcess(entry, ['--port', String(port), '--data-dir', dataDir], {
      env: {
        ...gatewayEnvironment(process.env),
        SIGNALBOX_DISCOVER: '0',
        SIGNALBOX_KEYCHAIN: '0',
        LITELLM_MASTER_KEY: masterKey,
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child.on('message', listeners.message)
    child.once('exit', listeners.exit)
    return {
      send: (command) => child.send(graceMs === undefined ? command : { ...command, graceMs }),
      kill: () => child.kill('SIGKILL'),
    }
  }

const startOn = (port: number, graceMs?: number) => {
  supervisor = createGatewaySupervisor({
    fork: forkWith(port, graceMs),
    clock: systemClock,
    logger: createLoggerDouble().logger,
  })
  const settled = new Promise<SupervisorState>((resolve) => {
    supervisor.subscribe((state) => {
      if (state.phase === 'running' || state.phase === 'failed') resolve(state)
    })
  })
  supervisor.start()
  return settled
}

const ask = (path: string, init: RequestInit = {}) => {
  const state = supervisor.state()
  return answerAppRequest(new Request(`app://ui${path}`, init), {
    uiDirectory: '/nowhere',
    gateway: () => (state.phase === 'running' ? state : undefined),
    fetch,
  })
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-desktop-'))
})
afterEach(async () => {
  await supervisor.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

it('runs the gateway, reaches its control API through app://ui, switches a router and stops it', async () => {
  expect((await startOn(0)).phase).toBe('running')
  const status = (await (await ask('/api/status')).json()) as GatewayStatus
  expect(status.phase).toBe('running')
  const { routers } = (await (await ask('/api/routers')).json()) as RouterList
  expect(routers.map(({ name }) => name)).toContain('demo-router')
  const switched = await ask('/api/routers/demo-router/switch', {
    method: 'PUT',
    body: '{"mode":"off"}',
    headers: { 'content-type': 'application/json' },
  })
  expect(switched.status).toBe(200)
  expect(await switched.json()).toMatchObject({ name: 'demo-router', position: { mode: 'off' } })

  const events = await ask('/api/events')
  const reader = (events.body as ReadableStream<Uint8Array>).getReader()
  expect(Buffer.from((await reader.read()).value ?? []).toString()).toMatch(/^event: snapshot\ndata: \{/)

  // The open stream must not hold the stop up.
  await supervisor.stop()
  expect(supervisor.state()).toEqual({ phase: 'stopped' })
  await reader.cancel().catch(() => undefined)
  expect((await ask('/api/status')).status).toBe(503)
})

it('shows a taken port instead of trying again and again', async () => {
  const other = createServer((_incoming, outgoing) => outgoing.writeHead(404).end())
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const state = await startOn(port)
  expect(state).toMatchObject({ phase: 'failed', cause: 'port-taken' })
  if (state.phase !== 'failed') throw new Error(state.phase)
  expect(state.message).toContain(`Port ${port} is held by`)
  // Whoever runs the tests holds it: the system tells this user who that is.
  if (process.platform === 'linux') expect(state.message).toContain(`(process ${process.pid})`)
  expect(state.offeredPort).toBeGreaterThan(port)
  await new Promise((resolve) => other.close(resolve))
})

it('quits while two answers stream: one ends in its time, the other with an error event; then the database is closed', async () => {
  // Each answer begins and goes on only when the test says so.
  const open: ServerResponse[] = []
  const upstream = createServer((incoming, outgoing) => {
    incoming.resume()
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write(
      'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n',
    )
    open.push(outgoing)
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  const { port } = upstream.address() as AddressInfo
  writeFileSync(
    join(dataDir, 'config.yaml'),
    `model_list:
  - model_name: slow
    litellm_params: { model: openai/slow, api_base: "http://127.0.0.1:${port}/v1", api_key: sk-upstream }
`,
  )
  const state = await startOn(0, 6_000)
  if (state.phase !== 'running') throw new Error(JSON.stringify(state))
  const stream = async () => {
    const answer = await fetch(`${state.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'slow', stream: true, messages: [{ role: 'user', content: 'hello' }] }),
    })
    expect(answer.status).toBe(200)
    if (answer.body === null) throw new Error('The answer has no body.')
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    const first = (await reader.read()).value ?? ''
    const rest = (async () => {
      let text = ''
      for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value
      return text
    })()
    return { first, rest }
  }
  const one = await stream()
  const other = await stream()
  expect([one.first, other.first].every((text) => text.includes('Hel'))).toBe(true)

  const stopped = supervisor.stop()
  expect(supervisor.state().phase).toBe('stopping')
  open[0]?.end('data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
  expect(await one.rest).toMatch(/data: \[DONE\]\n\n$/)
  const cut = await other.rest
  expect(cut).toMatch(/data: \{"error":\{/)
  expect(cut).not.toContain('[DONE]')
  await stopped
  expect(supervisor.state().phase).toBe('stopped')
  // A database that is closed has put its log away, and the lock on the data is gone.
  expect(existsSync(join(dataDir, 'signalbox.db'))).toBe(true)
  expect(['signalbox.db-wal', 'gateway.json'].filter((name) => existsSync(join(dataDir, name)))).toEqual([])
  upstream.closeAllConnections()
  await new Promise((resolve) => upstream.close(resolve))
})
