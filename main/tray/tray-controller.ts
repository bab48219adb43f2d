import type { Clock } from '../clock.ts'
import type { CreateTray, ThemePort, TrayPort, Unsubscribe } from '../ports/electron-ports.ts'
import type { Rectangle } from '../ports/geometry.ts'
import type { MenuEntry, TrayAction } from '../ports/menu.ts'
import { trayMenu } from './tray-menu.ts'
import { trayIcon, trayIconFile } from './tray-icon.ts'
import { initialTrayState, type TrayState } from './tray-state.ts'
import { trayTooltip } from './tray-tooltip.ts'

export interface TrayControllerOptions {
  readonly platform: NodeJS.Platform
  readonly createTray: CreateTray
  readonly theme: ThemePort
  readonly clock: Clock
  /** Colour of the icon where the system does not tell. */
  readonly chosenIcon: () => 'light' | 'dark'
  readonly onClick: () => void
  readonly onAction: (action: TrayAction) => void
}

export type TrayController = ReturnType<typeof createTrayController>

/** A desktop that does not say that the menu closed must not keep it from ever changing again. */
const longestOpenMs = 60_000

/**
 * Puts a state into the tray: icon, tooltip and menu come from the same state, and only what differs from what is
 * there is set. The menu waits while it is open, so that nothing moves under the pointer.
 */
export function createTrayController(options: TrayControllerOptions) {
  let tray: TrayPort | undefined
  let state = initialTrayState
  let shown: { icon: string; tooltip: string; menu: string } = { icon: '', tooltip: '', menu: '' }
  let menuOpen = false
  let cancelOpen: (() => void) | undefined
  let unsubscribe: Unsubscribe | undefined

  const iconFile = () =>
    trayIconFile(trayIcon(state), {
      platform: options.platform,
      darkTaskbar: options.theme.isTaskbarDark(),
      chosen: options.chosenIcon(),
    })

  const render = () => {
    if (tray === undefined) return
    const icon = iconFile()
    const tooltip = trayTooltip(state)
    if (icon !== shown.icon) tray.setIcon(icon)
    if (tooltip !== shown.tooltip) tray.setTooltip(tooltip)
    shown = { ...shown, icon, tooltip }
    if (!menuOpen) renderMenu(tray)
  }

  const renderMenu = (target: TrayPort) => {
    const entries: MenuEntry[] = trayMenu(state)
    const menu = JSON.stringify(entries)
    if (menu === shown.menu) return
    target.setMenu(entries)
    shown = { ...shown, menu }
  }

  const setMenuOpen = (open: boolean) => {
    cancelOpen?.()
    cancelOpen = open ? options.clock.after(longestOpenMs, () => setMenuOpen(false)) : undefined
    menuOpen = open
    if (!open) render()
  }

  const act = (action: TrayAction) => {
    // The desktop has moved the check mark by itself: the menu is set again even if the switch then fails.
    shown = { ...shown, menu: '' }
    options.onAction(action)
    setMenuOpen(false)
  }

  return {
    start(): void {
      tray = options.createTray(iconFile(), { click: options.onClick, action: act, menuOpen: setMenuOpen })
      shown = { icon: iconFile(), tooltip: '', menu: '' }
      unsubscribe = options.theme.onChange(render)
      render()
    },
    update(next: TrayState): void {
      state = next
      render()
    },
    /** After a change of the settings. */
    refresh: render,
    bounds: (): Rectangle | undefined => tray?.bounds(),
    stop(): void {
      cancelOpen?.()
      unsubscribe?.()
      tray?.destroy()
      tray = undefined
    },
  }
}
