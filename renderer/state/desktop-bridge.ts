import type { DesktopBridge } from '../../gateway/contract/desktop.ts'

export type { DesktopBridge, DesktopChange, DesktopView, GatewayProcessView } from '../../gateway/contract/desktop.ts'

declare global {
  interface Window {
    /** What the desktop application offers to the page; absent in a browser. */
    readonly signalbox?: DesktopBridge
  }
}

/** The desktop application around this page; undefined in a browser. */
export function desktopBridge(): DesktopBridge | undefined {
  return window.signalbox
}

/** True when the panel can hand a page to the dashboard window. */
export function hasDashboardWindow(): boolean {
  return desktopBridge() !== undefined
}

/** Opens the dashboard at a page: the desktop's own window, else a wide browser window that shares this tab's session. */
export function openDashboard(fragment: string): void {
  const bridge = desktopBridge()
  if (bridge === undefined) window.open(`./${fragment}`, '_blank', 'width=1280,height=820')
  else bridge.openDashboard(fragment)
}
