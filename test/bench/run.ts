import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { benchKey, type BenchTarget, type BenchTargets, measureFirstAnswer, startTargets } from './bench-targets.ts'
import { reportDeadCandidates } from './dead-candidates.ts'
import { createLoadGenerator, type LoadGenerator } from './generate-load.ts'
import { median, printTable } from './print-table.ts'
import { cpuMicroseconds, residentMegabytes } from './process-usage.ts'

/*
 * npm run bench [-- --quick]: how near the gateway comes to a bare pass-through. Direct, bare and Signalbox take turns in
 * one run, so that whatever else the machine does hits all three. The ledger is on; its rows are counted at the end.
 */

interface Scenario {
  readonly name: string
  readonly body: string
  /** What the gateway gets in place of `body`: the same, through a router. */
  readonly routedBody?: string
}

interface Measurement {
  readonly requestsPerSecond: number
  readonly cpuPerRequest: number | undefined
}

const quick = process.argv.includes('--quick')
const rounds = quick ? 1 : 3
const seconds = quick ? 1 : 3
const connections = 50
/** V8 compiles what is called often: a gateway that has answered fewer is measured while it is being compiled. */
const warmAnswers = quick ? 5_000 : 10_000
const mostWarmRuns = 8

/** A chat request of about `bytes`, with words a router has to read. */
function requestBody(model: string, bytes: number, stream: boolean): string {
  const history = 'Earlier turns of the conversation fill the body. '.repeat(
    Math.max(0, Math.round((bytes - 200) / 49)),
  )
  return JSON.stringify({
    model,
    messages: [
      { role: 'system', content: `You help with code. ${history}` },
      { role: 'user', content: 'Refactor the API to use async database queries with proper error handling' },
    ],
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  })
}

const scenarios: readonly Scenario[] = [
  { name: 'short body (0.2 kB)', body: requestBody('bench', 200, false) },
  { name: '13 kB body', body: requestBody('bench', 13_000, false) },
  {
    name: '13 kB through a router',
    body: requestBody('bench', 13_000, false),
    routedBody: requestBody('bench-router', 13_000, false),
  },
  { name: 'stream of 20 events', body: requestBody('bench', 200, true) },
]

async function measure(
  target: BenchTarget,
  scenario: Scenario,
  load: LoadGenerator,
  duration: number,
): Promise<Measurement & { readonly answers: number }> {
  const body = target.name === 'signalbox' ? (scenario.routedBody ?? scenario.body) : scenario.body
  const before = cpuMicroseconds(target.pid)
  const url = `${target.origin}/v1/chat/completions`
  const result = await load.run({ url, key: benchKey, body, connections, seconds: duration })
  const after = cpuMicroseconds(target.pid)
  if (result.failures > 0) throw new Error(`${target.name}, ${scenario.name}: ${result.failures} requests failed.`)
  const cpu = before === undefined || after === undefined ? undefined : (after - before) / result.answers
  return { requestsPerSecond: result.requestsPerSecond, cpuPerRequest: cpu, answers: result.answers }
}

/** All rounds. Gives the measurements by scenario and target, and how many answers the gateway gave. */
async function measureAll(targets: BenchTargets, load: LoadGenerator) {
  const results = new Map<string, Measurement[]>()
  let gatewayAnswers = 0
  let gatewayRuns = 0
  const run = async (target: BenchTarget, scenario: Scenario, duration: number) => {
    const measured = await measure(target, scenario, load, duration)
    if (target.name === 'signalbox') {
      gatewayAnswers += measured.answers
      gatewayRuns += 1
    }
    return measured
  }
  // V8 compiles, heaps grow, connections open.
  const warmUp = async (target: BenchTarget, scenario: Scenario): Promise<void> => {
    let answers = 0
    for (let runs = 0; runs < mostWarmRuns && answers < warmAnswers; runs += 1)
      answers += (await run(target, scenario, 1)).answers
  }
  for (let round = -1; round < rounds; round += 1) {
    for (const scenario of scenarios) {
      for (const target of rotated(targets.all, round)) {
        if (round < 0) await warmUp(target, scenario)
        else {
          const key = `${scenario.name} ${target.name}`
          results.set(key, [...(results.get(key) ?? []), await run(target, scenario, seconds)])
        }
      }
    }
  }
  return { results, gatewayAnswers, gatewayRuns }
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = (by + items.length) % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

/** Speed says what a client gets of this machine; CPU per request says what the proxy takes, also while others use it. */
function reportSpeed(results: ReadonlyMap<string, readonly Measurement[]>): void {
  for (const scenario of scenarios) {
    const measuredOf = (name: string): readonly Measurement[] => results.get(`${scenario.name} ${name}`) ?? []
    const speedOf = (name: string): number => median(measuredOf(name).map((measured) => measured.requestsPerSecond))
    const cpuOf = (name: string): number =>
      median(measuredOf(name).map((measured) => measured.cpuPerRequest ?? Number.NaN))
    const rows = (['direct', 'bare', 'signalbox'] as const).map((name) => [
      name,
      Math.round(speedOf(name)).toLocaleString('en'),
      (speedOf(name) / speedOf('direct')).toFixed(2),
      name === 'direct' ? '' : (speedOf(name) / speedOf('bare')).toFixed(2),
      known(cpuOf(name).toFixed(0)),
      name === 'direct' ? '' : known((cpuOf('bare') / cpuOf(name)).toFixed(2)),
    ])
    console.log('')
    printTable([scenario.name, 'req/s', 'of direct', 'of bare', 'CPU µs/req', 'bare CPU ÷ own'], rows)
  }
}

/** CPU time is read from /proc, which not every system has. */
function known(text: string): string {
  return text === 'NaN' ? 'unknown' : text
}

/** Every answer has its row: no fewer rows than answers, and no more than requests that the end of a run cut off. */
function checkLedger(dataDir: string, answers: number, runs: number): boolean {
  const database = new Database(join(dataDir, 'signalbox.db'), { readonly: true })
  const { rows } = database.prepare('SELECT count(*) AS rows FROM requests').get() as { rows: number }
  database.close()
  const honest = rows >= answers && rows <= answers + runs * connections
  console.log(
    `Ledger: ${rows.toLocaleString('en')} rows for ${answers.toLocaleString('en')} answers` +
      `${honest ? '' : ': THEY DO NOT MATCH'} (up to ${connections} requests are cut off at the end of each of ${runs} runs).`,
  )
  return honest
}

async function main(): Promise<void> {
  const load = createLoadGenerator()
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'CPU'}, load by ${load.name}, ` +
      `${connections} connections, median of ${rounds} round(s) of ${seconds} s. Everything shares this machine.`,
  )
  const targets = await startTargets()
  try {
    const firstAnswers: number[] = []
    for (let start = 0; start < (quick ? 1 : 3); start += 1) {
      firstAnswers.push(await measureFirstAnswer(targets.all[0]?.origin ?? ''))
    }
    const memory = (): string =>
      targets.all.map(({ name, pid }) => `${name} ${residentMegabytes(pid) ?? '?'}`).join(', ')
    const idle = memory()
    const { results, gatewayAnswers, gatewayRuns } = await measureAll(targets, load)
    const loaded = memory()
    reportSpeed(results)
    console.log(`\nMemory in MB, idle: ${idle} (direct = the upstream). After the load: ${loaded}.`)
    console.log(`From \`node\` to the first 200: ${Math.round(median(firstAnswers))} ms.`)
    await targets.stop()
    if (!checkLedger(targets.gateway.folder.dataDir, gatewayAnswers, gatewayRuns)) process.exitCode = 1
  } finally {
    await targets.stop()
    targets.gateway.folder.remove()
    load.remove()
  }
  await reportDeadCandidates(quick ? 20 : 100)
}

await main()
