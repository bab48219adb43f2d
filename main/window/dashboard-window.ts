import type { CreateWindow, ScreenPort, WindowListeners, WindowPort } from '../ports/electron-ports.ts'
import { interfaceUrl } from '../security/app-protocol.ts'
import type { Logger } from '../logger.ts'
import { createReloadGuard } from './reload-guard.ts'
import type { Clock } from '../clock.ts'
import type { StateFile } from '../settings/state-file.ts'
import { readWindowState, restoreWindowState, writeWindowState } from './window-state.ts'

export interface DashboardOptions {
  readonly createWindow: CreateWindow
  readonly clock: Clock
  readonly logger: Logger
  readonly screen: Pick<ScreenPort, 'workAreas'>
  /** Where its place is remembered. */
  readonly stateFile: StateFile
  /** Windows ends the session. */
  readonly onSessionEnd: () => void
  /** True when the window appears, false when it is gone. */
  readonly onVisible: (visible: boolean) => void
}

export type Dashboard = ReturnType<typeof createDashboard>

/** The main window: made when first wanted, where it was the last time; brought to the front when wanted again, gone when closed. */
export function createDashboard(options: DashboardOptions) {
  const { createWindow, clock, logger, screen, stateFile, onVisible } = options
  let window: WindowPort | undefined

  const remember = () => {
    if (window === undefined) return
    try {
      stateFile.write(writeWindowState(window.place()))
    } catch (error) {
      // The window then opens where it did before; nothing else depends on it.
      logger.warn('window-place-lost', { reason: (error as NodeJS.ErrnoException).code })
    }
  }

  const create = (): WindowPort => {
    const mayReload = createReloadGuard(clock)
    const state = restoreWindowState(readWindowState(stateFile.read()), screen.workAreas())
    const listeners: WindowListeners = {
      closed: () => {
        window = undefined
        onVisible(false)
      },
      blurred: () => undefined,
      moved: remember,
      sessionEnd: options.onSessionEnd,
      gone: (reason) => {
        logger.error('dashboard-gone', { reason })
        if (mayReload()) window?.reload()
      },
    }
    const created = createWindow('dashboard', listeners, state?.bounds)
    if (state?.maximised === true) created.maximise()
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
      remember()
      window?.destroy()
      window = undefined
    },
  }
}
