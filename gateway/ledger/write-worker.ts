// Entry of the write thread: commits the rows of finished requests on a connection of its own, so that the event loop
// of the gateway does not wait for SQLite. Started by write-thread.ts; answers each group once, after its COMMIT.
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../store/database.ts'
import type { PlainOutcome, WriteAnswer, WriteCall, WriteWorkerData } from './write-messages.ts'
import { createRowWriter, type Outcome } from './write-rows.ts'

if (parentPort === null) throw new Error('write-worker.ts runs as a worker thread; use createWriteThread.')
const port = parentPort
const { databasePath, autoCheckpointPages } = workerData as WriteWorkerData
const database = openDatabase(databasePath)
database.pragma(`wal_autocheckpoint = ${autoCheckpointPages}`)
const writeRows = createRowWriter(database)

port.on('message', (call: WriteCall) => {
  if (call === 'close') {
    database.close()
    port.close()
  } else {
    answer(writeRows(call).map(plain))
  }
})
answer('ready')

function answer(message: WriteAnswer): void {
  port.postMessage(message)
}

function plain(outcome: Outcome): PlainOutcome {
  if (!(outcome instanceof Error)) return outcome
  return { message: outcome.message, code: (outcome as { code?: unknown }).code }
}
