import type { Clock } from '../clock.ts'
import type { CreateWindow, ScreenPort, WindowPort } from '../ports/electron-ports.ts'
import type { Logger } from '../logger.ts'
import { interfaceUrl } from '../security/app-protocol.ts'
import type { Rectangle } from '../ports/geometry.ts'
import { contains, popoverBounds, popoverSize } from './popover-position.ts'
import { createReloadGuard } from './reload-guard.ts'

export interface PopoverOptions {
  readonly platform: NodeJS.Platform
  readonly createWindow: CreateWindow
  readonly screen: ScreenPort
  /** Of the tray icon. */
  readonly trayBounds: () => Rectangle | undefined
  readonly clock: Clock
  readonly logger: Logger
  /** Windows ends the session; a window that is never shown hears of it too. */
  readonly onSessionEnd: () => void
}

export type Popover = ReturnType<typeof createPopover>

/** The panel at the tray icon: one window, made hidden, then shown and hidden, never made again. */
export function createPopover(options: PopoverOptions) {
  const { platform, createWindow, screen, trayBounds, clock, logger } = options
  let window: WindowPort | undefined
  /** On Linux it is a window like others: it opens where it was left and stays until it is closed. */
  const free = platform === 'linux'
  let placed = false

  const create = (): WindowPort => {
    const mayReload = createReloadGuard(clock)
    const created = createWindow('panel', {
      closed: () => {
        window = undefined
        placed = false
      },
      // The click on the icon takes the focus first: hiding here would make the toggle show the panel again.
      blurred: () => {
        if (!free && !contains(trayBounds(), screen.pointer())) window?.hide()
      },
      moved: () => undefined,
      sessionEnd: options.onSessionEnd,
      gone: (reason) => {
        logger.error('panel-gone', { reason })
        if (mayReload()) window?.reload()
      },
    })
    created.load(interfaceUrl).catch((error: unknown) => logger.error('panel-load', { reason: String(error) }))
    return created
  }

  const place = (target: WindowPort) => {
    const tray = trayBounds()
    const display = screen.displayAt(tray ?? screen.pointer())
    target.setBounds(
      popoverBounds({ platform, tray, display: display.bounds, workArea: display.workArea, size: popoverSize }),
    )
  }

  return {
    /**
     * Makes it before it is wanted, where it belongs to the icon: it is there at the first click, and Windows tells of
     * the session's end to windows only.
     */
    prepare(): void {
      if (!free) window ??= create()
    },
    toggle(): void {
      window ??= create()
      if (window.isVisible()) return window.hide()
      if (!free || !placed) place(window)
      placed = true
      window.show()
      window.focus()
    },
    hide(): void {
      window?.hide()
    },
    destroy(): void {
      window?.destroy()
      window = undefined
    },
  }
}
