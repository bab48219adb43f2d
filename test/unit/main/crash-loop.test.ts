import { expect, it } from 'vitest'
import { askChannels } from '../../../main/desktop/bridge.ts'
import { createDesktopApp } from '../../../main/desktop-app.ts'
import { createLinkInbox } from '../../../main/links/link-inbox.ts'
import { createElectronDouble, createLoggerDouble, createStateFileDouble } from '../../doubles/electron.ts'
import { createManualClock } from '../../doubles/manual-clock.ts'

it('starts a crashing gateway again in growing pauses, shows it, gives up after five, and begins anew when asked', async () => {
  const desktop = createElectronDouble()
  const { seen, gateway } = desktop
  const clock = createManualClock()
  const app = createDesktopApp({
    ports: desktop.ports,
    platform: 'linux',
    clock,
    logger: createLoggerDouble().logger,
    fetch: () => Promise.reject(new Error('nobody is asked here')),
    uiDirectory: '/nowhere',
    developerTools: false,
    hidden: true,
    installed: true,
    settingsFile: createStateFileDouble().port,
    windowFile: createStateFileDouble().port,
    places: { log: '/log', config: undefined },
    links: createLinkInbox(),
    quitInto: (end) => end(),
  })
  const menu = () => seen.menu.map((entry) => ('label' in entry ? entry.label : '-'))
  const crash = () => {
    gateway.last().say({ type: 'failed', exitCode: 1, message: 'The database is damaged.' })
    gateway.last().exit(1)
  }
  await app.start()
  for (const pauseMs of [500, 1_000, 2_000, 4_000]) {
    crash()
    expect([menu()[0], seen.icon]).toEqual(['Crashed, starting again', 'tray/linux/off-light.png'])
    expect(seen.tooltip).toBe('Signalbox: The database is damaged. It is started again.')
    const before = gateway.children.length
    clock.advance(pauseMs - 1)
    expect(gateway.children).toHaveLength(before)
    clock.advance(1)
    expect(gateway.children).toHaveLength(before + 1)
  }
  crash()
  clock.advance(600_000)
  expect(gateway.children).toHaveLength(5)
  expect(menu()).toEqual([
    'The database is damaged.',
    '-',
    'Open dashboard',
    'Settings…',
    '-',
    'Start gateway again',
    'Quit Signalbox',
  ])
  expect(desktop.call(askChannels.view)).toMatchObject({
    gateway: { phase: 'failed', cause: 'crash-loop', message: 'The database is damaged.' },
  })
  seen.trayListeners?.action({ type: 'start-gateway' })
  expect(gateway.children).toHaveLength(6)
  crash()
  expect(menu()[0]).toBe('Crashed, starting again')
  await app.stop()
  expect([desktop.listenersLeft(), clock.pending()]).toEqual([0, 0])
})
