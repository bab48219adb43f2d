import { app } from 'electron'
import { autostartFile } from '../lifecycle/autostart-file.ts'
import { hiddenFlag } from '../lifecycle/login-item.ts'
import type { LoginItemPort } from '../ports/electron-ports.ts'

export interface LoginItemAdapterOptions {
  readonly platform: NodeJS.Platform
  /** Where Linux desktops look for what opens at login. */
  readonly autostartDirectory: string
  /** The file that is started; the AppImage itself where there is one. */
  readonly executable: string
}

/** The system's list of what opens at login. Linux keeps it in files; Electron's own call does nothing there. */
export function adaptLoginItem(options: LoginItemAdapterOptions): LoginItemPort {
  if (options.platform === 'linux') {
    return autostartFile({ directory: options.autostartDirectory, executable: options.executable })
  }
  // Windows compares the arguments too.
  const args = options.platform === 'win32' ? { args: [hiddenFlag] } : {}
  return {
    read: () => {
      const { openAtLogin, status } = app.getLoginItemSettings(args)
      return { on: openAtLogin, awaitsApproval: status === 'requires-approval' }
    },
    write: (on) => app.setLoginItemSettings({ openAtLogin: on, ...args }),
  }
}

/** True when macOS itself started the app at login; there it gets no arguments. Call after `ready`. */
export function wasOpenedAtLogin(platform: NodeJS.Platform): boolean {
  return platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin
}
