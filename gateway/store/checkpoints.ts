import { Worker } from 'node:worker_threads'
import type { Database } from './database.ts'

export interface Checkpoints {
  /** To be called with the number of rows of each commit. */
  readonly noteRows: (count: number) => void
  /** Ends the thread. The last connection to close makes the last checkpoint itself. */
  close(): Promise<void>
}

/** About 2 MB of log: a checkpoint of that size is over before the next is due. */
const rowsBetween = 500

/** In pages of 4 kB. If the thread cannot keep up or does not run, the event loop makes the checkpoint after all: the log stays below about 80 MB. */
const backstopPages = 20_000

/**
 * Keeps SQLite's checkpoints, which wait for the disk, off the event loop: the writing connection makes none of its own
 * below the backstop. The thread starts with the first 500 rows; one that fails is not replaced, the backstop serves.
 */
export function createCheckpoints(options: {
  readonly database: Database
  readonly databasePath: string
}): Checkpoints {
  options.database.pragma(`wal_autocheckpoint = ${backstopPages}`)
  let rows = 0
  let worker: Worker | undefined
  let failed = false

  const start = (): Worker => {
    const { databasePath } = options
    const thread = new Worker(workerUrl(), { name: 'checkpoints', workerData: { databasePath } })
    thread.on('error', () => {
      failed = true
    })
    thread.unref()
    return thread
  }
  return {
    noteRows(count) {
      rows += count
      if (rows < rowsBetween || failed) return
      rows = 0
      worker ??= start()
      worker.postMessage('checkpoint')
    },
    async close() {
      failed = true
      await worker?.terminate()
    },
  }
}

/** Beside this file: `.ts` when run from the sources, `.js` when bundled. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js', import.meta.url)
}
