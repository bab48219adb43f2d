import { isPaused, type TrayState } from './tray-state.ts'
import { findLimitTrouble, findTrouble } from './tray-trouble.ts'

export type TrayIcon = 'off' | 'limit' | 'degraded' | 'working' | 'ok'

/** Which of the images of the mark shows. The order of the tests is the order of precedence. */
export function trayIcon(state: TrayState): TrayIcon {
  if (state.gateway.phase !== 'running' || isPaused(state)) return 'off'
  if (findLimitTrouble(state) !== undefined) return 'limit'
  if (findTrouble(state) !== undefined) return 'degraded'
  return state.working ? 'working' : 'ok'
}

export interface IconSurroundings {
  readonly platform: NodeJS.Platform
  /** Windows: of the taskbar, not of the windows. */
  readonly darkTaskbar: boolean
  /** Linux: as the user chose it. */
  readonly chosen: 'light' | 'dark'
}

/**
 * The image file below the folder of the icons. macOS colours template images itself; Windows needs light lines on a
 * dark taskbar and the reverse; the colour of a Linux panel cannot be known, so it is what the user says.
 */
export function trayIconFile(icon: TrayIcon, { platform, darkTaskbar, chosen }: IconSurroundings): string {
  if (platform === 'darwin') return `tray/darwin/${icon}Template.png`
  if (platform === 'win32') return `tray/win32/${icon}-${darkTaskbar ? 'light' : 'dark'}.ico`
  return `tray/linux/${icon}-${chosen}.png`
}
