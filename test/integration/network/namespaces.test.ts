import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type GatewayInNamespace, startGatewayInNamespace } from '../../doubles/network/gateway-in-namespace.ts'
import {
  canMakeNamespaces,
  createNamespaces,
  type Namespaces,
  serverAddress,
} from '../../doubles/network/namespaces.ts'

/*
 * The whole gateway in a network of its own. What the issue promises in milliseconds is tested in a time of the tests' own
 * (test/unit/backends/network) and printed by the bench.
 */

const isPossible = canMakeNamespaces()
if (!isPossible) console.warn('network namespaces: skipped, they need Linux, root and iproute2')

const config = `
model_list:
  - model_name: gpu
    litellm_params: { model: openai/gpu, api_base: http://${serverAddress}:8080/v1, api_key: x }
  - model_name: closed
    litellm_params: { model: openai/closed, api_base: http://10.77.2.3:8081/v1, api_key: x }
  - model_name: tunnelled
    litellm_params: { model: openai/tunnelled, api_base: http://10.99.0.7:8080/v1, api_key: x }
  - model_name: backup
    litellm_params: { model: openai/backup, api_base: http://127.0.0.1:9090/v1, api_key: x }
backends:
  box-3: { url: http://10.77.2.3:8082 }
litellm_settings:
  fallbacks: [{ gpu: [backup] }]
`

describe.skipIf(!isPossible)('a gateway in a network of its own', { timeout: 120_000 }, () => {
  let spaces: Namespaces
  let gateway: GatewayInNamespace

  beforeAll(async () => {
    spaces = createNamespaces()
    // A second address of the server, on which nobody listens.
    spaces.ip(spaces.server, 'address', 'add', '10.77.2.3/24', 'dev', 'down0')
    // A tunnel whose other end nobody holds.
    spaces.ip(spaces.client, 'tuntap', 'add', 'dev', 'tun9', 'mode', 'tun')
    spaces.ip(spaces.client, 'address', 'add', '10.99.0.2/24', 'dev', 'tun9')
    spaces.ip(spaces.client, 'link', 'set', 'tun9', 'up')
    await spaces.start(spaces.server, 'model-server.ts', serverAddress, '8080', 'gpu')
    await spaces.start(spaces.client, 'model-server.ts', '127.0.0.1', '9090', 'backup')
    gateway = await startGatewayInNamespace(spaces, config)
  }, 60_000)

  afterAll(async () => {
    await gateway?.remove()
    await spaces?.remove()
  }, 30_000)

  beforeEach(async () => {
    spaces.ip(spaces.client, 'link', 'set', 'up0', 'up')
    spaces.ip(spaces.router, 'link', 'set', 'down0', 'up')
    spaces.ip(spaces.client, 'route', 'replace', '10.77.2.0/24', 'via', '10.77.1.1')
    spaces.ip(spaces.router, 'route', 'flush', 'type', 'unreachable')
    spaces.sysctl(spaces.router, 'net/ipv4/ip_forward', '1')
    await gateway.reaches('up', serverAddress, 0)
  }, 30_000)

  const hostNow = async (host: string) => (await gateway.network()).hosts.find((each) => each.host === host)
  const answeredBy = async (model: string): Promise<unknown> =>
    (await gateway.chat(model, 'hi')).headers['x-signalbox-model']
  const linkDown = (): void => spaces.ip(spaces.client, 'link', 'set', 'up0', 'down')
  const linkUp = (): void => {
    spaces.ip(spaces.client, 'link', 'set', 'up0', 'up')
    spaces.ip(spaces.client, 'route', 'replace', '10.77.2.0/24', 'via', '10.77.1.1')
  }
  /** That it takes 2 s at most is tried on a clock of its own (test/unit/backends/promises.test.ts). */
  const back = async (): Promise<void> => {
    await gateway.reaches('up', serverAddress, 0)
    expect(await answeredBy('gpu')).toBe('gpu')
  }

  it('is told of changes by the kernel', async () => {
    expect((await gateway.network()).source).toBe('ip monitor')
  })

  it('link down: the path is lost, the next request is served by the fallback, the return brings the host back', async () => {
    expect(await answeredBy('gpu')).toBe('gpu')
    linkDown()
    expect(await answeredBy('gpu')).toBe('backup')
    await gateway.reaches('path_lost', serverAddress, 0)
    const refused = await gateway.chat('closed', 'hi')
    expect(refused.status).toBe(503)
    expect(refused.body).toContain('backend_unavailable')
    linkUp()
    await back()
  })

  it('route deleted: the path is lost, and is back with the route', async () => {
    spaces.ip(spaces.client, 'route', 'del', '10.77.2.0/24')
    expect(await answeredBy('gpu')).toBe('backup')
    await gateway.reaches('path_lost', serverAddress, 0)
    expect(await hostNow(serverAddress)).toMatchObject({ path: null, network: 'lan', networkSource: 'learned' })
    spaces.ip(spaces.client, 'route', 'add', '10.77.2.0/24', 'via', '10.77.1.1')
    await back()
  })

  it('the other end of the cable is out: the path is lost', async () => {
    spaces.ip(spaces.router, 'link', 'set', 'down0', 'down')
    expect(await answeredBy('gpu')).toBe('backup')
    await gateway.reaches('path_lost', serverAddress, 0)
    expect((await hostNow(serverAddress))?.reason).toContain('no link on up0')
    spaces.ip(spaces.router, 'link', 'set', 'down0', 'up')
    await back()
  })

  it('another way than the learned one: the path is lost and nothing leaks to the router', async () => {
    spaces.ip(spaces.client, 'route', 'del', '10.77.2.0/24')
    spaces.ip(spaces.client, 'route', 'add', '10.77.2.0/24', 'dev', 'tun9')
    await gateway.reaches('path_lost', serverAddress, 0)
    expect(await answeredBy('gpu')).toBe('backup')
    spaces.ip(spaces.client, 'route', 'del', '10.77.2.0/24')
    spaces.ip(spaces.client, 'route', 'add', '10.77.2.0/24', 'via', '10.77.1.1')
  })

  it('silent drop: requests move on, the one that waits and the one that comes then; the path is stalled', async () => {
    expect(await answeredBy('gpu')).toBe('gpu')
    const inFlight = gateway.chat('gpu', 'wait for gpu')
    await untilRunning(gateway, 1)
    spaces.sysctl(spaces.router, 'net/ipv4/ip_forward', '0')
    for (const answer of await Promise.all([inFlight, gateway.chat('gpu', 'hi')])) {
      expect(answer.headers['x-signalbox-model']).toBe('backup')
    }
    // For a moment the other host there had just answered: it is asked, too.
    await gateway.reaches('path_stalled', serverAddress, 0)
    spaces.sysctl(spaces.router, 'net/ipv4/ip_forward', '1')
  })

  it('unreachable: the router says that nobody has the address, the host is down', async () => {
    spaces.ip(spaces.router, 'route', 'add', 'unreachable', `${serverAddress}/32`)
    expect(await answeredBy('gpu')).toBe('backup')
    await gateway.reaches('host_down', serverAddress, 0)
    expect((await hostNow(serverAddress))?.reason).toBe(`${serverAddress} is off or asleep`)
    spaces.ip(spaces.router, 'route', 'del', 'unreachable', `${serverAddress}/32`)
  })

  it('refused: VPN and host are there, the service is down', async () => {
    await gateway.reaches('service_down', '10.77.2.3', 0)
    const answer = await gateway.chat('closed', 'hi')
    expect([answer.status, answer.body]).toEqual([503, expect.stringContaining('nothing listens at box-3')])
  })

  it('a tunnel without a peer: connected but not passing traffic', async () => {
    await gateway.reaches('path_stalled', '10.99.0.7', 0)
    const host = await hostNow('10.99.0.7')
    expect(host?.reason).toContain('VPN connected but not passing traffic')
    expect((await gateway.network()).vpn.state).toBe('not_needed')
  })

  it('a request in flight moves on when its path dies, a stream that has begun ends with an error', async () => {
    const begun = await gateway.begun('gpu', 'begin gpu')
    const inFlight = gateway.chat('gpu', 'wait for gpu')
    await untilRunning(gateway, 2)
    linkDown()
    // Its upstream never answers: only the loss of the path ends the wait.
    const moved = await inFlight
    expect(moved.headers['x-signalbox-model']).toBe('backup')
    const ended = await begun.ended
    expect(ended.body).toContain('"error"')
    linkUp()
  })

  it('a server that comes is told of with its host, once it has said what it is', async () => {
    await spaces.start(spaces.server, 'model-server.ts', '10.77.2.3', '8082', 'late')
    await gateway.reaches('up', '10.77.2.3', 0)
  })

  it('100 flaps leave no socket behind', async () => {
    expect(await answeredBy('gpu')).toBe('gpu')
    for (let flap = 0; flap < 100; flap += 1) {
      linkDown()
      if (flap % 10 === 0) await gateway.chat('gpu', 'hi')
      linkUp()
    }
    await gateway.reaches('up', serverAddress, 0)
    expect(await answeredBy('gpu')).toBe('gpu')
    expect(spaces.sockets(spaces.client, serverAddress)).toBeLessThanOrEqual(3)
  })
})

async function untilRunning(gateway: GatewayInNamespace, count: number): Promise<void> {
  for (;;) {
    const { inFlight } = await gateway.status()
    if (inFlight >= count) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
