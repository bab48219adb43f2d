import { Worker } from 'node:worker_threads'
import type { KeyringAnswer, KeyringCall } from './keyring-messages.ts'

type WithoutId<Call> = Call extends unknown ? Omit<Call, 'id'> : never

export interface KeyringThread {
  /** Rejects with the library's own text as message, or when the thread dies or is given up. */
  ask(call: WithoutId<KeyringCall>): Promise<string | boolean | null>
  /** Gives the thread up, with all it was asked; the next question starts another. */
  readonly abandon: () => void
}

interface Pending {
  resolve(value: string | boolean | null): void
  reject(error: Error): void
}

/** The keychain thread, started at the first question. An idle one does not keep the process alive. */
export function createKeyringThread(workerUrl: URL = new URL('./keyring-worker.ts', import.meta.url)): KeyringThread {
  const pending = new Map<number, Pending>()
  let current: Worker | undefined
  let lastId = 0

  const settle = (answer: KeyringAnswer): void => {
    const call = pending.get(answer.id)
    pending.delete(answer.id)
    if (pending.size === 0) current?.unref()
    if (answer.ok) call?.resolve(answer.value)
    else call?.reject(new Error(answer.message))
  }
  const giveUp = (worker: Worker, error: Error): void => {
    if (current !== worker) return
    current = undefined
    for (const call of pending.values()) call.reject(error)
    pending.clear()
  }
  const start = (): Worker => {
    const worker = new Worker(workerUrl, { name: 'keychain' })
    worker.on('message', settle)
    worker.on('error', (error) =>
      giveUp(worker, error instanceof Error ? error : new Error('The keychain thread failed.')),
    )
    worker.on('exit', () => giveUp(worker, new Error('The keychain thread ended.')))
    return worker
  }

  return {
    ask(call) {
      const worker = (current ??= start())
      lastId += 1
      const id = lastId
      worker.ref()
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject })
        worker.postMessage({ ...call, id } satisfies KeyringCall)
      })
    },
    abandon() {
      const worker = current
      if (worker === undefined) return
      giveUp(worker, new Error('The keychain was given up after its deadline.'))
      // A thread inside a native call ends when that call does; nobody waits for it.
      worker.unref()
      void worker.terminate()
    },
  }
}
