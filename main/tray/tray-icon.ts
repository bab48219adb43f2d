import { findTrouble, type TrayState } from './tray-state.ts'

export type TrayIcon = 'off' | 'degraded' | 'working' | 'ok'

/** Which of the images of the mark shows. The order of the tests is the order of precedence. */
export function trayIcon(state: TrayState): TrayIcon {
  if (state.gateway.phase !== 'running') return 'off'
  if (findTrouble(state) !== undefined) return 'degraded'
  return state.working ? 'working' : 'ok'
}

/**
 * The image file below the folder of the icons. macOS colours template images itself; Windows needs light lines on a
 * dark taskbar and the reverse; the colour of a Linux panel cannot be known, so it is light until a setting says more.
 */
export function trayIconFile(icon: TrayIcon, platform: NodeJS.Platform, darkTaskbar: boolean): string {
  if (platform === 'darwin') return `tray/darwin/${icon}Template.png`
  if (platform === 'win32') return `tray/win32/${icon}-${darkTaskbar ? 'light' : 'dark'}.ico`
  return `tray/linux/${icon}-light.png`
}
