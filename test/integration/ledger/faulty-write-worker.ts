// A write thread that says it is ready and dies with its first group.
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', () => {
  throw new Error('a fault of the thread')
})
parentPort?.postMessage('ready')
