import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { GatewayEvent } from '../../../gateway/contract/events.ts'
import { systemClock } from '../../../main/clock.ts'
import { createDesktopApp } from '../../../main/desktop-app.ts'
import { installShutdown } from '../../../main/lifecycle/shutdown.ts'
import type { MenuEntry } from '../../../main/ports/menu.ts'
import { createElectronDouble, createLoggerDouble } from '../../doubles/electron.ts'
import { requestView, routerView, statusView } from '../../unit/main/tray/views.ts'

/** A gateway as far as the desktop talks to it: the event stream and the switch. */
let server: Server
let streams: ServerResponse[]
let calls: { method: string; url: string; authorization: string | undefined; body: string }[]
let url: string

const send = (event: GatewayEvent) => {
  for (const stream of streams) stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}
const snapshot: GatewayEvent = {
  type: 'snapshot',
  status: statusView(),
  routers: [routerView()],
  requests: [],
  backends: [],
  discovery: true,
}

beforeEach(async () => {
  streams = []
  calls = []
  server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
    incoming.on('end', () => {
      const { method = '', headers } = incoming
      calls.push({ method, url: incoming.url ?? '', authorization: headers.authorization, body })
      if (incoming.url !== '/api/events') {
        outgoing.end('{}')
        return
      }
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
      streams.push(outgoing)
      outgoing.on('close', () => {
        streams = streams.filter((stream) => stream !== outgoing)
      })
      send(snapshot)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function setUp({ hidden = false, platform = 'linux' }: { hidden?: boolean; platform?: NodeJS.Platform } = {}) {
  const desktop = createElectronDouble()
  const log = createLoggerDouble()
  const app = createDesktopApp({
    ports: desktop.ports,
    platform,
    clock: systemClock,
    logger: log.logger,
    fetch,
    uiDirectory: '/nowhere',
    developerTools: false,
    hidden,
  })
  installShutdown({
    app: desktop.ports.app,
    stop: () => app.stop(),
    clock: systemClock,
    logger: log.logger,
    limitMs: 10_000,
  })
  const listen = () => desktop.gateway.last().say({ type: 'listening', url, controlToken: 'control-1' })
  return { app, desktop, log, listen, seen: desktop.seen }
}

/** Looks again until it holds; the test's own time limit is the only one. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const labels = (entries: readonly MenuEntry[]) => entries.map((entry) => ('label' in entry ? entry.label : '-'))

it('has the rules for pages in force before the first window, and starts the gateway before it shows one', async () => {
  const { app, seen, desktop } = setUp()
  await app.start()
  expect(seen.steps).toEqual(['permissions', 'protocol', 'tray', 'fork', 'window dashboard'])
  expect(desktop.windows[0]).toMatchObject({ loaded: ['app://ui/'], visible: true })
  await app.stop()
})

it('opens nothing when the login item starts it', async () => {
  const { app, desktop } = setUp({ hidden: true })
  await app.start()
  expect(desktop.windows).toEqual([])
  await app.stop()
})

it('shows the gateway in the tray as its events come, and again after it crashed', async () => {
  const { app, seen, listen, desktop } = setUp()
  await app.start()
  expect(seen.icon).toBe('tray/linux/off-light.png')
  listen()
  await until(() => seen.tooltip.includes('today'))
  expect(seen.icon).toBe('tray/linux/ok-light.png')
  expect(seen.tooltip).toBe('Signalbox: $1.95 today, last COMPLEX')
  expect(labels(seen.menu)).toContain('mistral-router: Auto')
  send({ type: 'routers', routers: [routerView({ position: { mode: 'off' } })] })
  await until(() => labels(seen.menu).includes('mistral-router: Off'))
  send({ type: 'request', request: requestView() })
  await until(() => labels(seen.menu).includes('C  large, $0.0223'))
  desktop.gateway.last().exit(1)
  expect(labels(seen.menu)[0]).toBe('Crashed, starting again')
  expect(seen.icon).toBe('tray/linux/off-light.png')
  await until(() => desktop.gateway.children.length === 2)
  listen()
  await until(() => seen.icon === 'tray/linux/ok-light.png')
  await app.stop()
})

it('finds the stream again when it is cut', async () => {
  const { app, seen, listen } = setUp()
  await app.start()
  listen()
  await until(() => seen.tooltip.includes('today'))
  streams[0]?.destroy()
  await until(() => calls.length === 2 && streams.length === 1)
  send({ type: 'status', status: statusView({ lastTier: 'SIMPLE' }) })
  await until(() => seen.tooltip.endsWith('last SIMPLE'))
  await app.stop()
})

it('switches a router from the menu with the control token', async () => {
  const { app, seen, listen } = setUp()
  await app.start()
  listen()
  await until(() => labels(seen.menu).includes('mistral-router: Auto'))
  seen.trayListeners?.action({ type: 'set-switch', router: 'mistral-router', position: { mode: 'off' } })
  await until(() => calls.length === 2)
  expect(calls[1]).toEqual({
    method: 'PUT',
    url: '/api/routers/mistral-router/switch',
    authorization: 'Bearer control-1',
    body: '{"mode":"off"}',
  })
  await app.stop()
})

it('says that a switch failed', async () => {
  const { app, seen } = setUp()
  await app.start()
  seen.trayListeners?.action({ type: 'set-switch', router: 'r', position: { mode: 'auto' } })
  await until(() => seen.errors.length > 0)
  expect(seen.errors).toEqual(['r was not switched'])
  await app.stop()
})

it('pauses and starts the gateway from the menu', async () => {
  const { app, seen, desktop, listen } = setUp()
  await app.start()
  listen()
  seen.trayListeners?.action({ type: 'pause-gateway' })
  await until(() => labels(seen.menu)[0] === 'Paused')
  expect(desktop.gateway.children).toHaveLength(1)
  seen.trayListeners?.action({ type: 'start-gateway' })
  expect(desktop.gateway.children).toHaveLength(2)
  await app.stop()
})

it('shows the dashboard when the app is started again, and when the panel asks', async () => {
  const { app, desktop } = setUp({ hidden: true, platform: 'win32' })
  await app.start()
  desktop.secondInstance()
  expect(desktop.windows.map(({ kind, visible }) => [kind, visible])).toEqual([['dashboard', true]])
  desktop.windows[0]?.listeners.closed()
  desktop.openCall('#/activity/one')
  expect(desktop.windows).toHaveLength(2)
  const dashboard = desktop.windows[1]
  desktop.openCall()
  desktop.openCall('#/activity/two')
  expect(dashboard?.loaded).toEqual(['app://ui/#/activity/one', 'app://ui/#/activity/two'])
  expect(desktop.windows).toHaveLength(2)
  await app.stop()
})

it('toggles the panel by the icon, and hides it when it loses the focus to something else', async () => {
  const { app, desktop, seen } = setUp({ hidden: true, platform: 'win32' })
  seen.trayBounds = { x: 1800, y: 1050, width: 24, height: 24 }
  await app.start()
  seen.trayListeners?.click()
  const panel = desktop.windows[0]
  expect(panel).toMatchObject({ kind: 'panel', visible: true })
  expect(panel?.bounds).toMatchObject({ width: 380, height: 600 })
  seen.pointer = { x: 1810, y: 1060 }
  panel?.listeners.blurred()
  expect(panel?.visible).toBe(true)
  seen.pointer = { x: 10, y: 10 }
  panel?.listeners.blurred()
  expect(panel?.visible).toBe(false)
  seen.trayListeners?.click()
  expect(desktop.windows).toHaveLength(1)
  seen.trayListeners?.click()
  expect(panel?.visible).toBe(false)
  await app.stop()
})

it('reloads a page that died, three times a minute at most', async () => {
  const { app, desktop } = setUp()
  await app.start()
  for (let crashes = 0; crashes < 5; crashes += 1) desktop.windows[0]?.listeners.gone('crashed')
  expect(desktop.windows[0]?.reloads).toBe(3)
  await app.stop()
})

it('quits while the stream is open: gateway first told to stop, windows and scheme last, nothing left behind', async () => {
  const { app, desktop, seen, listen } = setUp()
  await app.start()
  listen()
  await until(() => streams.length === 1)
  desktop.ports.app.quit()
  desktop.ports.app.quit()
  expect(seen.quits).toBe(0)
  await until(() => seen.quits === 1)
  expect(desktop.gateway.last().sent).toEqual([{ type: 'stop', graceMs: 8000 }])
  expect(seen.steps.slice(-3)).toEqual(['tray destroyed', 'window dashboard destroyed', 'protocol released'])
  await until(() => streams.length === 0)
  expect(desktop.listenersLeft()).toBe(0)
  expect(seen.exitCode).toBeUndefined()
})
