import { Worker } from 'node:worker_threads'
import type { Database } from '../store/database.ts'
import type { PlainOutcome, WriteAnswer, WriteCall, WriteWorkerData } from './write-messages.ts'
import type { Outcome, RowValues } from './write-rows.ts'

/** Writes groups of rows in a thread, one group at a time. One that fails is not replaced: the event loop then writes. */
export interface WriteThread {
  /** Starts the thread if it was never started. */
  start(): void
  /** True while the thread can take a group. */
  readonly ready: boolean
  /** `answered` gets what became of each row after COMMIT, or undefined when the thread died before it told. */
  write(rows: readonly RowValues[], answered: Answered): void
  /** Ends the thread, to be called when it has no group. */
  close(): Promise<void>
}

type Answered = (outcomes: readonly Outcome[] | undefined) => void

export interface WriteThreadOptions {
  /** The main connection, whose checkpoint setting the thread's connection takes over. */
  readonly database: Database
  readonly databasePath: string
  /** The thread's program; by default the file beside this one. */
  readonly workerUrl?: URL
}

export function createWriteThread({
  database,
  databasePath,
  workerUrl = defaultUrl(),
}: WriteThreadOptions): WriteThread {
  let worker: Worker | undefined
  let state: 'new' | 'starting' | 'ready' | 'over' = 'new'
  let answered: Answered | undefined

  const settle = (outcomes: readonly Outcome[] | undefined): void => {
    const callback = answered
    answered = undefined
    // An idle thread does not hold the process; one with rows does.
    worker?.unref()
    callback?.(outcomes)
  }
  const end = (): void => {
    state = 'over'
    settle(undefined)
  }
  const post = (call: WriteCall): void => worker?.postMessage(call)

  return {
    start() {
      if (state !== 'new') return
      state = 'starting'
      const autoCheckpointPages = Number(database.pragma('wal_autocheckpoint', { simple: true }))
      const workerData: WriteWorkerData = { databasePath, autoCheckpointPages }
      // Flags of the process such as --inspect or --eval are not meant for this thread.
      worker = new Worker(workerUrl, { name: 'ledger', workerData, execArgv: [] })
      worker.on('message', (answer: WriteAnswer) => {
        if (answer !== 'ready') settle(answer.map(revive))
        else if (state === 'starting') state = 'ready'
      })
      // An error is followed by the exit; without a listener it would end the process.
      worker.on('error', end)
      worker.on('exit', end)
      worker.unref()
    },
    get ready() {
      return state === 'ready'
    },
    write(rows, whenAnswered) {
      answered = whenAnswered
      worker?.ref()
      post(rows)
    },
    async close() {
      const wasRunning = state === 'starting' || state === 'ready'
      state = 'over'
      if (worker === undefined || !wasRunning) return
      const thread = worker
      const exited = new Promise((resolve) => thread.once('exit', resolve))
      thread.ref()
      post('close')
      await exited
    },
  }
}

function revive(outcome: PlainOutcome): Outcome {
  return typeof outcome === 'string' ? outcome : Object.assign(new Error(outcome.message), { code: outcome.code })
}

/** Beside this file: `.ts` when run from the sources, `.js` when bundled. */
function defaultUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './write-worker.ts' : './write-worker.js', import.meta.url)
}
