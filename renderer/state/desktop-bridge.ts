/** What the desktop application may offer to the page; absent in a browser. */
export interface DesktopBridge {
  /** Shows the dashboard window at a page, given as its fragment. */
  readonly openDashboard?: (fragment: string) => void
}

declare global {
  interface Window {
    readonly signalbox?: DesktopBridge
  }
}

/** True when the panel can hand a page to the dashboard window. */
export function hasDashboardWindow(): boolean {
  return typeof window.signalbox?.openDashboard === 'function'
}

/** Opens the dashboard at a page: the desktop's own window, else a wide browser window that shares this tab's session. */
export function openDashboard(fragment: string): void {
  if (hasDashboardWindow()) window.signalbox?.openDashboard?.(fragment)
  else window.open(`./${fragment}`, '_blank', 'width=1280,height=820')
}
