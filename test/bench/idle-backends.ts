import { setTimeout as wait } from 'node:timers/promises'
import type { BackendList } from '../../gateway/contract/backends.ts'
import { backendFixture, type FakeBackend, startFakeBackend } from '../doubles/backends/fake-server.ts'
import { type GatewayProcess, startGatewayProcess } from '../doubles/gateway-process.ts'
import { printTable } from './print-table.ts'
import { type Activity, processActivity } from './process-usage.ts'

/*
 * npm run bench:idle [-- --settle 10 --seconds 35]: what it costs to follow ten local servers while nobody uses them. Three
 * gateways run side by side, so that whatever else the machine does hits all: one that looks for nothing, one whose ten
 * servers are up, one whose ten servers were seen and are gone, which is the dearest: their return must show within 2 s.
 *
 * Pauses between readings grow for two and a half minutes. What is measured before that is dearer than what follows, so the
 * usual run, of about a minute, gives an upper bound; `--settle 150 --seconds 120` measures the rest state itself.
 */

const vendors = [
  'ollama',
  'llamacpp',
  'vllm',
  'lmstudio',
  'localai',
  'koboldcpp',
  'sglang',
  'tgi',
  'mlx',
  'jan',
] as const

const settleSeconds = flagOf('--settle', 10)
const seconds = flagOf('--seconds', 35)

interface Subject {
  readonly name: string
  readonly gateway: GatewayProcess
}

function flagOf(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name)
  return at === -1 ? otherwise : Number(process.argv[at + 1])
}

async function startFakes(): Promise<FakeBackend[]> {
  return Promise.all(vendors.map((vendor) => startFakeBackend(backendFixture(vendor))))
}

async function startSubject(name: string, fakes: readonly FakeBackend[]): Promise<Subject> {
  const ports = fakes.map(({ port }) => port).join(',')
  const gateway = await startGatewayProcess({
    entry: 'gateway/process.ts',
    environment: { SIGNALBOX_DISCOVER: fakes.length === 0 ? '0' : ports },
  })
  return { name, gateway }
}

/** Waits until every server is in the wanted state; asking itself is work, so not often. */
async function untilAll({ gateway }: Subject, state: 'up' | 'down'): Promise<void> {
  for (;;) {
    const { backends } = (await (await gateway.request('/api/backends')).json()) as BackendList
    if (backends.length === vendors.length && backends.every((backend) => backend.state === state)) return
    await wait(1_000)
  }
}

function report(before: ReadonlyMap<string, Activity>, after: ReadonlyMap<string, Activity>, elapsed: number): void {
  const idle = used('discovery off')
  function used(name: string): Activity {
    const [from, to] = [before.get(name), after.get(name)]
    if (from === undefined || to === undefined) throw new Error(`${name} was not measured.`)
    return { cpuMs: to.cpuMs - from.cpuMs, wakeUps: to.wakeUps - from.wakeUps }
  }
  const rows = [...before.keys()].map((name) => {
    const { cpuMs, wakeUps } = used(name)
    const added = cpuMs - idle.cpuMs
    return [
      name,
      ((cpuMs / elapsed) * 3_600_000).toFixed(0),
      `${((cpuMs / elapsed) * 100).toFixed(3)} %`,
      name === 'discovery off' ? '' : `${((added / elapsed) * 100).toFixed(3)} %`,
      ((wakeUps / elapsed) * 1_000).toFixed(1),
    ]
  })
  printTable(['gateway, idle', 'CPU ms/h', 'of one core', 'over off', 'wake-ups/s'], rows)
}

async function main(): Promise<void> {
  if (processActivity(process.pid) === undefined) {
    console.log('CPU time and wake-ups are read from /proc, which this system does not have.')
    return
  }
  const [steady, leaving] = await Promise.all([startFakes(), startFakes()])
  const subjects: Subject[] = []
  try {
    subjects.push(await startSubject('discovery off', []))
    const up = await startSubject(`${vendors.length} servers up`, steady)
    const gone = await startSubject(`${vendors.length} servers gone`, leaving)
    subjects.push(up, gone)
    await untilAll(gone, 'up')
    await Promise.all(leaving.map((fake) => fake.close()))
    await Promise.all([untilAll(up, 'up'), untilAll(gone, 'down')])
    console.log(`Settling for ${settleSeconds} s, then measuring for ${seconds} s.`)
    await wait(settleSeconds * 1_000)
    const asked = steady.reduce((sum, fake) => sum + fake.asked.length, 0)
    const [before, start] = [activityOf(subjects), performance.now()]
    await wait(seconds * 1_000)
    const [after, elapsed] = [activityOf(subjects), performance.now() - start]
    report(before, after, elapsed)
    const probes = steady.reduce((sum, fake) => sum + fake.asked.length, 0) - asked
    console.log(
      `The ${vendors.length} servers that are up were sent ${probes} requests, ${perMinute(probes, elapsed)} a minute.`,
    )
  } finally {
    for (const { gateway } of subjects) await gateway.remove()
    await Promise.all([...steady, ...leaving].map((fake) => fake.close().catch(() => undefined)))
  }
}

function perMinute(count: number, elapsed: number): string {
  return ((count / elapsed) * 60_000).toFixed(1)
}

function activityOf(subjects: readonly Subject[]): ReadonlyMap<string, Activity> {
  return new Map(
    subjects.map(({ name, gateway }) => {
      const activity = processActivity(gateway.pid)
      if (activity === undefined) throw new Error(`The gateway with ${name} has ended:\n${gateway.output()}`)
      return [name, activity]
    }),
  )
}

await main()
