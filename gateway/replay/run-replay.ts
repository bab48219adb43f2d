import { Worker } from 'node:worker_threads'
import type { Deployment, GatewayConfig, RouterDefinition } from '../config/gateway-config.ts'
import type { Replay } from '../contract/replay.ts'
import type { PricedDeployment } from '../ledger/price-book.ts'
import { GatewayError } from '../model/errors.ts'
import { type Tier, tiers } from '../model/tier.ts'
import { demoDeployments } from '../routing/demo-models.ts'
import type { ReplayAnswer, ReplayTask, ReplayWorkerData } from './replay-task.ts'

/** So many are decided again in a few seconds. */
const mostRequests = 100_000
const dayMs = 86_400_000

export interface ReplayOrder {
  readonly saved: RouterDefinition
  readonly edited: RouterDefinition
  readonly days: number
  /** ms since the epoch. */
  readonly now: number
}

/** The task for a configuration: what of it prices depend on, and nothing secret. Pure. */
export function replayTask(config: GatewayConfig, { saved, edited, days, now }: ReplayOrder): ReplayTask {
  const priced: Partial<Record<Tier, PricedDeployment>> = {}
  for (const tier of tiers) {
    const model = edited.tiers[tier]?.[0]?.model
    const deployment = model === undefined ? undefined : firstDeployment(model, config)
    if (deployment !== undefined) priced[tier] = pricedPart(deployment)
  }
  return { since: now - days * dayMs, until: now, saved, edited, priced, mostRequests }
}

/** Decides again in a thread of its own, one order after the other. @throws GatewayError `internal_error` when the thread fails */
export function createReplays(databasePath: string): (task: ReplayTask) => Promise<Replay> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const next = last.then(() => runThread({ databasePath, task }))
    last = next.catch(() => undefined)
    return next
  }
}

function runThread(workerData: ReplayWorkerData): Promise<Replay> {
  const worker = new Worker(workerUrl(), { name: 'replay', workerData, execArgv: [] })
  // It only reads: a gateway that stops does not wait for it.
  worker.unref()
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new GatewayError('internal_error', 'The replay thread stopped. Ask again.', { cause }))
    worker.on('message', (answer: ReplayAnswer) => {
      if (answer.ok) resolve(answer.replay)
      else reject(new GatewayError(answer.code, answer.message))
    })
    worker.on('error', fail)
    worker.on('exit', () => fail(undefined))
  })
}

function firstDeployment(model: string, { groups, aliases }: GatewayConfig): Deployment | undefined {
  return groups.get(aliases.get(model)?.group ?? model)?.[0] ?? demoDeployments.get(model)
}

function pricedPart(deployment: Deployment): PricedDeployment {
  const { provider, upstreamModel, baseUrl, baseModel, prices, adapter, billing } = deployment
  return { provider, upstreamModel, baseUrl, baseModel, prices, adapter, ...(billing === undefined ? {} : { billing }) }
}

/** Beside this file: `.ts` when run from the sources, `.js` when bundled. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './replay-worker.ts' : './replay-worker.js', import.meta.url)
}
