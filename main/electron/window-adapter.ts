import { BrowserWindow, nativeTheme } from 'electron'
import { windowOptions } from '../window/window-options.ts'
import type { CreateWindow } from '../ports/electron-ports.ts'

export interface WindowAdapterOptions {
  readonly platform: NodeJS.Platform
  readonly preloadFile: string
  readonly developerTools: boolean
}

export function adaptWindows(options: WindowAdapterOptions): CreateWindow {
  return (kind, listeners, bounds) => {
    const made = windowOptions(kind, { ...options, dark: nativeTheme.shouldUseDarkColors })
    const window = new BrowserWindow({ ...made, ...bounds })
    if (kind === 'panel' && options.platform === 'darwin') {
      // Without this the panel opens on the space where it was first shown, and never over a full screen.
      window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true })
    }
    window.on('closed', listeners.closed)
    // `close` comes while the window still has a place; the moving itself would be told a hundred times a second.
    window.on('close', listeners.moved)
    window.on('moved', listeners.moved)
    window.on('resized', listeners.moved)
    window.on('maximize', listeners.moved)
    window.on('unmaximize', listeners.moved)
    window.on('session-end', listeners.sessionEnd)
    window.on('blur', listeners.blurred)
    window.webContents.on('render-process-gone', (_event, details) => listeners.gone(details.reason))
    return {
      show: () => window.show(),
      hide: () => window.hide(),
      focus: () => window.focus(),
      isVisible: () => window.isVisible(),
      setBounds: (wanted) => window.setBounds(wanted),
      place: () => ({ bounds: window.getNormalBounds(), maximised: window.isMaximized() }),
      maximise: () => window.maximize(),
      load: (url) => window.loadURL(url),
      reload: () => window.webContents.reload(),
      destroy: () => window.destroy(),
    }
  }
}
