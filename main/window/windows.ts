import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { ElectronPorts } from '../ports/electron-ports.ts'
import type { Rectangle } from '../ports/geometry.ts'
import type { StateFile } from '../settings/state-file.ts'
import { createDashboard } from './dashboard-window.ts'
import { createPopover, type Popover } from './popover-window.ts'

export interface WindowsOptions {
  readonly ports: Pick<ElectronPorts, 'app' | 'createWindow' | 'screen'>
  readonly platform: NodeJS.Platform
  readonly clock: Clock
  readonly logger: Logger
  /** Where the place of the dashboard is remembered. */
  readonly windowFile: StateFile
  /** Of the tray icon. */
  readonly trayBounds: () => Rectangle | undefined
}

export interface Windows {
  readonly panel: Pick<Popover, 'prepare' | 'toggle' | 'hide'>
  /** Brings the dashboard to the front, at a page given as its fragment; the panel goes. */
  readonly openDashboard: (fragment?: string) => void
  readonly closeAll: () => void
}

/** Both windows of the app: they know of each other only that one of them is enough. */
export function createWindows(options: WindowsOptions): Windows {
  const { ports, platform, clock, logger } = options
  const shared = { createWindow: ports.createWindow, screen: ports.screen, clock, logger }
  const onSessionEnd = () => ports.app.quit()
  const dashboard = createDashboard({
    ...shared,
    stateFile: options.windowFile,
    onSessionEnd,
    onVisible: (visible) => ports.app.showInDock(visible),
  })
  const panel = createPopover({ ...shared, platform, trayBounds: options.trayBounds, onSessionEnd })
  return {
    panel,
    openDashboard(fragment) {
      panel.hide()
      dashboard.open(fragment)
    },
    closeAll() {
      dashboard.destroy()
      panel.destroy()
    },
  }
}
