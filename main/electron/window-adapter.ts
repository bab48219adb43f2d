import { BrowserWindow, nativeTheme } from 'electron'
import { windowOptions } from '../window/window-options.ts'
import type { CreateWindow } from '../ports/electron-ports.ts'

export interface WindowAdapterOptions {
  readonly platform: NodeJS.Platform
  readonly preloadFile: string
  readonly developerTools: boolean
}

export function adaptWindows(options: WindowAdapterOptions): CreateWindow {
  return (kind, listeners) => {
    const window = new BrowserWindow(windowOptions(kind, { ...options, dark: nativeTheme.shouldUseDarkColors }))
    window.on('closed', listeners.closed)
    window.on('blur', listeners.blurred)
    window.webContents.on('render-process-gone', (_event, details) => listeners.gone(details.reason))
    return {
      show: () => window.show(),
      hide: () => window.hide(),
      focus: () => window.focus(),
      isVisible: () => window.isVisible(),
      setBounds: (bounds) => window.setBounds(bounds),
      load: (url) => window.loadURL(url),
      reload: () => window.webContents.reload(),
      destroy: () => window.destroy(),
    }
  }
}
