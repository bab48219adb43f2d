import type { DesktopChange, DesktopView, RevealTarget } from '../../gateway/contract/desktop.ts'
import type { CallsPort } from '../ports/electron-ports.ts'
import type { Service } from '../service.ts'
import { isDesktopChange } from '../settings/desktop-settings.ts'
import { askChannels, channels } from './bridge.ts'
import { readPageFragment } from '../links/page-fragment.ts'

/** What the bridge's calls lead to. */
export interface BridgeHandlers {
  openDashboard(fragment: string | undefined): void
  view(): DesktopView
  /** @throws Error with a sentence for the page */
  change(change: DesktopChange): DesktopView
  startGateway(port: number | undefined): void
  reveal(target: RevealTarget): void
  installUpdate(): void
  quit(): void
}

/** Answers the calls of our pages. What a page sends is read like any foreign input: a value that is not one is not acted on. */
export function createBridgeCalls(calls: CallsPort, handlers: BridgeHandlers): Service {
  const releases: (() => void)[] = []
  return {
    name: 'bridge',
    start() {
      releases.push(
        calls.hear(channels.openDashboard, (value) => handlers.openDashboard(readPageFragment(value))),
        calls.hear(channels.startGateway, (value) => {
          if (value === undefined || isPort(value)) handlers.startGateway(value)
        }),
        calls.hear(channels.reveal, (value) => {
          if (value === 'config' || value === 'log') handlers.reveal(value)
        }),
        calls.hear(channels.installUpdate, () => handlers.installUpdate()),
        calls.hear(channels.quit, () => handlers.quit()),
        calls.answer(askChannels.view, () => handlers.view()),
        calls.answer(askChannels.change, (value) => {
          if (!isDesktopChange(value)) throw new Error('This is no change of the desktop settings.')
          return handlers.change(value)
        }),
      )
    },
    stop() {
      for (const release of releases.splice(0)) release()
    },
  }
}

/** Ports below 1024 need rights that the app does not have. */
function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1024 && value <= 65_535
}
