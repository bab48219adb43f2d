// Entry of the thread that changes history: prices it anew or deletes its old rows, on a connection of its own and in
// small steps. Started by maintenance.ts for one task; answers once and ends.
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { readPriceCatalogue } from '../../config/prices/price-catalogue.ts'
import { toGatewayError } from '../../model/errors.ts'
import { openDatabase } from '../../store/database.ts'
import { createCatalogue } from '../prices/catalogue.ts'
import { createPriceBook } from '../prices/create-price-book.ts'
import { createOwnPrices } from '../prices/own-prices.ts'
import { reprice } from './reprice.ts'
import { deleteOldRows } from './retention.ts'
import type { MaintenanceAnswer, MaintenanceWorkerData } from './tasks.ts'

if (parentPort === null) throw new Error('maintenance-worker.ts runs as a worker thread; use runMaintenance.')
const port = parentPort
const { databasePath, task } = workerData as MaintenanceWorkerData

/** Requests that end meanwhile get their turn at the lock, in ms. */
const pause = () => sleep(2)

port.postMessage(await answer())
port.close()

async function answer(): Promise<MaintenanceAnswer> {
  try {
    const database = openDatabase(databasePath, { busyTimeoutMs: 10_000 })
    try {
      return { ok: true, result: await run(database) }
    } finally {
      database.close()
    }
  } catch (thrown) {
    const { code, message } = toGatewayError(thrown)
    return { ok: false, code, message }
  }
}

async function run(database: ReturnType<typeof openDatabase>) {
  if (task.kind === 'retention') return await deleteOldRows(database, task, pause)
  const prices = createPriceBook({ own: createOwnPrices(readPriceCatalogue()), catalogue: createCatalogue() })
  return await reprice(database, prices, task, pause)
}
