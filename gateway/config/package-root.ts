import { existsSync } from 'node:fs'
import { dirname, join, parse } from 'node:path'

/**
 * The folder that holds `package.json` and `resources`, found by walking up from `start`: the same from the sources and
 * from a bundle in `out/`. Throws when there is none, which means a broken installation.
 */
export function findPackageRoot(start: string = import.meta.dirname): string {
  let folder = start
  while (true) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'resources'))) return folder
    if (folder === parse(folder).root) break
    folder = dirname(folder)
  }
  throw new Error(`No folder with package.json and resources above ${start}. Install the application again.`)
}

/** Absolute path of a file in `resources`. */
export function resourcePath(name: string, start?: string): string {
  return join(findPackageRoot(start), 'resources', name)
}
