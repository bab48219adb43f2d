import { readFileSync } from 'node:fs'
import { type GatewayInNamespace, startGatewayInNamespace } from '../doubles/network/gateway-in-namespace.ts'
import { canMakeNamespaces, createNamespaces, type Namespaces, serverAddress } from '../doubles/network/namespaces.ts'
import { median } from './print-table.ts'
import { cpuMicroseconds } from './process-usage.ts'

/*
 * node test/bench/network.ts [-- --quick]: how fast paths that are lost and come back are noticed, and what following ten
 * servers costs while nothing happens. Needs Linux, root and iproute2.
 */

const quick = process.argv.includes('--quick')
const rounds = quick ? 3 : 10
const idleSeconds = quick ? 20 : 120
const hosts = Array.from({ length: 10 }, (_, index) => `10.77.2.${10 + index}`)

const config = `
model_list:
  - model_name: gpu
    litellm_params: { model: openai/gpu, api_base: http://${serverAddress}:8080/v1, api_key: x }
${hosts.map((host, index) => `  - model_name: other-${index}\n    litellm_params: { model: openai/gpu, api_base: http://${host}:8080/v1, api_key: x }`).join('\n')}
  - model_name: backup
    litellm_params: { model: openai/backup, api_base: http://127.0.0.1:9090/v1, api_key: x }
litellm_settings:
  fallbacks: [{ gpu: [backup] }]
`

async function run(): Promise<void> {
  const spaces = createNamespaces()
  try {
    for (const host of hosts) spaces.ip(spaces.server, 'address', 'add', `${host}/24`, 'dev', 'down0')
    await spaces.start(spaces.server, 'model-server.ts', '0.0.0.0', '8080', 'gpu')
    await spaces.start(spaces.client, 'model-server.ts', '127.0.0.1', '9090', 'backup')
    const gateway = await startGatewayInNamespace(spaces, config)
    try {
      const down = (): void => spaces.ip(spaces.client, 'link', 'set', 'up0', 'down')
      const up = (): void => {
        spaces.ip(spaces.client, 'link', 'set', 'up0', 'up')
        spaces.ip(spaces.client, 'route', 'replace', '10.77.2.0/24', 'via', '10.77.1.1')
      }
      const times = {
        usual: [] as number[],
        fallback: [] as number[],
        moved: [] as number[],
        back: [] as number[],
        silent: [] as number[],
      }
      await gateway.reaches('up', serverAddress, 0)
      for (let round = 0; round < rounds; round += 1) {
        for (let turn = 0; turn < 5; turn += 1) times.usual.push((await gateway.chat('gpu', 'hi')).ms)
        down()
        times.fallback.push((await gateway.chat('gpu', 'hi')).ms)
        await gateway.reaches('path_lost', serverAddress, 0)
        let since = performance.now()
        up()
        times.back.push(await gateway.reaches('up', serverAddress, since))
        const waiting = gateway.chat('gpu', 'wait for gpu')
        while ((await gateway.status()).inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 20))
        since = performance.now()
        down()
        await waiting
        times.moved.push(performance.now() - since)
        up()
        await gateway.reaches('up', serverAddress, 0)
        times.silent.push(await silentDrop(spaces, gateway))
      }
      const usual = median(times.usual)
      print('a request, usually', usual)
      print('the next request after link down: added by the fallback', median(times.fallback) - usual)
      print('a request in flight when its link goes down: moved after', median(times.moved))
      print('a request in flight when its path drops everything in silence: moved after', median(times.silent))
      print('back in the plan after the return of the link', median(times.back))
      await measureIdle(gateway.process.pid)
    } finally {
      await gateway.remove()
    }
  } finally {
    await spaces.remove()
  }
}

/** ms until a request that waits is answered by the fallback after the router has begun to swallow its packets. */
async function silentDrop(spaces: Namespaces, gateway: GatewayInNamespace): Promise<number> {
  await gateway.chat('gpu', 'hi')
  const waiting = gateway.chat('gpu', 'wait for gpu')
  while ((await gateway.status()).inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  const since = performance.now()
  spaces.sysctl(spaces.router, 'net/ipv4/ip_forward', '0')
  await waiting
  const ms = performance.now() - since
  spaces.sysctl(spaces.router, 'net/ipv4/ip_forward', '1')
  await gateway.reaches('up', serverAddress, 0)
  return ms
}

/** What the gateway's process uses while nobody asks anything of it. */
async function measureIdle(pid: number): Promise<void> {
  const before = { cpu: cpuMicroseconds(pid), wakes: wakeUps(pid), at: performance.now() }
  await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1_000))
  const seconds = (performance.now() - before.at) / 1_000
  const cpu = ((cpuMicroseconds(pid) ?? 0) - (before.cpu ?? 0)) / 1e6
  console.log(`idle with ${hosts.length + 1} hosts: ${((cpu / seconds) * 100).toFixed(3)} % of one core,`)
  console.log(
    `  ${((cpu / seconds) * 3_600).toFixed(1)} s of CPU per hour, ${((wakeUps(pid) - before.wakes) / seconds).toFixed(1)} wake-ups per second`,
  )
}

/** Times the process gave the processor back, all its threads together. */
function wakeUps(pid: number): number {
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}

function print(what: string, ms: number): void {
  console.log(`${what}: ${ms.toFixed(1)} ms`)
}

if (canMakeNamespaces()) await run()
else console.log('network bench: skipped, it needs Linux, root and iproute2')
