// Entry of the thread that decides past requests again. Started by run-replay.ts for one task; answers once and ends.
import { parentPort, workerData } from 'node:worker_threads'
import { readPriceCatalogue } from '../config/prices/price-catalogue.ts'
import { createCatalogue } from '../ledger/prices/catalogue.ts'
import { createPriceBook } from '../ledger/prices/create-price-book.ts'
import { createOwnPrices } from '../ledger/prices/own-prices.ts'
import { toGatewayError } from '../model/errors.ts'
import { openDatabase } from '../store/database.ts'
import { replay } from './replay.ts'
import type { ReplayAnswer, ReplayWorkerData } from './replay-task.ts'

if (parentPort === null) throw new Error('replay-worker.ts runs as a worker thread; use runReplay.')
const port = parentPort
const { databasePath, task } = workerData as ReplayWorkerData

port.postMessage(answer())
port.close()

function answer(): ReplayAnswer {
  try {
    const database = openDatabase(databasePath, { readonly: true, busyTimeoutMs: 5000 })
    try {
      const prices = createPriceBook({ own: createOwnPrices(readPriceCatalogue()), catalogue: createCatalogue() })
      return { ok: true, replay: replay(database, prices, task) }
    } finally {
      database.close()
    }
  } catch (thrown) {
    const { code, message } = toGatewayError(thrown)
    return { ok: false, code, message }
  }
}
