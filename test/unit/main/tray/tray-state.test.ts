import { describe, expect, it } from 'vitest'
import { formatMoney } from '../../../../main/tray/money.ts'
import { trayIcon, trayIconFile } from '../../../../main/tray/tray-icon.ts'
import { applyGatewayEvent, initialTrayState, isPaused } from '../../../../main/tray/tray-state.ts'
import { findTrouble } from '../../../../main/tray/tray-trouble.ts'
import { trayTooltip } from '../../../../main/tray/tray-tooltip.ts'
import { backendView, limit, networkView, requestView, routerView, runningState, statusView, vpnOff } from './views.ts'

describe('applyGatewayEvent', () => {
  const snapshot = applyGatewayEvent(undefined, {
    type: 'snapshot',
    status: statusView(),
    routers: [routerView()],
    requests: Array.from({ length: 9 }, (_, index) => requestView({ id: `r${index}`, startedAt: index })),
    backends: [],
    discovery: true,
  })

  it('keeps the five newest finished requests and every running one', () => {
    expect(snapshot?.requests.map(({ id }) => id)).toEqual(['r8', 'r7', 'r6', 'r5', 'r4'])
    const running = requestView({ id: 'old', startedAt: -1, phase: 'running' })
    const next = applyGatewayEvent(snapshot, { type: 'request', request: running })
    expect(next?.requests.at(-1)?.id).toBe('old')
  })

  it('replaces a request by its newer self', () => {
    const next = applyGatewayEvent(snapshot, {
      type: 'request',
      request: requestView({ id: 'r8', startedAt: 8, model: 'm' }),
    })
    expect(next?.requests.filter(({ id }) => id === 'r8').map(({ model }) => model)).toEqual(['m'])
  })

  it('takes over status and routers, and drops what comes before a snapshot', () => {
    expect(applyGatewayEvent(snapshot, { type: 'routers', routers: [] })?.routers).toEqual([])
    expect(applyGatewayEvent(undefined, { type: 'status', status: statusView() })).toBeUndefined()
  })

  it('follows servers and paths, and keeps what was asked beside the stream over a reconnection', () => {
    const known = { ...runningState().snapshot, limits: [limit()], network: networkView(vpnOff) } as typeof snapshot
    const again = applyGatewayEvent(known, {
      type: 'snapshot',
      status: statusView(),
      routers: [],
      requests: [],
      backends: [backendView()],
      discovery: true,
    })
    expect(again).toMatchObject({ limits: [limit()], network: networkView(vpnOff), backends: [{ name: 'ollama' }] })
    const network = networkView({ state: 'on', sentence: null, neededBy: [] })
    expect(applyGatewayEvent(again, { type: 'network', network })?.network).toEqual(network)
    expect(applyGatewayEvent(again, { type: 'backends', backends: [], discovery: true })?.backends).toEqual([])
  })
})

describe('trouble, icon and tooltip', () => {
  const refused = { ...statusView().config, refused: true }
  const failing = requestView({ errorCode: 'provider_key_refused', status: 401 })

  it('is quiet when well', () => {
    expect(trayIcon(runningState())).toBe('ok')
    expect(trayTooltip(runningState())).toBe('Signalbox: $1.95 today, last COMPLEX')
    expect(trayTooltip(runningState({ status: statusView({ lastTier: null }) }))).toBe('Signalbox: $1.95 today')
  })

  it('shows work only when all is well', () => {
    expect(trayIcon({ ...runningState(), working: true })).toBe('working')
    expect(trayIcon({ ...runningState({ requests: [failing] }), working: true })).toBe('degraded')
  })

  it.each([
    [
      'a refused config',
      runningState({ status: statusView({ config: refused }) }),
      'config.yaml has an error: the last good version is in use',
    ],
    ['a refused key', runningState({ requests: [failing] }), 'mistral refuses its key'],
    [
      'a tier whose models are not there',
      runningState({
        routers: [routerView({ tiers: [{ tier: 'MEDIUM', models: [{ name: 'ollama/x', state: 'waiting' }] }] })],
      }),
      'mistral-router: MEDIUM has no model',
    ],
  ])('is degraded by %s', (_name, state, words) => {
    expect(trayIcon(state)).toBe('degraded')
    expect(trayTooltip(state)).toContain(words)
  })

  it('is over the trouble when a later request was answered', () => {
    const requests = [requestView({ id: 'new', startedAt: 2_000 }), failing]
    expect(findTrouble(runningState({ requests }))).toBeUndefined()
  })

  it('does not mind the tiers of a router that is off', () => {
    const router = routerView({ position: { mode: 'off' }, tiers: [{ tier: 'MEDIUM', models: [] }] })
    expect(findTrouble(runningState({ routers: [router] }))).toBeUndefined()
  })

  it('does not take a bad request of a client for trouble of a provider', () => {
    expect(findTrouble(runningState({ requests: [requestView({ errorCode: 'invalid_field' })] }))).toBeUndefined()
  })

  it('is off whenever the gateway does not run, and the tooltip says why', () => {
    expect(trayIcon(initialTrayState)).toBe('off')
    expect(trayTooltip(initialTrayState)).toBe('Signalbox: stopped')
    const failed = { phase: 'failed', cause: 'bad-config', message: 'x'.repeat(300), offeredPort: undefined } as const
    expect(trayTooltip({ ...initialTrayState, gateway: failed })).toHaveLength(127)
  })

  it('is off while it is paused, and says so', () => {
    const paused = runningState({ status: statusView({ pausedSince: 5 }) })
    expect(isPaused(paused)).toBe(true)
    expect([trayIcon(paused), trayTooltip(paused)]).toEqual(['off', 'Signalbox: paused'])
  })

  it('shows a limit from 80 % on, before any other trouble', () => {
    const at = (share: number) => runningState({ limits: [limit({ share })], requests: [failing] })
    expect([trayIcon(at(0.79)), trayIcon(at(0.8)), trayIcon(at(1.2))]).toEqual(['degraded', 'limit', 'limit'])
    expect(trayTooltip(at(0.929))).toBe('Signalbox: Budget of opencode: 92 % used')
    expect(trayTooltip(at(1.2))).toBe('Signalbox: Budget of opencode: all used')
  })

  it('takes a server that is away with a stand-in for normal life', () => {
    const away = runningState({
      backends: [backendView({ state: 'down', reason: 'no answer' })],
      network: networkView(vpnOff),
    })
    expect(trayIcon(away)).toBe('ok')
  })

  it('names the image of each system', () => {
    const at = (platform: NodeJS.Platform, darkTaskbar: boolean, chosen: 'light' | 'dark' = 'light') => ({
      platform,
      darkTaskbar,
      chosen,
    })
    expect(trayIconFile('ok', at('darwin', true))).toBe('tray/darwin/okTemplate.png')
    expect(trayIconFile('limit', at('win32', true))).toBe('tray/win32/limit-light.ico')
    expect(trayIconFile('off', at('win32', false))).toBe('tray/win32/off-dark.ico')
    expect(trayIconFile('working', at('linux', false))).toBe('tray/linux/working-light.png')
    expect(trayIconFile('working', at('linux', false, 'dark'))).toBe('tray/linux/working-dark.png')
  })
})

describe('formatMoney', () => {
  it.each([
    [0, '$0.00'],
    [1, '< $0.0001'],
    [99_999, '< $0.0001'],
    [100_000, '$0.0001'],
    [22_300_000, '$0.0223'],
    [999_960_000, '$1.00'],
    [1_951_000_000, '$1.95'],
    [1_234_567_890_000, '$1,234.57'],
  ])('%d nano-dollars are %s', (nano, text) => {
    expect(formatMoney(nano)).toBe(text)
  })
})
