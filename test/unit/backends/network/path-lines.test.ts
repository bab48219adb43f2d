import { describe, expect, it } from 'vitest'
import { unknownHost } from '../../../../gateway/backends/network/host-machine.ts'
import type { LocalInterface } from '../../../../gateway/backends/network/interfaces.ts'
import { networkView, type NetworkFacts } from '../../../../gateway/backends/network/network-view.ts'
import type { HostReport } from '../../../../gateway/backends/network/host-report.ts'
import { wordsFor } from '../../../../gateway/backends/network/network-words.ts'
import type { PathRoute } from '../../../../gateway/backends/network/route.ts'
import { standIns } from '../../../../gateway/backends/network/stand-ins.ts'
import { loadText } from '../../config/load-text.ts'

const wlan: PathRoute = {
  kind: 'path',
  source: '192.168.1.20',
  interface: 'wlan0',
  tunnel: undefined,
  subnet: '192.168.1.20/24',
  carrier: true,
}
const wg: PathRoute = {
  kind: 'path',
  source: '10.8.0.2',
  interface: 'wg0',
  tunnel: 'WireGuard',
  subnet: '10.8.0.2/24',
  carrier: undefined,
}

function card(name: string, kind: LocalInterface['kind'], address: string): LocalInterface {
  return { name, kind, tunnel: undefined, addresses: [address], subnets: [], carrier: true }
}

function report(host: string, memory: Partial<HostReport['memory']>, since?: number): HostReport {
  const whole = { ...unknownHost, ...memory }
  const wish = { host, network: undefined, ports: [11_434], usedBy: [host] }
  return { wish, address: '10.8.0.9', memory: whole, words: wordsFor({ ...whole, ...wish }), since, usualMs: 1 }
}

function view(given: Partial<NetworkFacts>) {
  return networkView({
    reports: [],
    interfaces: [
      card('lo', 'loopback', '127.0.0.1'),
      card('wlan0', 'lan', '192.168.1.20'),
      card('docker0', 'virtual', '172.17.0.1'),
    ],
    backends: [],
    source: 'test',
    internet: { route: wlan, providers: ['openai'], answeredAt: undefined },
    machineName: 'laptop',
    standIns: [],
    now: 1_000,
    ...given,
  })
}

describe('the lines of the diagram', () => {
  it('run from this machine over loopback, to the internet and to each host', () => {
    const { machine, paths } = view({ reports: [report('gpu-node', { state: 'up', route: wg })] })
    expect(machine).toEqual({ name: 'laptop', address: '192.168.1.20' })
    expect(
      paths.map(({ kind, interface: name, state, ends }) => [kind, name, state, ends.map((end) => end.name)]),
    ).toEqual([
      ['loopback', 'lo', 'up', ['Local servers']],
      ['lan', 'wlan0', 'up', ['Internet']],
      ['tunnel', 'wg0', 'up', ['gpu-node']],
    ])
  })

  it('put what is reached over the same interface on one line', () => {
    const { paths } = view({ reports: [report('nas', { state: 'up', route: wlan })] })
    expect(paths[1]?.ends.map(({ name }) => name)).toEqual(['Internet', 'nas'])
  })

  it('keep a lost way under the tunnel that was learned, since the first of its hosts was lost', () => {
    const learned = { source: wg.source, interface: wg.interface, tunnel: wg.tunnel, subnet: wg.subnet }
    const lost = {
      state: 'path_lost',
      cause: 'no_route',
      route: { kind: 'none', code: 'ENETUNREACH' },
      learned,
    } as const
    const { paths, hosts } = view({ reports: [report('one', lost, 700), report('two', lost, 600)] })
    expect(paths.at(-1)).toMatchObject({
      kind: 'tunnel',
      interface: 'wg0',
      tunnel: 'WireGuard',
      state: 'lost',
      since: 600,
    })
    expect(paths.at(-1)?.ends.map(({ state, since }) => [state, since])).toEqual([
      ['path_lost', 700],
      ['path_lost', 600],
    ])
    expect(hosts[0]?.since).toBe(700)
  })

  it('never say of the internet that it is up before a provider has answered', () => {
    const asked = (internet: NetworkFacts['internet']) => view({ internet }).paths[1]
    const known = { route: wlan, providers: ['openai'] }
    expect(asked({ ...known, answeredAt: undefined })?.ends[0]?.state).toBe('unknown')
    expect(asked({ ...known, answeredAt: 900 })?.ends[0]?.state).toBe('up')
    const gone = asked({ ...known, route: { kind: 'none', code: 'ENETUNREACH' }, answeredAt: undefined })
    expect(gone).toMatchObject({ kind: 'unknown', state: 'lost', ends: [{ state: 'path_lost' }] })
  })

  it('leave the internet out where the config has nothing there', () => {
    expect(view({ internet: { route: wlan, providers: [], answeredAt: undefined } }).paths).toHaveLength(1)
  })
})

describe('what happens until a lost host is back', () => {
  const text = `model_list:
  - model_name: near
    litellm_params: {model: openai/near, api_base: "http://10.8.0.9:8000/v1", api_key: x}
  - model_name: far
    litellm_params: {model: openai/far, api_key: x}
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: {SIMPLE: far, MEDIUM: near, COMPLEX: [near, far], REASONING: near}
`
  const config = (more = '') => {
    const loaded = loadText(text + more)
    if (loaded.config === undefined) throw new Error(JSON.stringify(loaded.problems))
    return loaded.config
  }
  const isNear = ({ modelName }: { readonly modelName: string }) => modelName === 'near'

  it('is the next of the chain, or nothing', () => {
    expect(standIns({ config: config(), isLost: isNear, isDown: isNear })).toEqual([
      { router: 'smart', tier: 'MEDIUM', insteadOf: 'near', model: null },
      { router: 'smart', tier: 'COMPLEX', insteadOf: 'near', model: 'far' },
      { router: 'smart', tier: 'REASONING', insteadOf: 'near', model: null },
    ])
  })

  it('is a fallback of the first where the chain has none', () => {
    const falling = config('router_settings:\n  fallbacks: [{near: [far]}]\n')
    expect(standIns({ config: falling, isLost: isNear, isDown: isNear }).map(({ model }) => model)).toEqual([
      'far',
      'far',
      'far',
    ])
  })

  it('is nothing to speak of while all hosts are there, or what is down is no host', () => {
    expect(standIns({ config: config(), isLost: () => false, isDown: () => false })).toEqual([])
    expect(standIns({ config: config(), isLost: () => false, isDown: isNear })).toEqual([])
  })
})
