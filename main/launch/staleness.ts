import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildTarget } from './build-targets.ts'

/** The file whose time says when a target was last built; outside its folder, which the build empties. */
export function stampPath(projectDirectory: string, target: BuildTarget): string {
  return join(projectDirectory, 'out', `.built-${target.name}`)
}

/** True when a source is newer than the last build, or there was none. Folders count too: a deleted file changes its folder. */
export function isStale(projectDirectory: string, target: BuildTarget): boolean {
  const builtAt = changedAt(stampPath(projectDirectory, target))
  if (builtAt === undefined || changedAt(join(projectDirectory, target.output)) === undefined) return true
  return target.sources.some((source) => newestChange(join(projectDirectory, source)) > builtAt)
}

/** The newest modification time (ms since the epoch) of a file, or of a folder and all below it; 0 when absent. */
function newestChange(path: string): number {
  let newest = changedAt(path) ?? 0
  for (const entry of entriesOf(path)) {
    const child = join(path, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestChange(child) : (changedAt(child) ?? 0))
  }
  return newest
}

function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return []
  }
}

function changedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}
