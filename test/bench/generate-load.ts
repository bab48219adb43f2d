import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface LoadOrder {
  readonly url: string
  readonly key: string
  readonly body: string
  readonly connections: number
  readonly seconds: number
}

export interface LoadResult {
  /** Whole answers with status 200. */
  readonly answers: number
  /** Anything else: other statuses, broken connections, timeouts. */
  readonly failures: number
  readonly requestsPerSecond: number
}

export interface LoadGenerator {
  readonly name: string
  run(order: LoadOrder): Promise<LoadResult>
  remove(): void
}

/** wrk where it is installed (it takes the least of the machine), else autocannon; always a process of its own. */
export function createLoadGenerator(): LoadGenerator {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-load-'))
  const hasWrk = spawnSync('wrk', ['--version']).error === undefined
  return {
    name: hasWrk ? 'wrk' : 'autocannon',
    run: (order) => (hasWrk ? runWrk(order, folder) : runAutocannon(order, folder)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

async function runWrk(order: LoadOrder, folder: string): Promise<LoadResult> {
  const script = join(folder, 'request.lua')
  writeFileSync(
    script,
    [
      'wrk.method = "POST"',
      'wrk.headers["content-type"] = "application/json"',
      `wrk.headers["authorization"] = "Bearer ${order.key}"`,
      `wrk.body = [==[${order.body}]==]`,
    ].join('\n'),
  )
  const flags = ['-t', '1', '-c', String(order.connections), '-d', `${order.seconds}s`, '-s', script, order.url]
  const output = await runToEnd('wrk', flags)
  const total = numberIn(output, /(\d+) requests in/)
  const refused = numberIn(output, /Non-2xx or 3xx responses: (\d+)/)
  const errors = [...(/Socket errors: (.*)/.exec(output)?.[1] ?? '').matchAll(/\d+/g)].map(Number)
  return {
    answers: total - refused,
    failures: refused + errors.reduce((sum, count) => sum + count, 0),
    requestsPerSecond: numberIn(output, /Requests\/sec:\s+([\d.]+)/),
  }
}

async function runAutocannon(order: LoadOrder, folder: string): Promise<LoadResult> {
  const bodyFile = join(folder, 'body.json')
  writeFileSync(bodyFile, order.body)
  const program = createRequire(import.meta.url).resolve('autocannon/autocannon.js')
  const headers = ['-H', 'content-type=application/json', '-H', `authorization=Bearer ${order.key}`]
  const size = ['-c', String(order.connections), '-d', String(order.seconds)]
  const flags = [program, '--json', '--no-progress', '-m', 'POST', '-i', bodyFile, ...headers, ...size, order.url]
  const output = await runToEnd(process.execPath, flags)
  const report = JSON.parse(output.slice(output.indexOf('{'))) as {
    '2xx': number
    non2xx: number
    errors: number
    timeouts: number
    duration: number
  }
  return {
    answers: report['2xx'],
    failures: report.non2xx + report.errors + report.timeouts,
    requestsPerSecond: report['2xx'] / report.duration,
  }
}

function runToEnd(command: string, flags: readonly string[]): Promise<string> {
  const child = spawn(command, flags, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${command} ended with code ${code}: ${complaints || output}`))
    })
  })
}

function numberIn(output: string, pattern: RegExp): number {
  return Number(pattern.exec(output)?.[1] ?? 0)
}
