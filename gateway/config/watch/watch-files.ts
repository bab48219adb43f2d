import { fingerprintFile } from './file-fingerprint.ts'
import { type DirectoryWatch, watchDirectoryOf } from './watch-directory.ts'

export interface FileWatchOptions {
  /** Files of one folder; the first decides which folder is watched. */
  readonly paths: readonly [string, ...string[]]
  /** Called when the files have changed and have then kept still. */
  readonly onChange: () => void
  readonly timing?: FileWatchTiming | undefined
}

/** All in ms. */
export interface FileWatchTiming {
  /** How long hints of the system are gathered before the files are looked at. */
  readonly hintMs: number
  /** A change counts once the files were the same for this long. */
  readonly settleMs: number
  /** The same for a file that is missing or empty, which is how a save looks from outside in its middle. */
  readonly blankSettleMs: number
  /** How often to look while the system reports changes (a safety net: it may miss some). */
  readonly slowPollMs: number
  /** How often to look where the system cannot watch, such as on some network and container mounts. */
  readonly fastPollMs: number
}

export const defaultTiming: FileWatchTiming = {
  hintMs: 40,
  settleMs: 80,
  blankSettleMs: 400,
  slowPollMs: 5000,
  fastPollMs: 400,
}

/** Watches files through replaced, truncated, deleted and linked ones. Holds no process; `close` ends it at once. */
export function watchFiles(options: FileWatchOptions): { close(): void } {
  const timing = options.timing ?? defaultTiming
  const [mainPath] = options.paths
  let reported = look(options.paths)
  let settling: NodeJS.Timeout | undefined
  let polling: NodeJS.Timeout | undefined
  let closed = false
  let hinted: NodeJS.Timeout | undefined
  let directory: DirectoryWatch = watchDirectoryOf(mainPath, onHint)

  /** The folder may also hold the database, which is written with every request: many hints make one look. */
  function onHint(): void {
    if (closed || hinted !== undefined) return
    hinted = setTimeout(() => {
      hinted = undefined
      noticed()
    }, timing.hintMs)
    hinted.unref()
  }

  function noticed(): void {
    if (closed || settling !== undefined) return
    const seen = look(options.paths)
    if (seen.text !== reported.text) settle(seen.text, seen.blank)
  }

  function settle(text: string, blank: boolean): void {
    settling = setTimeout(
      () => {
        settling = undefined
        const now = look(options.paths)
        if (now.text !== text) {
          settle(now.text, now.blank)
        } else if (now.text !== reported.text) {
          reported = now
          // The link or the folder itself may be another one now.
          rewatch()
          options.onChange()
          noticed()
        }
      },
      blank ? timing.blankSettleMs : timing.settleMs,
    )
    settling.unref()
  }

  function rewatch(): void {
    directory.close()
    directory = watchDirectoryOf(mainPath, onHint)
  }

  function poll(): void {
    polling = setTimeout(
      () => {
        noticed()
        poll()
      },
      directory.working() ? timing.slowPollMs : timing.fastPollMs,
    )
    polling.unref()
  }

  poll()
  return {
    close() {
      closed = true
      clearTimeout(hinted)
      clearTimeout(settling)
      clearTimeout(polling)
      directory.close()
    },
  }
}

function look(paths: readonly string[]): { text: string; blank: boolean } {
  const [main, ...others] = paths.map(fingerprintFile)
  return { text: [main, ...others].map((file) => file?.text).join('|'), blank: main?.blank ?? true }
}
