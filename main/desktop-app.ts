import { createControlClient } from '../gateway/contract/control-client.ts'
import type { Application } from './application.ts'
import { createApplication } from './application.ts'
import type { Clock } from './clock.ts'
import type { ElectronPorts } from './ports/electron-ports.ts'
import { createGatewaySupervisor } from './gateway/gateway-supervisor.ts'
import { createPowerWatch } from './lifecycle/power.ts'
import { showOnSecondStart } from './lifecycle/single-instance.ts'
import type { Logger } from './logger.ts'
import { answerAppRequest } from './security/app-protocol.ts'
import type { GatewayAddress } from './security/forward-to-gateway.ts'
import { applyPagePolicy, applySessionPolicy } from './security/session-policy.ts'
import type { Service } from './service.ts'
import { createTrayActions } from './tray/tray-actions.ts'
import { createTrayController } from './tray/tray-controller.ts'
import { createEventFeed } from './tray/event-feed.ts'
import { createTrayStatus } from './tray/tray-status.ts'
import { createDashboard } from './window/dashboard-window.ts'
import { createPopover } from './window/popover-window.ts'

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
}

/** How long one part may take to stop, ms: more than the gateway's grace and the kill after it. */
export const serviceStopLimitMs = 12_000

/** Builds the desktop app from its ports and gives its services in order. No Electron in here: tests run it on doubles. */
export function createDesktopApp(options: DesktopAppOptions): Application {
  const { ports, platform, clock, logger } = options
  const supervisor = createGatewaySupervisor({ fork: ports.forkGateway, clock, logger })
  const address = (): GatewayAddress | undefined => {
    const state = supervisor.state()
    return state.phase === 'running' ? { url: state.url, controlToken: state.controlToken } : undefined
  }
  const control = () => {
    const current = address()
    if (current === undefined) return undefined
    return createControlClient({ baseUrl: current.url, token: () => current.controlToken, fetch: options.fetch })
  }
  const dashboard = createDashboard({
    createWindow: ports.createWindow,
    clock,
    logger,
    onVisible: (visible) => ports.app.showInDock(visible),
  })
  const popover = createPopover({
    platform,
    createWindow: ports.createWindow,
    screen: ports.screen,
    trayBounds: () => tray.bounds(),
    clock,
    logger,
  })
  const openDashboard = (fragment?: string) => {
    popover.hide()
    dashboard.open(fragment)
  }
  const tray = createTrayController({
    platform,
    createTray: ports.createTray,
    theme: ports.theme,
    clock,
    onClick: () => popover.toggle(),
    onAction: createTrayActions({
      app: ports.app,
      desktop: ports.desktop,
      supervisor,
      control,
      openDashboard,
      logger,
    }),
  })
  const status = createTrayStatus({
    supervisor,
    createFeed: (onEvent) => createEventFeed({ fetch: options.fetch, clock, logger, onEvent }),
    clock,
    onChange: (state) => tray.update(state),
  })
  const services: Service[] = [
    securityService(options, address),
    windowService({ ports, logger, openDashboard, close: () => [dashboard, popover].forEach((w) => w.destroy()) }),
    { name: 'tray', start: () => tray.start(), stop: () => tray.stop() },
    { name: 'tray-status', start: () => status.start(), stop: () => status.stop() },
    { name: 'gateway', start: () => supervisor.start(), stop: () => supervisor.stop() },
    createPowerWatch({
      power: ports.power,
      logger,
      onResume: () => status.reconnect(),
      onShutdown: () => ports.app.quit(),
    }),
    { name: 'first-window', start: () => (options.hidden ? undefined : openDashboard()), stop: () => popover.hide() },
  ]
  return createApplication({ services, clock, logger, stopLimitMs: serviceStopLimitMs })
}

/** The scheme and the rules for pages: in force before the first window exists, and until the last one is gone. */
function securityService(options: DesktopAppOptions, gateway: () => GatewayAddress | undefined): Service {
  const { ports, developerTools, uiDirectory } = options
  const releases: (() => void)[] = []
  return {
    name: 'security',
    start() {
      applySessionPolicy(ports.session, { developerTools })
      releases.push(
        ports.app.onPage((page) => applyPagePolicy(page, { openExternal: (url) => ports.desktop.openExternal(url) })),
        ports.protocol.handle((request) => answerAppRequest(request, { uiDirectory, gateway, fetch: options.fetch })),
      )
    },
    stop() {
      for (const release of releases.splice(0)) release()
    },
  }
}

interface WindowServiceOptions {
  readonly ports: ElectronPorts
  readonly logger: Logger
  readonly openDashboard: (fragment?: string) => void
  readonly close: () => void
}

/** Everything that brings the dashboard to the front, and the rule that closing it does not end the app. */
function windowService({ ports, logger, openDashboard, close }: WindowServiceOptions): Service {
  const releases: (() => void)[] = []
  return {
    name: 'windows',
    start() {
      releases.push(
        ports.app.onWindowAllClosed(() => undefined),
        ports.app.onActivate(() => openDashboard()),
        showOnSecondStart(ports.app, () => openDashboard()),
        ports.calls.onOpenDashboard(openDashboard),
        ports.app.onChildGone((details) => logger.warn('child-gone', details)),
      )
    },
    stop() {
      for (const release of releases.splice(0)) release()
      close()
    },
  }
}
