import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ElectronBinary {
  readonly state: 'installed' | 'missing' | 'not-a-dependency'
  /** The executable, when installed. */
  readonly path: string | undefined
}

/**
 * Looks for Electron's executable without importing `electron`, which would download it. `npm ci` leaves the package
 * without its binary; `path.txt` and `dist/` appear with the first download.
 */
export function findElectron(
  projectDirectory: string,
  environment: Readonly<Record<string, string | undefined>>,
): ElectronBinary {
  const folder = join(projectDirectory, 'node_modules', 'electron')
  if (!existsSync(join(folder, 'package.json'))) return { state: 'not-a-dependency', path: undefined }
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH
  const relative = readPathFile(join(folder, 'path.txt'))
  if (override !== undefined && override !== '') {
    const path = join(override, relative ?? defaultExecutable(process.platform))
    return existsSync(path) ? { state: 'installed', path } : { state: 'missing', path: undefined }
  }
  if (relative === undefined) return { state: 'missing', path: undefined }
  const path = join(folder, 'dist', relative)
  return existsSync(path) ? { state: 'installed', path } : { state: 'missing', path: undefined }
}

/** Runs the package's own installer, which checks the download against checksums inside the package. True when it worked. */
export function installElectron(projectDirectory: string): Promise<boolean> {
  const installer = join(projectDirectory, 'node_modules', 'electron', 'install.js')
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], { cwd: projectDirectory, stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

function readPathFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

function defaultExecutable(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}
