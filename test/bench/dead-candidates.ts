import type { Deployment } from '../../gateway/config/gateway-config.ts'
import { deploymentAt, startRelayServer } from '../doubles/relay-server.ts'
import { createGate, startUpstream } from '../doubles/upstream-server.ts'
import { median, printTable } from './print-table.ts'

/** What the stalled candidate is given, in ms. */
const stallDeadlineMs = 100

/**
 * How much longer a request takes for each dead candidate before the one that answers: the relay alone, one request at a
 * time, in this process.
 */
export async function reportDeadCandidates(requests: number): Promise<void> {
  const upstream = await startUpstream()
  upstream.replyFor('failing', { kind: 'error', status: 500 })
  upstream.replyFor('limited', { kind: 'error', status: 429 })
  upstream.replyFor('reset', { kind: 'reset', when: 'always' })
  upstream.replyFor('stalled', { kind: 'stall', gate: createGate() })
  const at = (upstreamModel: string, changes: Partial<Deployment> = {}): Deployment =>
    deploymentAt(upstream.url, { id: upstreamModel, upstreamModel, ...changes })
  const deadlines = { connectMs: 1_000, firstByteMs: stallDeadlineMs, idleMs: 60_000, totalMs: 60_000 }
  const dead: readonly (readonly [string, Deployment | undefined])[] = [
    ['none', undefined],
    ['refused connection', at('refused', { baseUrl: 'http://127.0.0.1:9/v1' })],
    ['500', at('failing')],
    ['429', at('limited')],
    ['reset', at('reset')],
    [`stall, deadline ${stallDeadlineMs} ms`, at('stalled', { deadlines })],
  ]
  const rows: string[][] = []
  let alive = 0
  for (const [name, deployment] of dead) {
    const ms = await medianMs(requests, [...(deployment === undefined ? [] : [deployment]), at('live')])
    if (deployment === undefined) alive = ms
    rows.push([name, ms.toFixed(2), deployment === undefined ? '' : (ms - alive).toFixed(2)])
  }
  await upstream.close()
  console.log(`\nDead candidate before the one that answers, median of ${requests} requests, one at a time.`)
  printTable(['first candidate', 'ms', 'added ms'], rows)
}

async function medianMs(requests: number, deployments: readonly Deployment[]): Promise<number> {
  const server = await startRelayServer()
  server.setDeployments(deployments)
  const times: number[] = []
  // The first ones warm up.
  for (let count = -5; count < requests; count += 1) {
    const began = performance.now()
    const response = await fetch(server.url, { method: 'POST', body: '{"model":"group","messages":[]}' })
    await response.text()
    if (response.status !== 200) throw new Error(`A request failed with ${response.status}.`)
    if (count >= 0) times.push(performance.now() - began)
  }
  await server.close()
  return median(times)
}
