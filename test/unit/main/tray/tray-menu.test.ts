import { describe, expect, it } from 'vitest'
import type { MenuEntry } from '../../../../main/ports/menu.ts'
import { trayMenu } from '../../../../main/tray/tray-menu.ts'
import { initialTrayState } from '../../../../main/tray/tray-state.ts'
import { requestView, routerView, runningState, statusView } from './views.ts'

const labels = (entries: readonly MenuEntry[]): string[] =>
  entries.map((entry) => (entry.kind === 'separator' ? '-' : entry.label))
const submenu = (entries: readonly MenuEntry[], start: string) =>
  entries.find((entry) => entry.kind === 'submenu' && entry.label.startsWith(start)) as Extract<
    MenuEntry,
    { kind: 'submenu' }
  >

describe('the menu of a running gateway', () => {
  it('shows state, spend, routers, requests and commands in this order', () => {
    expect(labels(trayMenu(runningState()))).toEqual([
      'Running on 127.0.0.1:4000',
      '$1.95 today, 412 requests',
      '-',
      'mistral-router: Auto',
      '-',
      'Last requests',
      'C  large, $0.0223',
      '-',
      'Connect agents',
      'Copy endpoint',
      'Open dashboard',
      'Settings…',
      '-',
      'Pause gateway',
      'Quit Signalbox',
    ])
  })

  it('offers the three positions as one group, with the configured tiers to pin to', () => {
    const router = routerView({ position: { mode: 'pinned', tier: 'COMPLEX' } })
    const { label, entries } = submenu(trayMenu(runningState({ routers: [router] })), 'mistral-router')
    expect(label).toBe('mistral-router: Pinned to COMPLEX')
    expect(entries.map((entry) => entry.kind === 'choice' && [entry.label, entry.chosen])).toEqual([
      ['Auto', false],
      ['Pin to SIMPLE', false],
      ['Pin to COMPLEX', true],
      ['Off', false],
    ])
    expect(entries[1]).toMatchObject({
      action: { type: 'set-switch', router: 'mistral-router', position: { mode: 'pinned', tier: 'SIMPLE' } },
    })
  })

  it('keeps showing a pin to a tier that the config lost', () => {
    const router = routerView({ position: { mode: 'pinned', tier: 'REASONING' } })
    const { entries } = submenu(trayMenu(runningState({ routers: [router] })), 'mistral-router')
    expect(entries.filter((entry) => entry.kind === 'choice' && entry.chosen)).toEqual([
      expect.objectContaining({ label: 'Pin to REASONING' }),
    ])
  })

  it('never hides what a request cost, and never invents it', () => {
    const requests = [
      requestView({ phase: 'running', costNanoUsd: null }),
      requestView({ tier: null, costNanoUsd: null, priceSource: 'unknown' }),
      requestView({ errorCode: 'backend_unavailable', model: null }),
      requestView({ priceSource: 'demo', costNanoUsd: 1_000 }),
      requestView({ costNanoUsd: 0 }),
      requestView({ model: 'sixth' }),
    ]
    expect(labels(trayMenu(runningState({ requests }))).filter((label) => label.includes(','))).toEqual([
      '$1.95 today, 412 requests',
      'C  large, running',
      '–  large, cost unknown',
      'C  mistral-router, failed',
      'C  large, < $0.0001 pretend',
      'C  large, $0.00',
    ])
  })

  it('calls a request that its client gave up stopped', () => {
    const requests = [requestView({ errorCode: 'client_closed_request', costNanoUsd: null })]
    expect(labels(trayMenu(runningState({ requests })))).toContain('C  large, stopped')
  })

  it('tells pretend and unknown money apart from the bill', () => {
    const spendToday = { requests: 1, billedNanoUsd: 0, demoNanoUsd: 2_000_000, unknownPriced: 3 }
    const menu = trayMenu(runningState({ status: statusView({ spendToday }), requests: [] }))
    expect(labels(menu)[1]).toBe('$0.00 today, 1 request, $0.0020 pretend, 3 of unknown cost')
  })

  it('says when a change of the config waits for a restart, and offers it', () => {
    const sentence = 'signalbox.port is now 4010 and was 4000 at the start'
    const config = { ...statusView().config, restartNeeded: [sentence] }
    const menu = trayMenu(runningState({ status: statusView({ config }) }))
    expect(labels(menu)[1]).toBe(sentence)
    expect(menu).toContainEqual({ kind: 'command', label: 'Restart gateway', action: { type: 'restart-gateway' } })
  })

  it('puts the trouble under the state', () => {
    const config = { ...statusView().config, refused: true }
    expect(labels(trayMenu(runningState({ status: statusView({ config }) })))[1]).toContain('config.yaml has')
  })

  it('shows an & in a name as it is written', () => {
    const menu = trayMenu(runningState({ routers: [routerView({ name: 'r&d' })] }))
    expect(labels(menu)).toContain('r&&d: Auto')
  })

  it('carries no token', () => {
    expect(JSON.stringify(trayMenu(runningState()))).not.toContain('secret-token')
  })
})

it('cuts a long message to its first line', () => {
  const message = `config.yaml:3 ${'x'.repeat(200)}\nsecond line`
  const gateway = { phase: 'failed', cause: 'bad-config', message, offeredPort: undefined } as const
  const head = labels(trayMenu({ ...initialTrayState, gateway }))[0]
  expect(head).toHaveLength(90)
  expect(head).not.toContain('second')
})

it('leads from a request to its page, and to settings and agents', () => {
  const pages = trayMenu(runningState()).flatMap((entry) =>
    entry.kind === 'command' && entry.action.type === 'open-dashboard' ? [[entry.label, entry.action.page]] : [],
  )
  expect(pages).toEqual([
    ['C  large, $0.0223', '#/activity/r1'],
    ['Connect agents', '#/agents'],
    ['Open dashboard', undefined],
    ['Settings…', '#/settings'],
  ])
})
