import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import {
  createGatewayFolder,
  type GatewayProcess,
  startGatewayProcess,
  testMasterKey,
} from '../doubles/gateway-process.ts'

/** What requests are sent to. */
export interface BenchTarget {
  readonly name: 'direct' | 'bare' | 'signalbox'
  readonly origin: string
  /** The process whose CPU and memory count; the upstream's for `direct`. */
  readonly pid: number
}

export interface BenchTargets {
  readonly all: readonly BenchTarget[]
  readonly gateway: GatewayProcess
  /** Ends everything but the gateway's folder, which holds the ledger. */
  stop(): Promise<void>
}

/** The gateway's config of the benchmarks: one priced model, and a router above it. */
export const benchConfig = (upstreamOrigin: string): string => `
model_list:
  - model_name: bench
    litellm_params:
      model: openai/bench
      api_base: ${upstreamOrigin}/v1
      api_key: upstream-key
      input_cost_per_token: 0.00000015
      output_cost_per_token: 0.00000060
  - model_name: bench-router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: { SIMPLE: bench, MEDIUM: bench, COMPLEX: bench, REASONING: bench }
`

/** Starts the upstream, the bare pass-through and the gateway, each as a process. */
export async function startTargets(): Promise<BenchTargets> {
  const upstream = await startScript('bench-upstream.ts', [])
  const bare = await startScript('bare-pass-through.ts', [upstream.origin])
  const gateway = await startGatewayProcess({ entry: 'gateway/process.ts', config: benchConfig(upstream.origin) })
  return {
    all: [
      { name: 'direct', origin: upstream.origin, pid: upstream.pid },
      { name: 'bare', origin: bare.origin, pid: bare.pid },
      { name: 'signalbox', origin: gateway.url, pid: gateway.pid },
    ],
    gateway,
    stop: async () => {
      await gateway.kill('SIGTERM')
      await Promise.all([bare.stop(), upstream.stop()])
    },
  }
}

/** Time from the start of `node` to the first answered chat request, in ms, on fresh data. */
export async function measureFirstAnswer(upstreamOrigin: string): Promise<number> {
  const folder = createGatewayFolder({ config: benchConfig(upstreamOrigin) })
  const began = performance.now()
  const gateway = await startGatewayProcess({ entry: 'gateway/process.ts', folder })
  const answer = await gateway.request('/v1/chat/completions', {
    method: 'POST',
    body: '{"model":"bench","messages":[{"role":"user","content":"hello"}]}',
  })
  await answer.text()
  const elapsed = performance.now() - began
  await gateway.remove()
  if (answer.status !== 200) throw new Error(`The first answer had status ${answer.status}.`)
  return elapsed
}

export const benchKey = testMasterKey

interface RunningScript {
  readonly origin: string
  readonly pid: number
  stop(): Promise<void>
}

async function startScript(file: string, flags: readonly string[]): Promise<RunningScript> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const origin = await firstLine(child)
  return {
    origin: origin.replace('listening on ', ''),
    pid: child.pid ?? -1,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('close', (code) => reject(new Error(`${child.spawnargs[1]} ended with code ${code}.`)))
  })
}
