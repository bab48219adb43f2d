/** What the preload script gives the interface as `window.signalbox`: only what a page cannot do by itself. Absent in a browser. */
export interface DesktopBridge {
  readonly platform: NodeJS.Platform
  /** Opens the dashboard window at a page given as its fragment (`#/activity`), or brings it to the front; the panel uses it. */
  openDashboard(fragment?: string): void
}

export const bridgeName = 'signalbox'

/** The channels between preload and main: typed once, here. */
export const channels = { openDashboard: 'signalbox:open-dashboard' } as const
