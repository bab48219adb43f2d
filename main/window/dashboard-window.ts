import type { CreateWindow, WindowPort } from '../ports/electron-ports.ts'
import { interfaceUrl } from '../security/app-protocol.ts'
import type { Logger } from '../logger.ts'
import { createReloadGuard } from './reload-guard.ts'
import type { Clock } from '../clock.ts'

export interface DashboardOptions {
  readonly createWindow: CreateWindow
  readonly clock: Clock
  readonly logger: Logger
  /** True when the window appears, false when it is gone. */
  readonly onVisible: (visible: boolean) => void
}

export type Dashboard = ReturnType<typeof createDashboard>

/** The main window: made when first wanted, brought to the front when wanted again, gone when closed. */
export function createDashboard({ createWindow, clock, logger, onVisible }: DashboardOptions) {
  let window: WindowPort | undefined

  const create = (): WindowPort => {
    const mayReload = createReloadGuard(clock)
    const created = createWindow('dashboard', {
      closed: () => {
        window = undefined
        onVisible(false)
      },
      blurred: () => undefined,
      gone: (reason) => {
        logger.error('dashboard-gone', { reason })
        if (mayReload()) window?.reload()
      },
    })
    return created
  }

  const load = (target: WindowPort, fragment: string) => {
    target
      .load(`${interfaceUrl}${fragment}`)
      .catch((error: unknown) => logger.error('dashboard-load', { reason: String(error) }))
  }

  return {
    /** `fragment` names the page; without one a window that is there stays on its own. */
    open(fragment?: string): void {
      if (window === undefined) {
        window = create()
        load(window, fragment ?? '')
      } else if (fragment !== undefined) load(window, fragment)
      window.show()
      window.focus()
      onVisible(true)
    },
    destroy(): void {
      window?.destroy()
      window = undefined
    },
  }
}
