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
  readonly control: () => Pick<ControlClient, 'setSwitch' | 'pause' | 'resume'> | undefined
  /** At a page given as its fragment, else at the one that is open. */
  readonly openDashboard: (page?: string) => void
  readonly logger: Logger
}

/** Carries out what was chosen in the menu. */
export function createTrayActions(options: TrayActionsOptions): (action: TrayAction) => void {
  const { app, desktop, supervisor, openDashboard } = options
  return (action) => {
    switch (action.type) {
      case 'open-dashboard':
        return openDashboard(action.page)
      case 'copy-endpoint':
        return desktop.copyText(action.url)
      case 'set-switch':
        return void ask(options, `${action.router} was not switched`, (client) =>
          client.setSwitch(action.router, action.position),
        )
      case 'start-gateway':
        return supervisor.start(action.port)
      case 'restart-gateway':
        return supervisor.restart()
      case 'stop-gateway':
        return void supervisor.stop()
      case 'pause-gateway':
        return void ask(options, 'The gateway was not paused', (client) => client.pause())
      case 'resume-gateway':
        return void ask(options, 'The gateway was not resumed', (client) => client.resume())
      case 'quit':
        return app.quit()
    }
  }
}

type Client = NonNullable<ReturnType<TrayActionsOptions['control']>>

/** Asks the gateway; what changed comes back as an event. A failure is shown, since nothing else would tell of it. */
async function ask(
  { control, desktop, logger }: TrayActionsOptions,
  failure: string,
  call: (client: Client) => Promise<unknown>,
): Promise<void> {
  try {
    const client = control()
    if (client === undefined) throw new Error('The gateway is not running.')
    await call(client)
  } catch (error) {
    logger.warn('tray-call-failed', { call: failure, reason: (error as Error).message })
    desktop.showError(failure, (error as Error).message)
  }
}
