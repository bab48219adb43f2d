import { describe, expect, it } from 'vitest'
import { createNoticeBoard } from '../../../../main/notices/notice-board.ts'
import { emptyMemory, stepNotices } from '../../../../main/notices/step-notices.ts'
import type { Limit } from '../../../../main/tray/limits.ts'
import { initialTrayState, type TrayState } from '../../../../main/tray/tray-state.ts'
import { defaultSettings } from '../../../../main/settings/desktop-settings.ts'
import { createElectronDouble } from '../../../doubles/electron.ts'
import { limit, networkView, runningState, statusView, vpnOff, vpnOn } from '../tray/views.ts'

/** The titles told at each of the states in turn. */
function tell(...states: readonly TrayState[]): string[][] {
  let memory = emptyMemory
  return states.map((state) => {
    const step = stepNotices(memory, state)
    memory = step.memory
    return step.notices.map(({ title }) => title)
  })
}
const withLimits = (...limits: Limit[]) => runningState({ limits })
const at = (share: number) => withLimits(limit({ share }))
const withVpn = (vpn: typeof vpnOn) => runningState({ network: networkView(vpn) })

describe('budgets', () => {
  it('tells 80 % and the end, once each', () => {
    expect(tell(at(0.5), at(0.81), at(0.9), at(1), at(1.1))).toEqual([
      [],
      ['Budget of opencode: 81 % used'],
      [],
      ['Budget of opencode is used up'],
      [],
    ])
  })

  it('tells only the end where both are passed at once', () => {
    expect(tell(at(0.5), at(1.2))[1]).toEqual(['Budget of opencode is used up'])
  })

  it('tells nothing that already holds when the app starts', () => {
    expect(tell(at(0.9), at(0.95))).toEqual([[], []])
  })

  it('tells a new period anew, and not a budget that sways while requests hold a part of it', () => {
    expect(tell(at(0.5), at(0.82), at(0.78), at(0.82), at(0.1), at(0.8))).toEqual([
      [],
      ['Budget of opencode: 82 % used'],
      [],
      [],
      [],
      ['Budget of opencode: 80 % used'],
    ])
  })

  it('tells of a key that came later', () => {
    expect(tell(withLimits(), withLimits(limit({ id: 'budget k2', share: 0.8 })))[1]).toHaveLength(1)
  })
})

describe('quotas', () => {
  it('tells a full one and not a near one', () => {
    const quota = (share: number) => withLimits(limit({ kind: 'quota', name: 'saia, requests per day', share }))
    expect(tell(quota(0.5), quota(0.9), quota(1))).toEqual([[], [], ['Quota full: saia, requests per day']])
  })
})

describe('the VPN', () => {
  it('tells that it was lost and that it is back', () => {
    expect(tell(withVpn(vpnOn), withVpn(vpnOff), withVpn(vpnOff), withVpn(vpnOn))).toEqual([
      [],
      ['VPN lost'],
      [],
      ['VPN is back'],
    ])
  })

  it('tells nothing of one that was off from the start, until it was there once', () => {
    expect(tell(withVpn(vpnOff), withVpn(vpnOff))).toEqual([[], []])
    const stalled = { ...vpnOff, state: 'stalled' as const }
    expect(tell(withVpn(vpnOn), withVpn(stalled))[1]).toEqual(['VPN stalled'])
  })

  it('says what to do, and leads to the servers', () => {
    const before = stepNotices(emptyMemory, withVpn(vpnOn)).memory
    expect(stepNotices(before, withVpn(vpnOff)).notices).toEqual([
      { kind: 'vpn', title: 'VPN lost', body: 'VPN off: reconnect to use gpu-node', page: '#/backends' },
    ])
  })
})

describe('models that vanish', () => {
  const gone = (...models: string[]) =>
    runningState({ status: statusView({ vanishedModels: models.map((model) => ({ model, sentence: `${model}…` })) }) })

  it('tells each once', () => {
    expect(tell(gone(), gone('a'), gone('a', 'b'), gone('b'))).toEqual([[], ['a is gone'], ['b is gone'], []])
  })
})

it('tells nothing twice because the gateway was started again', () => {
  const lost = { ...at(0.9), gateway: { phase: 'starting' } as const, snapshot: undefined }
  expect(tell(at(0.5), at(0.9), lost, at(0.9))).toEqual([[], ['Budget of opencode: 90 % used'], [], []])
  expect(tell(initialTrayState, initialTrayState)).toEqual([[], []])
})

it('shows what is switched on, remembers what is off as told, and a click opens the page', () => {
  const desktop = createElectronDouble()
  const opened: string[] = []
  let switches = { ...defaultSettings.notices, budget: false }
  const board = createNoticeBoard({
    port: desktop.ports.notices,
    switches: () => switches,
    onOpen: (page) => opened.push(page),
  })
  const both = (share: number, vpn: typeof vpnOn) =>
    runningState({ limits: [limit({ share })], network: networkView(vpn) })
  board.update(both(0.5, vpnOn))
  board.update(both(0.9, vpnOff))
  expect(desktop.notices.map(({ title }) => title)).toEqual(['VPN lost'])
  switches = { ...switches, budget: true }
  board.update(both(0.9, vpnOff))
  expect(desktop.notices).toHaveLength(1)
  board.update(both(1, vpnOff))
  desktop.notices[1]?.click()
  expect(opened).toEqual(['#/keys/k1'])
})
