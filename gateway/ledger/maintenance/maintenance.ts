import { Worker } from 'node:worker_threads'
import type { Deployment, GatewayConfig } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { PricedDeployment } from '../price-book.ts'
import { topTierOf } from '../top-tier.ts'
import type {
  MaintenanceAnswer,
  MaintenanceWorkerData,
  RepriceResult,
  RepriceTask,
  RetentionResult,
  RetentionTask,
} from './tasks.ts'

/** Runs one task in a thread of its own. Rejects with GatewayError; what was done until then stays, and can be done again. */
export function runMaintenance(databasePath: string, task: RepriceTask): Promise<RepriceResult>
export function runMaintenance(databasePath: string, task: RetentionTask): Promise<RetentionResult>
export function runMaintenance(
  databasePath: string,
  task: RepriceTask | RetentionTask,
): Promise<RepriceResult | RetentionResult> {
  const workerData: MaintenanceWorkerData = { databasePath, task }
  const worker = new Worker(workerUrl(), { name: 'maintenance', workerData, execArgv: [] })
  // A gateway that stops does not wait for it: every step is whole.
  worker.unref()
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new GatewayError('internal_error', 'The maintenance thread stopped. Start it again.', { cause }))
    worker.on('message', (answer: MaintenanceAnswer) => {
      if (answer.ok) resolve(answer.result)
      else reject(new GatewayError(answer.code, answer.message))
    })
    worker.on('error', fail)
    worker.on('exit', () => fail(undefined))
  })
}

/** The task for a configuration: what of it prices depend on, and nothing secret. */
export function repriceTask(
  config: GatewayConfig,
  options: { readonly since: number; readonly dryRun: boolean; readonly now: number },
): RepriceTask {
  const deployments = [...config.groups.values()].flat()
  const tops = [...config.routers.keys()].flatMap((router) => {
    const top = topTierOf(config, router)
    return top === undefined ? [] : [[router, priced(top)] as const]
  })
  return {
    kind: 'reprice',
    ...options,
    deployments: new Map(deployments.map((deployment) => [deployment.id, priced(deployment)])),
    topTiers: new Map(tops),
  }
}

function priced(deployment: Deployment): PricedDeployment {
  const { provider, upstreamModel, baseUrl, baseModel, prices, adapter, billing } = deployment
  return { provider, upstreamModel, baseUrl, baseModel, prices, adapter, ...(billing === undefined ? {} : { billing }) }
}

/** Beside this file: `.ts` when run from the sources, `.js` when bundled. */
function workerUrl(): URL {
  const name = import.meta.url.endsWith('.ts') ? './maintenance-worker.ts' : './maintenance-worker.js'
  return new URL(name, import.meta.url)
}
