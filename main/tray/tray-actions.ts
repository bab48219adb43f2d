import type { ControlClient } from '../../gateway/contract/control-client.ts'
import type { AppPort, DesktopPort } from '../ports/electron-ports.ts'
import type { GatewaySupervisor } from '../gateway/gateway-supervisor.ts'
import type { Logger } from '../logger.ts'
import type { TrayAction } from '../ports/menu.ts'

export interface TrayActionsOptions {
  readonly app: Pick<AppPort, 'quit'>
  readonly desktop: Pick<DesktopPort, 'copyText' | 'showError'>
  readonly supervisor: Pick<GatewaySupervisor, 'start' | 'stop' | 'restart'>
  /** Of the running gateway; undefined while none runs. */
  readonly control: () => Pick<ControlClient, 'setSwitch'> | undefined
  readonly openDashboard: () => void
  readonly logger: Logger
}

/** Carries out what was chosen in the menu. */
export function createTrayActions(options: TrayActionsOptions): (action: TrayAction) => void {
  const { app, desktop, supervisor, control, openDashboard, logger } = options

  const setSwitch = async (action: Extract<TrayAction, { type: 'set-switch' }>) => {
    try {
      const client = control()
      if (client === undefined) throw new Error('The gateway is not running.')
      // The new position comes back as an event and moves the check mark.
      await client.setSwitch(action.router, action.position)
    } catch (error) {
      logger.warn('switch-failed', { router: action.router, reason: (error as Error).message })
      desktop.showError(`${action.router} was not switched`, (error as Error).message)
    }
  }

  return (action) => {
    switch (action.type) {
      case 'open-dashboard':
        return openDashboard()
      case 'copy-endpoint':
        return desktop.copyText(action.url)
      case 'set-switch':
        return void setSwitch(action)
      case 'start-gateway':
        return supervisor.start()
      case 'restart-gateway':
        return supervisor.restart()
      case 'pause-gateway':
        return void supervisor.stop()
      case 'quit':
        return app.quit()
    }
  }
}
