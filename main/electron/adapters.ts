import { clipboard, dialog, ipcMain, nativeTheme, powerMonitor, screen, shell } from 'electron'
import { channels } from '../desktop/bridge.ts'
import { readPageFragment } from '../desktop/page-fragment.ts'
import { isTrustedSender } from '../desktop/sender.ts'
import { adaptApp, adaptProtocol, adaptSession } from './app-adapter.ts'
import { adaptGatewayProcess, type GatewayProcessOptions } from './gateway-process.ts'
import type {
  CallsPort,
  DesktopPort,
  ElectronPorts,
  PowerPort,
  ScreenPort,
  ThemePort,
} from '../ports/electron-ports.ts'
import { adaptTray, type TrayAdapterOptions } from './tray-adapter.ts'
import { adaptWindows, type WindowAdapterOptions } from './window-adapter.ts'

export type AdapterOptions = TrayAdapterOptions & WindowAdapterOptions & GatewayProcessOptions

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
    forkGateway: adaptGatewayProcess(options),
  }
}

function adaptScreen(): ScreenPort {
  return {
    pointer: () => screen.getCursorScreenPoint(),
    displayAt: (point) => screen.getDisplayNearestPoint(point),
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
  }
}

function adaptCalls(): CallsPort {
  return {
    onOpenDashboard: (listener) => {
      const onCall = (event: Electron.IpcMainEvent, fragment: unknown) => {
        if (isTrustedSender(event.senderFrame)) listener(readPageFragment(fragment))
      }
      ipcMain.on(channels.openDashboard, onCall)
      return () => ipcMain.off(channels.openDashboard, onCall)
    },
  }
}
