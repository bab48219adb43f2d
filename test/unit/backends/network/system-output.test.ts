import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contactKind } from '../../../../gateway/backends/network/connect-probe.ts'
import { linuxEvents, macEvents, windowsEvents } from '../../../../gateway/backends/network/events/event-programs.ts'
import { interfaceKind } from '../../../../gateway/backends/network/interface-kind.ts'
import { isInnerHost } from '../../../../gateway/backends/network/private-address.ts'
import { interfaceTowards, readProcRoutes } from '../../../../gateway/backends/network/proc-routes.ts'

describe('what systems print of network changes', () => {
  it('Linux: lines of ip -o monitor (written by hand after its format: a veth going down, its route with it)', () => {
    const lines = [
      '3: up0@if2: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN group default \\    link/ether 9a:0c:11:22:33:44 brd ff:ff:ff:ff:ff:ff link-netns r',
      'Deleted 10.77.2.0/24 via 10.77.1.1 dev up0 ',
      'Deleted 3: up0    inet 10.77.1.2/24 scope global up0\\       valid_lft forever preferred_lft forever',
    ]
    expect(lines.map(linuxEvents.isChange)).toEqual([true, true, true])
    expect(linuxEvents.isChange('10.77.1.1 dev up0 lladdr 9a:0c:11:22:33:44 REACHABLE')).toBe(false)
    expect(linuxEvents.isChange('')).toBe(false)
  })

  it('macOS: blocks of route -n monitor (constructed from route(8) and net/route.h)', () => {
    const block = [
      'got message of size 140 on Fri Nov 27 13:00:00 2026',
      'RTM_DELETE: Delete Route: len 140, pid: 0',
      'locks:  inits:',
    ]
    expect(block.map(macEvents.isChange)).toEqual([false, true, false])
    expect(macEvents.isChange('RTM_GET: Report Metrics: len 140, pid: 12')).toBe(false)
    expect(macEvents.isChange('RTM_IFINFO: iface status change: len 112, if# 5, flags:<UP>')).toBe(true)
  })

  it('Windows: our own lines', () => {
    expect(['changed address', 'changed availability', ''].map(windowsEvents.isChange)).toEqual([true, true, false])
  })
})

describe('the table of routes of Linux', () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'tun9\t0000630A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    '*\t00004D0A\t00000000\t0200\t0\t0\t0\t0000FFFF\t0\t0\t0',
  ].join('\n')

  it('gives the interface of the longest prefix', () => {
    const routes = readProcRoutes(table)
    expect(interfaceTowards(routes, '10.99.0.7')).toBe('tun9')
    expect(interfaceTowards(routes, '192.0.2.9')).toBe('eth0')
    expect(interfaceTowards(routes, '8.8.8.8')).toBe('eth0')
    expect(interfaceTowards([], '8.8.8.8')).toBeUndefined()
    expect(interfaceTowards(routes, '::1')).toBeUndefined()
  })

  it('reads any text without failing', () => {
    fc.assert(fc.property(fc.string(), (text) => readProcRoutes(`head\n${text}`).every(({ mask }) => mask >= 0)))
  })
})

describe('interfaces by what is told of them', () => {
  it.each([
    [{ name: 'tailscale0', hardwareType: 65_534 }, 'tunnel', 'Tailscale'],
    [{ name: 'office', deviceType: 'wireguard', hardwareType: 65_534 }, 'tunnel', 'WireGuard'],
    [{ name: 'wg0' }, 'tunnel', 'WireGuard'],
    [{ name: 'tun0', hardwareType: 65_534 }, 'tunnel', 'VPN'],
    [{ name: 'utun4', addresses: ['100.101.102.103'] }, 'tunnel', 'Tailscale'],
    [{ name: 'cscotun0', hardwareType: 65_534 }, 'tunnel', 'Cisco AnyConnect'],
    [{ name: 'gpd0' }, 'tunnel', 'GlobalProtect'],
    [{ name: 'ppp0', hardwareType: 512 }, 'tunnel', 'VPN'],
    [{ name: 'OpenVPN Wintun' }, 'tunnel', 'OpenVPN'],
    [{ name: 'eth0', hardwareType: 1 }, 'lan', undefined],
    [{ name: 'en0' }, 'lan', undefined],
    [{ name: 'wlp3s0', deviceType: 'wlan' }, 'lan', undefined],
    [{ name: 'docker0', deviceType: 'bridge' }, 'virtual', undefined],
    [{ name: 'lo', hardwareType: 772 }, 'loopback', undefined],
  ])('%o', (facts, kind, tunnel) => {
    expect(interfaceKind({ addresses: [], ...facts })).toEqual({ kind, tunnel })
  })
})

describe('which hosts are followed', () => {
  it.each([
    ['10.1.2.3', true],
    ['192.168.0.9', true],
    ['100.64.1.1', true],
    ['[fd00::1]', true],
    ['gpu-node', true],
    ['box.local', true],
    ['gpu.tail1234.ts.net', true],
    ['127.0.0.1', false],
    ['localhost', false],
    ['[::1]', false],
    ['api.openai.com', false],
    ['8.8.8.8', false],
  ])('%s: %s', (host, expected) => expect(isInnerHost(host)).toBe(expected))
})

describe('errors of connections', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'no_host'],
    ['ENETUNREACH', 'no_net'],
    ['EACCES', 'no_net'],
    ['EINVAL', 'no_net'],
    ['ENOKEY', 'no_net'],
    ['ETIMEDOUT', 'silent'],
  ])('%s means %s', (code, kind) => expect(contactKind(code)).toBe(kind))
})
