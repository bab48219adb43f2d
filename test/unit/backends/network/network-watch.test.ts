import { describe, expect, it } from 'vitest'
import type { Contact } from '../../../../gateway/backends/network/host-machine.ts'
import type { KnownHost } from '../../../../gateway/backends/network/host-watch.ts'
import { createNetworkWatch, type NetworkWatch } from '../../../../gateway/backends/network/network-watch.ts'
import type { PathRoute, Route } from '../../../../gateway/backends/network/route.ts'

const vpn: PathRoute = {
  kind: 'path',
  source: '10.8.0.2',
  interface: 'wg0',
  tunnel: 'WireGuard',
  subnet: '10.8.0.2/24',
  carrier: undefined,
}
const none: Route = { kind: 'none', code: 'ENETUNREACH' }

/** A network under the test's control: time passes only when the test says so. */
function createScene({ hasEvents = true, known = new Map() as ReadonlyMap<string, KnownHost> } = {}) {
  const timers = new Set<{ readonly at: number; readonly work: () => void }>()
  const scene = {
    now: 1_000_000,
    route: vpn as Route,
    contact: 'open' as Contact['kind'],
    probes: 0,
    routes: 0,
    dropped: [] as string[],
    running: undefined as { quietMs: number } | undefined,
    happen: (): void => undefined,
    eventsStopped: false,
    saved: undefined as ReadonlyMap<string, KnownHost> | undefined,
    timers,
    watch: undefined as unknown as NetworkWatch,
    /** Lets `ms` pass, with everything that falls due. */
    async pass(ms: number): Promise<void> {
      const until = scene.now + ms
      await settle()
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0]
        if (next === undefined) break
        timers.delete(next)
        scene.now = Math.max(scene.now, next.at)
        next.work()
        await settle()
      }
      scene.now = until
    },
    state: (host = 'gpu-node') => scene.watch.report(host)?.memory.state,
  }
  scene.watch = createNetworkWatch({
    route: async () => {
      scene.routes += 1
      return scene.route
    },
    resolve: async () => ({ address: '10.8.0.9' }),
    probe: async (_address, port) => {
      scene.probes += 1
      return { port, kind: scene.contact }
    },
    events: hasEvents
      ? {
          name: 'test',
          complete: true,
          start(onEvent) {
            scene.happen = onEvent
            return () => {
              scene.eventsStopped = true
            }
          },
        }
      : undefined,
    now: () => scene.now,
    schedule(ms, work) {
      const timer = { at: scene.now + ms, work }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    traffic: () => scene.running,
    drop: (host) => scene.dropped.push(host),
    known,
    save: (paths) => {
      scene.saved = new Map(paths)
    },
    onTurn: () => undefined,
  })
  return scene
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

const gpuNode = { host: 'gpu-node', network: undefined, ports: [8080], usedBy: ['gpu'] }

describe('following the network', () => {
  it('learns a path, keeps it, and knows it in the next run without asking', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    expect(scene.state()).toBe('up')
    expect(scene.saved?.get('gpu-node')).toMatchObject({ address: '10.8.0.9', learned: { interface: 'wg0' } })

    const next = createScene({ known: scene.saved ?? new Map() })
    next.route = { ...vpn, source: '192.168.1.5', interface: 'wlan0', tunnel: undefined, subnet: '192.168.1.5/24' }
    next.contact = 'silent'
    next.watch.follow([gpuNode])
    await next.pass(10)
    expect(next.state()).toBe('path_lost')
    expect(next.watch.report('gpu-node')?.words?.reason).toBe('VPN off: reconnect WireGuard to use gpu-node')
  })

  it('an event is looked at in the same moment; connections of what is lost are dropped once; nothing is sent', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    const { probes } = scene
    scene.route = none
    scene.happen()
    await settle()
    expect(scene.state()).toBe('path_lost')
    expect(scene.dropped).toEqual(['gpu-node'])
    await scene.pass(60_000)
    expect(scene.probes).toBe(probes)
    expect(scene.dropped).toEqual(['gpu-node'])
  })

  it('the return of the path is an event, too: confirmed and back within 2 s, whatever time has passed', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    scene.route = none
    scene.happen()
    await scene.pass(3_600_000)
    scene.route = vpn
    scene.happen()
    await scene.pass(2_000)
    expect(scene.state()).toBe('up')
  })

  it('without events the same is found by asking every second', async () => {
    const scene = createScene({ hasEvents: false })
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    expect(scene.watch.source).toBe('polling')
    scene.route = none
    await scene.pass(1_000)
    expect(scene.state()).toBe('path_lost')
    scene.route = vpn
    await scene.pass(2_000)
    expect(scene.state()).toBe('up')
  })

  it('a host that falls silent under a running request is found out within 4 s', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    scene.contact = 'silent'
    scene.running = { quietMs: 5_000 }
    scene.watch.began('gpu-node')
    await scene.pass(1_500)
    expect(scene.state()).toBe('path_stalled')
    expect(scene.dropped).toEqual(['gpu-node'])
  })

  it('one that falls silent beside one that just answered has that one asked: then the path is stalled', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode, { ...gpuNode, host: 'closed' }])
    scene.contact = 'refused'
    await scene.pass(10)
    expect([scene.state(), scene.state('closed')]).toEqual(['service_down', 'service_down'])
    scene.contact = 'silent'
    scene.watch.fellSilent('gpu-node')
    expect(scene.state()).toBe('host_down')
    await scene.pass(4_000)
    expect([scene.state(), scene.state('closed')]).toEqual(['path_stalled', 'path_stalled'])
  })

  it('asked anew, every host is connected to at once, one that was lost twice', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    scene.contact = 'no_host'
    await scene.pass(10)
    expect(scene.state()).toBe('host_down')
    scene.contact = 'open'
    const { probes } = scene
    const refreshed = scene.watch.refresh()
    await scene.pass(600)
    await refreshed
    expect(scene.state()).toBe('up')
    expect(scene.probes - probes).toBeGreaterThanOrEqual(2)
  })

  it('a host without a port that is known is judged by its way alone, and free again with it', async () => {
    const scene = createScene()
    scene.watch.follow([{ host: 'gpu-2', network: 'vpn', ports: [], usedBy: ['box'] }])
    scene.route = none
    await scene.pass(10)
    expect(scene.watch.report('gpu-2')?.words?.reason).toBe('VPN off: reconnect to use gpu-2')
    scene.route = vpn
    scene.happen()
    await scene.pass(10)
    expect([scene.state('gpu-2'), scene.probes]).toEqual(['unknown', 0])
  })

  it('a server that thinks long is asked less and less often, and stays up', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    scene.running = { quietMs: 60_000 }
    scene.watch.began('gpu-node')
    const before = scene.probes
    await scene.pass(60_000)
    expect(scene.state()).toBe('up')
    expect(scene.probes - before).toBeLessThan(20)
  })

  it('after a sleep everything is asked anew', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    scene.route = none
    // The timers stood still while the clock went on.
    scene.now += 3_600_000
    await scene.pass(0)
    expect(scene.state()).toBe('path_lost')
  })

  it('another own address makes old connections useless', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    scene.route = { ...vpn, source: '10.8.0.77' }
    scene.happen()
    await settle()
    expect(scene.dropped).toEqual(['gpu-node'])
  })

  it('100 flaps leave one timer, and closing leaves none', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode, { ...gpuNode, host: 'other' }])
    await scene.pass(10)
    for (let flap = 0; flap < 100; flap += 1) {
      scene.route = flap % 2 === 0 ? none : vpn
      scene.happen()
      await scene.pass(flap % 7)
    }
    await scene.pass(3_000)
    expect(scene.state()).toBe('up')
    expect(scene.timers.size).toBe(1)
    scene.watch.close()
    expect([scene.timers.size, scene.eventsStopped]).toEqual([0, true])
  })

  it('costs little when idle: with events one look in 15 s and one connection in 10 s', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    const { probes, routes } = scene
    await scene.pass(60_000)
    expect(scene.probes - probes).toBeLessThanOrEqual(6)
    expect(scene.routes - routes).toBeLessThanOrEqual(12)
  })

  it('rests when there is nothing to follow', async () => {
    const scene = createScene()
    scene.watch.follow([gpuNode])
    await scene.pass(10)
    scene.watch.follow([])
    expect(scene.timers.size).toBe(0)
    expect(scene.watch.report('gpu-node')).toBeUndefined()
  })
})
