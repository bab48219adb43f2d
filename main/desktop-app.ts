import type { Application } from './application.ts'
import { createApplication } from './application.ts'
import type { Clock } from './clock.ts'
import { createBridgeCalls } from './desktop/bridge-calls.ts'
import { createDesktopControls } from './desktop-controls.ts'
import type { ElectronPorts } from './ports/electron-ports.ts'
import { createGatewayLink, type GatewayLink } from './gateway/gateway-link.ts'
import type { LinkInbox } from './links/link-inbox.ts'
import { createPowerWatch } from './lifecycle/power.ts'
import type { Logger } from './logger.ts'
import { createNoticeBoard } from './notices/notice-board.ts'
import { securityService } from './security-service.ts'
import type { Service } from './service.ts'
import { openSettings, type SettingsStore } from './settings/settings-store.ts'
import type { StateFile } from './settings/state-file.ts'
import { createTrayActions } from './tray/tray-actions.ts'
import { createTrayController, type TrayController } from './tray/tray-controller.ts'
import { createEventFeed } from './tray/event-feed.ts'
import { createTrayStatus } from './tray/tray-status.ts'
import { createUpdateWatch } from './updates/update-watch.ts'
import { createWindows } from './window/windows.ts'
import { createLinkOpener, windowService } from './window-service.ts'

export interface DesktopAppOptions {
  readonly ports: ElectronPorts
  readonly platform: NodeJS.Platform
  readonly clock: Clock
  readonly logger: Logger
  readonly fetch: typeof fetch
  /** Folder of the built renderer. */
  readonly uiDirectory: string
  readonly developerTools: boolean
  /** Started by the login item: nothing opens until asked for. */
  readonly hidden: boolean
  /** False for a copy that runs from its sources. */
  readonly installed: boolean
  readonly settingsFile: StateFile
  readonly windowFile: StateFile
  /** What can be shown in the file manager; the config only where its place is known before the gateway tells. */
  readonly places: { readonly log: string; readonly config: string | undefined }
  readonly links: LinkInbox
  /** Quits in order and ends with something else than the app's own end. */
  readonly quitInto: (end: () => void) => void
}

/** How long one part may take to stop, ms: more than the gateway's grace and the kill after it. */
export const serviceStopLimitMs = 12_000

/** Builds the desktop app from its ports and gives its services in order. No Electron in here: tests run it on doubles. */
export function createDesktopApp(options: DesktopAppOptions): Application {
  const { ports, clock, logger } = options
  const settings = openSettings(options.settingsFile)
  const gateway = createGatewayLink({
    ...options,
    fork: ports.forkGateway,
    onPortNotKept: (sentence) => ports.desktop.showError('The port was not kept', sentence),
  })
  const { supervisor, control } = gateway
  const windows = createWindows({ ...options, trayBounds: () => tray.bounds() })
  const { panel, openDashboard } = windows
  const tray = createTrayController({
    ...options,
    ...ports,
    chosenIcon: () => settings.current().trayIcon,
    onClick: () => panel.toggle(),
    onAction: createTrayActions({ ...ports, supervisor, control, openDashboard, logger }),
  })
  const status = followGateway(options, gateway, settings, { tray, openDashboard })
  const updates = createUpdateWatch({
    port: ports.updates,
    clock,
    logger,
    isWanted: () => settings.current().updates,
    quitInto: options.quitInto,
  })
  const controls = createDesktopControls({ ...options, settings, supervisor, status, tray, updates, openDashboard })
  const openLink = createLinkOpener({ logger, openDashboard })
  const services: Service[] = [
    securityService({ ...options, gateway: gateway.address }),
    windowService({ ports, logger, openLink, openDashboard, close: () => windows.closeAll() }),
    createBridgeCalls(ports.calls, controls),
    { name: 'tray', start: () => tray.start(), stop: () => tray.stop() },
    { name: 'tray-status', start: () => status.start(), stop: () => status.stop() },
    { name: 'gateway', start: () => supervisor.start(), stop: () => supervisor.stop() },
    createPowerWatch({
      power: ports.power,
      logger,
      onResume: () => status.reconnect(),
      onShutdown: () => ports.app.quit(),
    }),
    updates,
    { name: 'panel', start: () => panel.prepare(), stop: () => panel.hide() },
    firstWindowService(options, openDashboard, openLink),
  ]
  return createApplication({ services, clock, logger, stopLimitMs: serviceStopLimitMs })
}

interface Faces {
  readonly tray: Pick<TrayController, 'update'>
  readonly openDashboard: (page: string) => void
}

/** What the gateway tells, to the tray and the notices. */
function followGateway(
  { ports, clock, logger, fetch }: DesktopAppOptions,
  { supervisor, control }: GatewayLink,
  settings: SettingsStore,
  { tray, openDashboard }: Faces,
) {
  const notices = createNoticeBoard({
    port: ports.notices,
    switches: () => settings.current().notices,
    onOpen: openDashboard,
  })
  return createTrayStatus({
    supervisor,
    createFeed: (onEvent) => createEventFeed({ fetch, clock, logger, onEvent }),
    control,
    clock,
    logger,
    onChange: (state) => {
      tray.update(state)
      notices.update(state)
    },
  })
}

/** The dashboard, unless the system started the app; and the page of a link that started it, or is clicked later. */
function firstWindowService(
  { hidden, links }: Pick<DesktopAppOptions, 'hidden' | 'links'>,
  openDashboard: () => void,
  openLink: (link: string) => void,
): Service {
  let release: (() => void) | undefined
  return {
    name: 'first-window',
    start() {
      if (!hidden) openDashboard()
      release = links.take(openLink)
    },
    stop: () => release?.(),
  }
}
