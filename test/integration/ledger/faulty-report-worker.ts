// A report worker with faults on demand: the asked request id names the fault.
import { parentPort } from 'node:worker_threads'

parentPort?.on('message', (call: { id: number; query: { requestId: string } }) => {
  const fault = call.query.requestId
  if (fault === 'throw') throw new Error('a fault in the worker')
  if (fault === 'exit') process.exit(1)
  if (fault === 'loop') for (;;);
  parentPort?.postMessage({ id: call.id, ok: true, result: fault })
})
