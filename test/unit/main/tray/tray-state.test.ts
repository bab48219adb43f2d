import { describe, expect, it } from 'vitest'
import { formatMoney } from '../../../../main/tray/money.ts'
import { trayIcon, trayIconFile } from '../../../../main/tray/tray-icon.ts'
import { applyGatewayEvent, findTrouble, initialTrayState } from '../../../../main/tray/tray-state.ts'
import { trayTooltip } from '../../../../main/tray/tray-tooltip.ts'
import { createWorkingLight } from '../../../../main/tray/working-light.ts'
import { createManualClock } from '../../../doubles/manual-clock.ts'
import { requestView, routerView, runningState, statusView } from './views.ts'

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
    expect(trayTooltip(initialTrayState)).toBe('Signalbox: paused')
    const failed = { phase: 'failed', cause: 'bad-config', message: 'x'.repeat(300) } as const
    expect(trayTooltip({ ...initialTrayState, gateway: failed })).toHaveLength(127)
  })

  it('names the image of each system', () => {
    expect(trayIconFile('ok', 'darwin', true)).toBe('tray/darwin/okTemplate.png')
    expect(trayIconFile('off', 'win32', true)).toBe('tray/win32/off-light.ico')
    expect(trayIconFile('off', 'win32', false)).toBe('tray/win32/off-dark.ico')
    expect(trayIconFile('working', 'linux', false)).toBe('tray/linux/working-light.png')
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

describe('the working light', () => {
  const setUp = () => {
    const clock = createManualClock(10_000)
    const changes: boolean[] = []
    return { clock, changes, light: createWorkingLight({ clock, onChange: (lit) => changes.push(lit) }) }
  }
  const running = (startedAt: number) => [requestView({ phase: 'running', startedAt })]

  it('stays dark for a request under 400 ms', () => {
    const { clock, changes, light } = setUp()
    light.update(running(10_000))
    clock.advance(399)
    light.update([])
    clock.advance(5_000)
    expect(changes).toEqual([])
    expect(clock.pending()).toBe(0)
  })

  it('is lit after 400 ms and for at least 600 ms', () => {
    const { clock, changes, light } = setUp()
    light.update(running(10_000))
    clock.advance(400)
    expect(changes).toEqual([true])
    light.update([])
    clock.advance(599)
    expect(changes).toEqual([true])
    clock.advance(1)
    expect(changes).toEqual([true, false])
    expect(clock.pending()).toBe(0)
  })

  it('goes out and leaves no timer when it is stopped', () => {
    const { clock, changes, light } = setUp()
    light.update(running(9_000))
    light.stop()
    expect(changes).toEqual([true, false])
    expect(clock.pending()).toBe(0)
  })
})
