import type { DesktopView } from '../gateway/contract/desktop.ts'
import type { BridgeHandlers } from './desktop/bridge-calls.ts'
import type { GatewaySupervisor } from './gateway/gateway-supervisor.ts'
import { processView } from './gateway/process-view.ts'
import { readLoginItem, setLoginItem } from './lifecycle/login-item.ts'
import type { ElectronPorts } from './ports/electron-ports.ts'
import type { SettingsStore } from './settings/settings-store.ts'
import type { TrayController } from './tray/tray-controller.ts'
import type { createTrayStatus } from './tray/tray-status.ts'
import type { createUpdateWatch } from './updates/update-watch.ts'

export interface DesktopControlsOptions {
  readonly ports: Pick<ElectronPorts, 'app' | 'desktop' | 'loginItem'>
  readonly installed: boolean
  readonly places: { readonly log: string; readonly config: string | undefined }
  readonly settings: SettingsStore
  readonly supervisor: Pick<GatewaySupervisor, 'state' | 'start'>
  readonly status: Pick<ReturnType<typeof createTrayStatus>, 'state'>
  readonly tray: Pick<TrayController, 'refresh'>
  readonly updates: Pick<ReturnType<typeof createUpdateWatch>, 'view' | 'refresh' | 'install'>
  readonly openDashboard: (fragment?: string) => void
}

/** What the pages may ask of the desktop, carried out. */
export function createDesktopControls(options: DesktopControlsOptions): BridgeHandlers {
  const { ports, installed, places, settings, supervisor, status, tray, updates } = options
  const view = (): DesktopView => {
    const { openAtLogin, note } = readLoginItem(ports.loginItem, installed)
    return {
      settings: settings.current(),
      openAtLogin,
      openAtLoginNote: note,
      gateway: processView(supervisor.state()),
      update: updates.view(),
    }
  }
  return {
    openDashboard: (fragment) => options.openDashboard(fragment),
    view,
    change({ openAtLogin, ...change }) {
      if (openAtLogin !== undefined) setLoginItem(ports.loginItem, installed, openAtLogin)
      if (Object.keys(change).length > 0) {
        settings.change(change)
        tray.refresh()
        updates.refresh()
      }
      return view()
    },
    startGateway: (port) => supervisor.start(port),
    reveal(target) {
      const config = status.state().snapshot?.status.config.path ?? places.config
      const path = target === 'log' ? places.log : config
      if (path !== undefined) return ports.desktop.reveal(path)
      ports.desktop.showError('The config file is not known', 'The gateway names its place, and has not run yet.')
    },
    installUpdate: () => updates.install(),
    quit: () => ports.app.quit(),
  }
}
