export type { DesktopBridge } from '../../gateway/contract/desktop.ts'

/** Where the preload script puts the bridge: `window.signalbox`. */
export const bridgeName = 'signalbox'

/** The channels between preload and main: named once, here. Those of `ask` are answered, the others are only heard. */
export const channels = {
  openDashboard: 'signalbox:open-dashboard',
  startGateway: 'signalbox:start-gateway',
  reveal: 'signalbox:reveal',
  installUpdate: 'signalbox:install-update',
  quit: 'signalbox:quit',
} as const

export const askChannels = {
  view: 'signalbox:view',
  change: 'signalbox:change',
} as const

export type Channel = (typeof channels)[keyof typeof channels]
export type AskChannel = (typeof askChannels)[keyof typeof askChannels]
