import { afterEach, beforeEach, expect, it } from 'vitest'
import { channels } from '../../../main/desktop/bridge.ts'
import { requestView, routerView, statusView } from '../../unit/main/tray/views.ts'
import { type DesktopSetUp, labels, setUpDesktop, startGatewayDouble, until } from './desktop-harness.ts'

let gateway: Awaited<ReturnType<typeof startGatewayDouble>>
beforeEach(async () => {
  gateway = await startGatewayDouble()
})
afterEach(() => gateway.close())

const setUp = (options?: DesktopSetUp) => setUpDesktop(gateway.url, options)

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
  gateway.send({ type: 'routers', routers: [routerView({ position: { mode: 'off' } })] })
  await until(() => labels(seen.menu).includes('mistral-router: Off'))
  gateway.send({ type: 'request', request: requestView() })
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
  gateway.streams()[0]?.destroy()
  await until(() => gateway.callsOf('/api/events').length === 2 && gateway.streams().length === 1)
  gateway.send({ type: 'status', status: statusView({ lastTier: 'SIMPLE' }) })
  await until(() => seen.tooltip.endsWith('last SIMPLE'))
  await app.stop()
})

it('switches a router from the menu with the control token', async () => {
  const { app, seen, listen } = setUp()
  await app.start()
  listen()
  await until(() => labels(seen.menu).includes('mistral-router: Auto'))
  seen.trayListeners?.action({ type: 'set-switch', router: 'mistral-router', position: { mode: 'off' } })
  await until(() => gateway.callsOf('/api/routers/mistral-router/switch').length === 1)
  expect(gateway.callsOf('/api/routers/mistral-router/switch')[0]).toEqual({
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

it('pauses and resumes the gateway from the menu: it goes on running, and the tray shows it', async () => {
  const { app, seen, desktop, listen } = setUp()
  await app.start()
  listen()
  await until(() => labels(seen.menu).includes('Pause gateway'))
  seen.trayListeners?.action({ type: 'pause-gateway' })
  await until(() => gateway.callsOf('/api/pause').length === 1)
  gateway.send({ type: 'status', status: statusView({ pausedSince: 9 }) })
  await until(() => labels(seen.menu).includes('Resume gateway'))
  expect([seen.icon, seen.tooltip]).toEqual(['tray/linux/off-light.png', 'Signalbox: paused'])
  seen.trayListeners?.action({ type: 'resume-gateway' })
  await until(() => gateway.callsOf('/api/resume').length === 1)
  expect(desktop.gateway.children).toHaveLength(1)
  await app.stop()
})

it('shows the dashboard when the app is started again, and when the panel asks', async () => {
  const { app, desktop } = setUp({ hidden: true, platform: 'win32' })
  await app.start()
  desktop.secondInstance()
  expect(desktop.windows.map(({ kind, visible }) => [kind, visible])).toEqual([
    ['panel', false],
    ['dashboard', true],
  ])
  desktop.windows[1]?.listeners.closed()
  desktop.call(channels.openDashboard, '#/activity/one')
  expect(desktop.windows).toHaveLength(3)
  const dashboard = desktop.windows[2]
  desktop.call(channels.openDashboard)
  desktop.call(channels.openDashboard, '#/activity/two')
  desktop.call(channels.openDashboard, 'https://example.invalid')
  expect(dashboard?.loaded).toEqual(['app://ui/#/activity/one', 'app://ui/#/activity/two'])
  expect(desktop.windows).toHaveLength(3)
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
  await until(() => gateway.streams().length === 1)
  desktop.ports.app.quit()
  desktop.ports.app.quit()
  expect(seen.quits).toBe(0)
  await until(() => seen.quits === 1)
  expect(desktop.gateway.last().sent).toEqual([{ type: 'stop', graceMs: 8000 }])
  expect(seen.steps.slice(-3)).toEqual(['tray destroyed', 'window dashboard destroyed', 'protocol released'])
  await until(() => gateway.streams().length === 0)
  expect(desktop.listenersLeft()).toBe(0)
  expect(seen.exitCode).toBeUndefined()
})
