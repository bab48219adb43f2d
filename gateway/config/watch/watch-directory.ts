import { type FSWatcher, realpathSync, watch } from 'node:fs'
import { dirname } from 'node:path'

export interface DirectoryWatch {
  /** False when the system cannot watch: the caller has to look by itself. */
  readonly working: () => boolean
  close(): void
}

/**
 * Calls `onEvent` when something happens in the folder of `path`, and in the folder its symbolic link leads to. The folder
 * and not the file is watched: editors replace files, and a watch would stay with the old one. Does not hold the process.
 */
export function watchDirectoryOf(path: string, onEvent: () => void): DirectoryWatch {
  const watchers: FSWatcher[] = []
  let failed = false

  function fail(): void {
    failed = true
    onEvent()
  }

  for (const folder of foldersOf(path)) {
    try {
      const watcher = watch(folder, { persistent: false }, onEvent)
      watcher.on('error', fail)
      watchers.push(watcher)
    } catch {
      failed = true
    }
  }
  return {
    working: () => !failed,
    close() {
      for (const watcher of watchers) watcher.close()
    },
  }
}

function foldersOf(path: string): Set<string> {
  const folders = new Set([dirname(path)])
  try {
    folders.add(dirname(realpathSync(path)))
  } catch {
    // Not there yet: its own folder is enough to see it come.
  }
  return folders
}
