import { linkAmong, readDeepLink } from './links/deep-link.ts'
import { showOnSecondStart } from './lifecycle/single-instance.ts'
import type { Logger } from './logger.ts'
import type { ElectronPorts } from './ports/electron-ports.ts'
import type { Service } from './service.ts'

export interface WindowServiceOptions {
  readonly ports: Pick<ElectronPorts, 'app'>
  readonly logger: Logger
  readonly openLink: (link: string) => void
  readonly openDashboard: (fragment?: string) => void
  readonly close: () => void
}

/** Shows the page that a link names, and nothing for any other link. */
export function createLinkOpener({ logger, openDashboard }: Pick<WindowServiceOptions, 'logger' | 'openDashboard'>) {
  return (link: string): void => {
    const page = readDeepLink(link)
    // Not the link itself: it comes from any page and may hold anything.
    if (page === undefined) return logger.warn('link-refused', {})
    openDashboard(page === '' ? undefined : page)
  }
}

/** Everything that brings the dashboard to the front, and the rule that closing it does not end the app. */
export function windowService({ ports, logger, openLink, openDashboard, close }: WindowServiceOptions): Service {
  const releases: (() => void)[] = []
  return {
    name: 'windows',
    start() {
      releases.push(
        ports.app.onWindowAllClosed(() => undefined),
        ports.app.onActivate(() => openDashboard()),
        showOnSecondStart(ports.app, (argumentList) => {
          const link = linkAmong(argumentList)
          if (link === undefined) openDashboard()
          else openLink(link)
        }),
        ports.app.onChildGone((details) => logger.warn('child-gone', details)),
      )
    },
    stop() {
      for (const release of releases.splice(0)) release()
      close()
    },
  }
}
