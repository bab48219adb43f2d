import type { RequestView } from '../../gateway/contract/requests.ts'
import type { Clock } from '../clock.ts'

const onAfterMs = 400
const leastOnMs = 600

/**
 * Says when the icon shows work: a request lasted 400 ms, and then for at least 600 ms, so that it cannot flicker.
 * `update` takes the requests known now; `onChange` learns each change. `stop` puts it out and cancels its timer.
 */
export function createWorkingLight({ clock, onChange }: { clock: Clock; onChange: (lit: boolean) => void }) {
  let litSince: number | undefined
  let oldestRunning: number | undefined
  let cancel: (() => void) | undefined

  const schedule = (ms: number) => {
    cancel?.()
    cancel = clock.after(Math.max(0, ms), settle)
  }

  const settle = () => {
    cancel?.()
    cancel = undefined
    const now = clock.now()
    if (litSince === undefined) {
      if (oldestRunning === undefined) return
      const wait = oldestRunning + onAfterMs - now
      if (wait > 0) return schedule(wait)
      litSince = now
      return onChange(true)
    }
    if (oldestRunning !== undefined) return
    const wait = litSince + leastOnMs - now
    if (wait > 0) return schedule(wait)
    litSince = undefined
    onChange(false)
  }

  return {
    update(requests: readonly RequestView[]): void {
      const starts = requests.filter((request) => request.phase === 'running').map((request) => request.startedAt)
      oldestRunning = starts.length === 0 ? undefined : Math.min(...starts)
      settle()
    },
    stop(): void {
      cancel?.()
      cancel = undefined
      oldestRunning = undefined
      if (litSince === undefined) return
      litSince = undefined
      onChange(false)
    },
  }
}
