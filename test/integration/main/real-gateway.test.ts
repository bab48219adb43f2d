import { fork as forkProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
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

/** The gateway as a child of Node instead of Electron: the same entry, the same messages. */
const forkWith =
  (port: number): ForkGateway =>
  (listeners) => {
    const child = forkProcess(entry, ['--port', String(port), '--data-dir', dataDir], {
      env: { ...gatewayEnvironment(process.env), SIGNALBOX_DISCOVER: '0' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child.on('message', listeners.message)
    child.once('exit', listeners.exit)
    return { send: (command) => child.send(command), kill: () => child.kill('SIGKILL') }
  }

const startOn = (port: number) => {
  supervisor = createGatewaySupervisor({
    fork: forkWith(port),
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
  expect(state.phase === 'failed' && state.message).toContain(String(port))
  await new Promise((resolve) => other.close(resolve))
})
