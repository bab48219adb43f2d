import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Contact,
  type HostMemory,
  isLost,
  judged,
  portState,
  type Surroundings,
  unknownHost,
  withContact,
  withRoute,
} from '../../../../gateway/backends/network/host-machine.ts'
import { wordsFor } from '../../../../gateway/backends/network/network-words.ts'
import type { PathRoute, Route } from '../../../../gateway/backends/network/route.ts'

const alone: Surroundings = { network: undefined, siblings: 'none' }
const lan: PathRoute = {
  kind: 'path',
  source: '192.168.1.5',
  interface: 'eth0',
  tunnel: undefined,
  subnet: '192.168.1.5/24',
  carrier: true,
}
const vpn: PathRoute = { ...lan, source: '10.8.0.2', interface: 'wg0', tunnel: 'WireGuard', subnet: '10.8.0.2/24' }
const cafe: PathRoute = { ...lan, source: '172.20.10.3', interface: 'wlan0', subnet: '172.20.10.3/24' }

const contact = (kind: Contact['kind'], at: number, port = 80): Contact => ({ port, kind, at })
const up = (route: PathRoute): HostMemory =>
  withContact(withRoute(unknownHost, route, alone), contact('open', 1_000), alone)
const words = (memory: HostMemory, network?: 'vpn' | 'lan') =>
  wordsFor({ ...memory, host: 'gpu-node', network })?.reason

describe('the state of a host', () => {
  it('is up and has learned its path after one connection', () => {
    const memory = up(vpn)
    expect(memory.state).toBe('up')
    expect(memory.learned).toMatchObject({ interface: 'wg0', tunnel: 'WireGuard' })
  })

  it.each([['ENETUNREACH'], ['EHOSTUNREACH'], ['EINVAL'], ['EACCES']])(
    'is lost when the kernel has no way: %s',
    (code) => {
      const memory = withRoute(up(vpn), { kind: 'none', code }, alone)
      expect(memory.state).toBe('path_lost')
      expect(words(memory)).toBe('VPN off: reconnect WireGuard to use gpu-node')
    },
  )

  it('is lost when packets would take another way than the learned one', () => {
    const memory = withRoute(up(vpn), cafe, alone)
    expect([memory.state, memory.cause]).toEqual(['path_lost', 'other_path'])
    expect(withRoute(up(lan), cafe, { ...alone, network: 'any' }).state).toBe('unknown')
  })

  it('stays on its path with another address of the same tunnel or subnet', () => {
    expect(isLost(withRoute(up(vpn), { ...vpn, source: '10.8.0.77' }, alone).state)).toBe(false)
    expect(isLost(withRoute(up(lan), { ...lan, source: '192.168.1.9', interface: 'wlan0' }, alone).state)).toBe(false)
  })

  it('learns another path only from connections that succeed there, twice', () => {
    const moved = withRoute(up(vpn), lan, alone)
    const once = withContact(moved, contact('open', 2_000), alone)
    expect(once.state).toBe('path_lost')
    const twice = withContact(once, contact('open', 2_500), alone)
    expect([twice.state, twice.learned?.interface]).toEqual(['up', 'eth0'])
  })

  it('keeps to the word of the user', () => {
    const onVpnOnly = { ...alone, network: 'vpn' as const }
    const memory = withContact(withRoute(unknownHost, lan, onVpnOnly), contact('open', 1_000), onVpnOnly)
    expect(memory.state).toBe('path_lost')
    expect(words(memory, 'vpn')).toBe('VPN off: reconnect to use gpu-node')
    expect(withRoute(unknownHost, vpn, { ...alone, network: 'lan' }).state).toBe('path_lost')
  })

  it('is back after two successes half a second apart, not after one', () => {
    const lost = withRoute(withRoute(up(vpn), { kind: 'none', code: 'ENETUNREACH' }, alone), vpn, alone)
    expect(lost.state).toBe('path_lost')
    const first = withContact(lost, contact('open', 5_000), alone)
    expect(withContact(first, contact('open', 5_400), alone).state).toBe('path_lost')
    expect(withContact(first, contact('open', 5_500), alone).state).toBe('up')
    const failed = withContact(first, contact('silent', 5_300), alone)
    expect(withContact(failed, contact('open', 5_600), alone).state).not.toBe('up')
  })

  it('is not doubted for one silent connection while it is up', () => {
    const once = withContact(up(vpn), contact('silent', 2_000), alone)
    expect(once.state).toBe('up')
    expect(withContact(once, contact('silent', 3_500), alone).state).toBe('path_stalled')
  })

  it('is stalled when all on its path are silent, down when a sibling answers', () => {
    const start = withRoute(unknownHost, vpn, alone)
    const silent = withContact(start, contact('silent', 2_000), { ...alone, siblings: 'silent' })
    expect(words(silent)).toBe('VPN connected but not passing traffic')
    const known = judged(silent, { ...alone, siblings: 'answering' })
    expect([known.state, words(known)]).toEqual(['host_down', 'gpu-node is off or asleep'])
    expect(words(withContact(start, contact('silent', 2_000), alone))).toContain('or gpu-node itself is off')
  })

  it.each([
    ['no_host', 'host_down'],
    ['no_net', 'path_lost'],
    ['refused', 'service_down'],
    ['open', 'up'],
  ] as const)('tells %s from the rest: %s', (kind, state) => {
    expect(withContact(withRoute(unknownHost, lan, alone), contact(kind, 1_000), alone).state).toBe(state)
  })

  it('is stalled behind a tunnel that nobody holds, lost behind a cable that is out', () => {
    expect(withRoute(unknownHost, { ...vpn, carrier: false }, alone).state).toBe('path_stalled')
    expect(words(withRoute(up(lan), { ...lan, carrier: false }, alone))).toBe(
      'no link on eth0: the way to gpu-node is cut',
    )
  })

  it('takes an unknown name for a slip of the pen, unless it was known before', () => {
    const none: Route = { kind: 'no_name', code: 'ENOTFOUND' }
    expect(withRoute(unknownHost, none, alone).state).toBe('unknown')
    expect(withRoute(up(vpn), none, alone).state).toBe('path_lost')
  })

  it('judges each port by itself', () => {
    const memory = withContact(up(lan), contact('refused', 2_000, 81), alone)
    expect([memory.state, portState(memory, 80).state, portState(memory, 81).state]).toEqual([
      'up',
      'up',
      'service_down',
    ])
    expect(portState(memory, 82).state).toBe('unknown')
  })

  it('never sends where there is no way, whatever came before', () => {
    const step = fc.oneof(
      fc.constantFrom<Route>(
        lan,
        vpn,
        cafe,
        { kind: 'none', code: 'ENETUNREACH' },
        { kind: 'no_name', code: 'ENOTFOUND' },
      ),
      fc.record({
        port: fc.constantFrom(80, 81),
        kind: fc.constantFrom('open', 'refused', 'no_host', 'no_net', 'silent'),
        at: fc.nat(100_000),
      }) as fc.Arbitrary<Contact>,
    )
    const around = fc.record({
      network: fc.constantFrom('vpn', 'lan', 'any', undefined),
      siblings: fc.constantFrom('none', 'answering', 'silent'),
    }) as fc.Arbitrary<Surroundings>
    fc.assert(
      fc.property(fc.array(step), around, (steps, surroundings) => {
        const memory = steps.reduce(
          (state, each) =>
            'at' in each ? withContact(state, each, surroundings) : withRoute(state, each, surroundings),
          unknownHost,
        )
        if (memory.route?.kind === 'none') expect(memory.state).toBe('path_lost')
        expect(isLost(memory.state) && words(memory) === undefined).toBe(false)
      }),
    )
  })
})
