import { type CarrierDependencies, ChatCarrier } from './chat-carrier.ts'
import type { Relay } from './relay-request.ts'

/** How long streams that are told to end may take to commit their rows. */
const settleMs = 2_000

/** Carries requests, and knows which are under way, so that a stop can wait for them. */
export function createRelay(dependencies: CarrierDependencies): Relay {
  const running = new Set<ChatCarrier>()
  let onIdle: (() => void) | undefined

  const idle = (withinMs: number): Promise<void> =>
    new Promise((resolve) => {
      if (running.size === 0) {
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
      const carrier = new ChatCarrier(request, dependencies, () => {
        running.delete(carrier)
        if (running.size === 0) onIdle?.()
      })
      running.add(carrier)
      carrier.start()
    },
    get inFlight() {
      return running.size
    },
    async drain(graceMs) {
      await idle(graceMs)
      for (const carrier of running) carrier.shutDown()
      await idle(settleMs)
    },
  }
}
