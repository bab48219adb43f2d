import { clipboard, dialog, nativeTheme, powerMonitor, screen, shell } from 'electron'
import { adaptApp, adaptProtocol, adaptSession } from './app-adapter.ts'
import { adaptCalls } from './calls-adapter.ts'
import { adaptGatewayProcess, type GatewayProcessOptions } from './gateway-process.ts'
import { adaptLoginItem, type LoginItemAdapterOptions } from './login-item-adapter.ts'
import { adaptNotices } from './notice-adapter.ts'
import type { DesktopPort, ElectronPorts, PowerPort, ScreenPort, ThemePort } from '../ports/electron-ports.ts'
import { adaptTray, type TrayAdapterOptions } from './tray-adapter.ts'
import { adaptUpdates } from './update-adapter.ts'
import { adaptWindows, type WindowAdapterOptions } from './window-adapter.ts'

export type AdapterOptions = TrayAdapterOptions & WindowAdapterOptions & GatewayProcessOptions & LoginItemAdapterOptions

/** All ports on the real Electron. Call after `ready`: the screen, the session and the power monitor exist only then. */
export function adaptElectron(options: AdapterOptions): ElectronPorts {
  return {
    app: adaptApp(),
    session: adaptSession(),
    protocol: adaptProtocol(),
    createTray: adaptTray(options),
    createWindow: adaptWindows(options),
    screen: adaptScreen(),
    theme: adaptTheme(),
    power: adaptPower(),
    desktop: adaptDesktop(),
    calls: adaptCalls(),
    notices: adaptNotices(),
    loginItem: adaptLoginItem(options),
    updates: adaptUpdates(options.platform, process.env),
    forkGateway: adaptGatewayProcess(options),
  }
}

function adaptScreen(): ScreenPort {
  return {
    pointer: () => screen.getCursorScreenPoint(),
    displayAt: (point) => screen.getDisplayNearestPoint(point),
    workAreas: () => screen.getAllDisplays().map(({ workArea }) => workArea),
  }
}

function adaptTheme(): ThemePort {
  return {
    isTaskbarDark: () => nativeTheme.shouldUseDarkColorsForSystemIntegratedUI,
    onChange: (listener) => {
      nativeTheme.on('updated', listener)
      return () => nativeTheme.off('updated', listener)
    },
  }
}

function adaptPower(): PowerPort {
  return {
    onSuspend: (listener) => {
      powerMonitor.on('suspend', listener)
      return () => powerMonitor.off('suspend', listener)
    },
    onResume: (listener) => {
      powerMonitor.on('resume', listener)
      return () => powerMonitor.off('resume', listener)
    },
    onShutdown: (listener) => {
      powerMonitor.on('shutdown', listener)
      return () => powerMonitor.off('shutdown', listener)
    },
  }
}

function adaptDesktop(): DesktopPort {
  return {
    openExternal: (url) => void shell.openExternal(url),
    copyText: (text) => void clipboard.writeText(text),
    showError: (title, text) => dialog.showErrorBox(title, text),
    reveal: (path) => shell.showItemInFolder(path),
  }
}
