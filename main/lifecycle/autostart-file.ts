import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoginItemPort } from '../ports/electron-ports.ts'
import { hiddenFlag } from './login-item.ts'

export interface AutostartOptions {
  /** `$XDG_CONFIG_HOME/autostart`. */
  readonly directory: string
  /** What is started: the AppImage itself, where there is one, because its inside is mounted anew at each start. */
  readonly executable: string
}

/** Opening at login on Linux: a desktop entry in the folder that every desktop reads (freedesktop.org, Autostart). */
export function autostartFile({ directory, executable }: AutostartOptions): LoginItemPort {
  const path = join(directory, 'signalbox.desktop')
  return {
    read: () => ({ on: isEnabled(path), awaitsApproval: false }),
    write(on) {
      if (!on) return rmSync(path, { force: true })
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      writeFileSync(path, autostartEntry(executable))
    },
  }
}

/** An entry that a desktop's own settings have switched off counts as off. */
function isEnabled(path: string): boolean {
  try {
    const text = readFileSync(path, 'utf8')
    return !/^\s*(?:Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/im.test(text)
  } catch {
    return false
  }
}

/** The desktop entry that starts a program without a window. */
export function autostartEntry(executable: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Signalbox',
    'Comment=One endpoint, one key, every model',
    `Exec=${quoteExec(executable)} ${hiddenFlag}`,
    'Icon=signalbox',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

/**
 * A path as one argument of `Exec` (freedesktop.org, Desktop Entry, "The Exec key"): quoted, with the four characters
 * of shells escaped; the escape character itself is escaped again, as in every string of an entry; % begins a field code.
 */
function quoteExec(path: string): string {
  const quoted = path.replace(/[\\"`$]/g, String.raw`\$&`).replaceAll('%', '%%')
  return `"${quoted.replaceAll('\\', String.raw`\\`)}"`
}
