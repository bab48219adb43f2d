import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPackageRoot } from '../config/package-root.ts'

export interface Installation {
  readonly version: string
  /** Folder of the built interface; undefined when it was not built. */
  readonly uiDirectory: string | undefined
}

/** What this copy of Signalbox is and has. Throws when its package.json cannot be found. */
export function findInstallation(): Installation {
  const root = findPackageRoot()
  const description = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const uiDirectory = join(root, 'out', 'renderer')
  return {
    version: description.version,
    uiDirectory: existsSync(join(uiDirectory, 'index.html')) ? uiDirectory : undefined,
  }
}
