// Entry of the checkpoint thread: moves committed pages from the write-ahead log into the database file and waits for
// the disk, so that the event loop of the gateway never does. Started by checkpoints.ts; each message asks for one.
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

if (parentPort === null) throw new Error('checkpoint-worker.ts runs as a worker thread; use createCheckpoints.')
const { databasePath } = workerData as { readonly databasePath: string }
const database = new Sqlite(databasePath, { fileMustExist: true, timeout: 0 })

parentPort.on('message', () => {
  // Passive: takes what can be taken without making a reader or the writer wait.
  database.pragma('wal_checkpoint(PASSIVE)')
})
