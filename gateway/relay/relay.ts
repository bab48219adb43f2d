import type { CarrierDependencies } from './carrier-dependencies.ts'
import type { Relay } from './relay-request.ts'
import { RequestCarrier } from './request-carrier.ts'

/** How long streams that are told to end may take to commit their rows. */
const settleMs = 2_000

interface Running {
  readonly carrier: RequestCarrier
  place: number
}

/** Carries requests, and knows which are under way, so that a stop can wait for them. */
export function createRelay(dependencies: CarrierDependencies): Relay {
  // An array and not a Set: the tables that a Set has outgrown point at its next ones, so that the young heap would keep
  // most finished requests until the next full collection (measured: a fifth of the CPU of a short request).
  const running: Running[] = []
  let onIdle: (() => void) | undefined

  const remove = (entry: Running): void => {
    const last = running.pop()
    if (last !== undefined && last !== entry) {
      running[entry.place] = last
      last.place = entry.place
    }
    if (running.length === 0) onIdle?.()
  }

  const idle = (withinMs: number): Promise<void> =>
    new Promise((resolve) => {
      if (running.length === 0) {
        resolve()
        return
      }
      const timer = setTimeout(resolve, withinMs)
      onIdle = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  return {
    carry(request) {
      const carrier = new RequestCarrier(request, dependencies, () => remove(entry))
      const entry: Running = { carrier, place: running.length }
      running.push(entry)
      carrier.start()
    },
    get inFlight() {
      return running.length
    },
    async drain(graceMs) {
      await idle(graceMs)
      for (const { carrier } of running.slice()) carrier.shutDown()
      await idle(settleMs)
    },
  }
}
