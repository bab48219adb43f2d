import { afterEach, beforeEach, expect, it } from 'vitest'
import { askChannels, channels } from '../../../main/desktop/bridge.ts'
import { networkView, requestView, vpnOff } from '../../unit/main/tray/views.ts'
import { type DesktopSetUp, labels, setUpDesktop, startGatewayDouble, until } from './desktop-harness.ts'

let gateway: Awaited<ReturnType<typeof startGatewayDouble>>
beforeEach(async () => {
  gateway = await startGatewayDouble()
})
afterEach(() => gateway.close())

const setUp = (options?: DesktopSetUp) => setUpDesktop(gateway.url, options)

it('shows who holds the port, starts on the offered one and writes it into the config', async () => {
  const { app, desktop, seen } = setUp({ hidden: true })
  await app.start()
  const { port } = new URL(gateway.url)
  const message = 'Port 4000 is held by LiteLLM (process 2210).'
  desktop.gateway.last().say({ type: 'failed', exitCode: 3, message, port: { nextFree: Number(port) } })
  desktop.gateway.last().exit(3)
  expect(labels(seen.menu)).toEqual(
    expect.arrayContaining([message, `Use port ${port} instead`, 'Start gateway again']),
  )
  expect(desktop.call(askChannels.view)).toMatchObject({
    gateway: { phase: 'failed', cause: 'port-taken', message, offeredPort: Number(port) },
  })
  desktop.call(channels.startGateway, Number(port))
  expect(seen.steps).toContain(`fork on ${port}`)
  desktop.gateway.last().say({ type: 'listening', url: gateway.url, controlToken: 'control-1' })
  await until(() => gateway.callsOf('/api/config/edits').length === 1)
  expect(JSON.parse(gateway.callsOf('/api/config/edits')[0]?.body ?? '')).toEqual({
    revision: 'r7',
    edits: [{ op: 'set', path: ['signalbox', 'port'], value: Number(port) }],
  })
  // The config has it now, so the next start is told nothing.
  await until(() => gateway.callsOf('/api/config/edits').length === 1 && seen.errors.length === 0)
  await app.stop()
})

it('tells in a notice that a budget is near its end and that the VPN is lost; a click opens the page', async () => {
  const { app, desktop, seen, listen } = setUp({ hidden: true })
  await app.start()
  listen()
  await until(() => gateway.callsOf('/api/keys').length === 1)
  const budget = { maxNanoUsd: 10, spentNanoUsd: 9, duration: null, resetsAt: null }
  gateway.state.keys = [{ id: 'k1', alias: 'opencode', name: 'sk-...1', blocked: false, budget, modelBudgets: {} }]
  await until(() => labels(seen.menu).includes('VPN on: gpu-node'))
  gateway.send({ type: 'request', request: requestView() })
  await until(() => desktop.notices.length === 1)
  expect(seen.icon).toBe('tray/linux/limit-light.png')
  gateway.send({ type: 'network', network: networkView(vpnOff) })
  await until(() => desktop.notices.length === 2)
  expect(desktop.notices.map(({ title }) => title)).toEqual(['Budget of opencode: 90 % used', 'VPN lost'])
  desktop.notices[0]?.click()
  expect(desktop.windows[0]?.loaded).toEqual(['app://ui/#/keys/k1'])
  await app.stop()
})

it('changes settings for a page, and keeps them', async () => {
  const { app, desktop, seen, settings } = setUp({ hidden: true })
  await app.start()
  expect(desktop.call(askChannels.view)).toMatchObject({
    settings: { trayIcon: 'light', updates: false },
    openAtLogin: false,
    openAtLoginNote: null,
    gateway: { phase: 'starting', message: null },
    update: { state: 'off' },
  })
  const change = { openAtLogin: true, trayIcon: 'dark', notices: { vpn: false } }
  expect(desktop.call(askChannels.change, change)).toMatchObject({
    openAtLogin: true,
    settings: { trayIcon: 'dark', notices: { vpn: false, budget: true } },
  })
  expect(seen.icon).toBe('tray/linux/off-dark.png')
  expect(JSON.parse(settings.text ?? '')).not.toHaveProperty('openAtLogin')
  expect(() => desktop.call(askChannels.change, { baseUrl: 'http://evil' })).toThrow('no change')
  expect(JSON.stringify(desktop.call(askChannels.view))).not.toContain('control-1')
  await app.stop()
})

it('shows files for a page, and quits and starts for it; other values are not acted on', async () => {
  const { app, desktop, seen, listen } = setUp({ hidden: true })
  await app.start()
  desktop.call(channels.reveal, 'config')
  expect(seen.errors).toEqual(['The config file is not known'])
  listen()
  await until(() => seen.tooltip.includes('today'))
  for (const target of ['config', 'log', '/etc/passwd', undefined]) desktop.call(channels.reveal, target)
  expect(seen.revealed).toEqual(['/c/config.yaml', '/logs/desktop.log'])
  for (const port of [80, '4001', 70_000, null]) desktop.call(channels.startGateway, port)
  expect(desktop.gateway.children).toHaveLength(1)
  desktop.call(channels.installUpdate)
  expect(seen.quits).toBe(0)
  desktop.call(channels.quit)
  await until(() => seen.quits === 1)
})

it('opens the page of a link: of the start, of a second start, of the system; not one that is no page', async () => {
  const { app, desktop, links, log } = setUp({ hidden: true })
  links.add('signalbox://spend')
  await app.start()
  desktop.secondInstance({ arguments: ['--flag', 'signalbox://activity/abc'] })
  links.add('signalbox://keys?secret=1')
  links.add('signalbox://backends')
  expect(desktop.windows.flatMap(({ loaded }) => loaded)).toEqual([
    'app://ui/#/spend',
    'app://ui/#/activity/abc',
    'app://ui/#/backends',
  ])
  expect(log.lines.filter(({ event }) => event === 'link-refused')).toEqual([
    { level: 'warn', event: 'link-refused', fields: {} },
  ])
  await app.stop()
})

it('opens the dashboard where it was, and remembers where it is put', async () => {
  const windowPlace = '{"bounds":{"x":200,"y":100,"width":900,"height":700},"maximised":true}'
  const { app, desktop, place } = setUp({ windowPlace })
  await app.start()
  const [window] = desktop.windows
  expect(window).toMatchObject({ bounds: { x: 200, y: 100, width: 900, height: 700 }, maximised: true })
  if (window === undefined) throw new Error('no window')
  window.maximised = false
  window.bounds = { x: 10, y: 20, width: 800, height: 600 }
  window.listeners.moved()
  expect(JSON.parse(place.text ?? '')).toEqual({ bounds: { x: 10, y: 20, width: 800, height: 600 }, maximised: false })
  await app.stop()
})

it('quits when Windows ends the session, which only windows hear of: the panel is there from the start', async () => {
  const { app, desktop, seen } = setUp({ hidden: true, platform: 'win32' })
  await app.start()
  expect(desktop.windows.map(({ kind, visible }) => [kind, visible])).toEqual([['panel', false]])
  desktop.windows[0]?.listeners.sessionEnd()
  await until(() => seen.quits === 1)
})

it('connects its stream anew after a sleep', async () => {
  const { app, desktop, listen, seen } = setUp({ hidden: true })
  await app.start()
  listen()
  await until(() => seen.tooltip.includes('today'))
  desktop.suspend()
  desktop.resume()
  await until(() => gateway.callsOf('/api/events').length === 2)
  await app.stop()
})
