import { join, resolve } from 'node:path'

export interface DesktopPathInputs {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly workingDirectory: string
  /** `--data-dir` of the app, when given. */
  readonly dataDir: string | undefined
}

/**
 * The folder for what Electron itself keeps (Chromium's profile, the lock against a second copy) and for the desktop
 * log: apart from the gateway's own data, and inside `--data-dir` when that is given, so that two data directories are two apps.
 */
export function desktopDirectory(inputs: DesktopPathInputs): string {
  const { platform, environment, home, workingDirectory } = inputs
  const dataDir = inputs.dataDir ?? nonEmpty(environment.SIGNALBOX_DATA_DIR)
  if (dataDir !== undefined) return join(resolve(workingDirectory, dataDir), 'desktop')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'signalbox-desktop')
  // Not roaming: a Chromium profile is large and belongs to one machine.
  if (platform === 'win32')
    return join(nonEmpty(environment.LOCALAPPDATA) ?? join(home, 'AppData', 'Local'), 'signalbox-desktop')
  return join(nonEmpty(environment.XDG_CONFIG_HOME) ?? join(home, '.config'), 'signalbox-desktop')
}

/** Where Linux desktops look for what they start at login (freedesktop.org, Autostart). */
export function autostartDirectory(environment: DesktopPathInputs['environment'], home: string): string {
  return join(nonEmpty(environment.XDG_CONFIG_HOME) ?? join(home, '.config'), 'autostart')
}

/** The config file that the flags or the data directory name; undefined = it is in the platform's own place, which the gateway knows. */
export function knownConfigPath(
  config: string | undefined,
  dataDir: string | undefined,
  workingDirectory: string,
): string | undefined {
  if (config !== undefined) return resolve(workingDirectory, config)
  return dataDir === undefined ? undefined : join(resolve(workingDirectory, dataDir), 'config.yaml')
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
