import type { BrowserWindowConstructorOptions } from 'electron'
import type { WindowKind } from '../ports/electron-ports.ts'
import { popoverSize } from './popover-position.ts'

export interface WindowFacts {
  readonly platform: NodeJS.Platform
  readonly preloadFile: string
  /** Only while developing. */
  readonly developerTools: boolean
  readonly dark: boolean
}

/** The surface colours of the interface, so that nothing flashes before it is drawn. */
const windowColour = { light: '#f6f7f9', dark: '#16181c' }

/** How a window is made. Most of the web preferences are Electron's defaults; writing them down keeps them so. */
export function windowOptions(kind: WindowKind, facts: WindowFacts): BrowserWindowConstructorOptions {
  return {
    title: 'Signalbox',
    show: false,
    backgroundColor: facts.dark ? windowColour.dark : windowColour.light,
    autoHideMenuBar: true,
    ...(kind === 'panel' ? panelOptions(facts.platform) : dashboardOptions(facts.platform)),
    webPreferences: {
      preload: facts.preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: facts.developerTools,
    },
  }
}

function dashboardOptions(platform: NodeJS.Platform): BrowserWindowConstructorOptions {
  const size = { width: 1280, height: 820, minWidth: 760, minHeight: 520 }
  return platform === 'darwin' ? { ...size, titleBarStyle: 'hiddenInset' } : size
}

function panelOptions(platform: NodeJS.Platform): BrowserWindowConstructorOptions {
  return {
    ...popoverSize,
    resizable: false,
    maximizable: false,
    minimizable: false,
    fullscreenable: false,
    // On Linux nothing anchors it to the icon, so it is a small window that can be moved and closed.
    frame: platform === 'linux',
    skipTaskbar: platform !== 'linux',
    // Windows opens it behind the active window otherwise.
    alwaysOnTop: platform === 'win32',
    hiddenInMissionControl: true,
  }
}
