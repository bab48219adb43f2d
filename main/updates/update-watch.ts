import type { UpdateView } from '../../gateway/contract/desktop.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { UpdatePort } from './update-port.ts'

export interface UpdateWatchOptions {
  readonly port: UpdatePort
  readonly clock: Clock
  readonly logger: Logger
  /** Whether the user wants it: without that no other machine is asked. */
  readonly isWanted: () => boolean
  /** Quits in order and ends with the installer. */
  readonly quitInto: (end: () => void) => void
}

/** Not at once: at the start there is enough to do. */
const firstLookMs = 60_000
const everyMs = 24 * 3_600_000

/** Looks for newer versions once a day, when that is wanted and possible. A downloaded one waits for the user. */
export function createUpdateWatch({ port, clock, logger, isWanted, quitInto }: UpdateWatchOptions) {
  let view: UpdateView = resting()
  let cancel: (() => void) | undefined

  function resting(): UpdateView {
    if (port.obstacle !== undefined) return { state: 'unavailable', version: null, message: port.obstacle }
    return { state: isWanted() ? 'idle' : 'off', version: null, message: null }
  }

  const schedule = (ms: number) => {
    cancel?.()
    cancel = clock.after(ms, () => void look())
  }

  const look = async () => {
    cancel = undefined
    view = { state: 'checking', version: null, message: null }
    try {
      const version = await port.fetchNewer((found) => {
        view = { state: 'downloading', version: found, message: null }
      })
      view = version === undefined ? resting() : { state: 'ready', version, message: null }
    } catch (error) {
      logger.warn('update-failed', { reason: (error as Error).message })
      view = { state: 'failed', version: null, message: `No update was fetched: ${(error as Error).message}` }
    }
    if (isWanted() && view.state !== 'ready') schedule(everyMs)
  }

  const settle = () => {
    // What was fetched stays, and a look that is under way ends by itself.
    if (view.state === 'ready' || view.state === 'checking' || view.state === 'downloading') return
    cancel?.()
    cancel = undefined
    view = resting()
    if (view.state === 'idle') schedule(firstLookMs)
  }

  return {
    name: 'updates',
    start: settle,
    /** The wish has changed. */
    refresh: settle,
    view: (): UpdateView => view,
    install(): void {
      if (view.state === 'ready') quitInto(() => port.install())
    },
    stop(): void {
      cancel?.()
      cancel = undefined
    },
  }
}
