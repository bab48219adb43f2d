import { spawn } from 'node:child_process'
import { type ElectronExit } from './decide-launch.ts'

export interface ElectronRun {
  readonly executable: string
  readonly projectDirectory: string
  /** The flags of `npm start -- …`, for the gateway. */
  readonly flags: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Starts Electron on the built main and waits for its end. Ctrl-C reaches Electron by itself (same process group) and
 * SIGTERM is passed on; both start its own orderly quit, so this process only waits. A second one ends it at once.
 */
export function runElectron(options: ElectronRun): Promise<ElectronExit> {
  const startedAt = performance.now()
  // Inherited by accident from an Electron-based terminal, this would make Electron run as plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = options.environment
  // Behind `--` Chromium leaves the flags alone.
  const child = spawn(options.executable, [options.projectDirectory, '--', ...options.flags], {
    cwd: options.projectDirectory,
    env: environment,
    stdio: 'inherit',
  })
  let asked = 0
  const pass = (signal: NodeJS.Signals) => {
    asked += 1
    if (asked > 1) child.kill('SIGKILL')
    else if (signal === 'SIGTERM') child.kill('SIGTERM')
  }
  process.on('SIGINT', pass)
  process.on('SIGTERM', pass)
  return new Promise((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      process.off('SIGINT', pass)
      process.off('SIGTERM', pass)
      resolve({ code, signal, elapsedMs: performance.now() - startedAt, asked: asked > 0 })
    }
    child.once('error', () => finish(127, null))
    child.once('exit', finish)
  })
}
