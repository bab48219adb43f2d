import type { ElectronPorts } from './ports/electron-ports.ts'
import type { Service } from './service.ts'
import { answerAppRequest, type AppProtocolOptions } from './security/app-protocol.ts'
import { applyPagePolicy, applySessionPolicy } from './security/session-policy.ts'

export interface SecurityServiceOptions extends AppProtocolOptions {
  readonly ports: Pick<ElectronPorts, 'app' | 'desktop' | 'protocol' | 'session'>
  readonly developerTools: boolean
}

/** The scheme and the rules for pages: in force before the first window exists, and until the last one is gone. */
export function securityService(options: SecurityServiceOptions): Service {
  const { ports, developerTools } = options
  const releases: (() => void)[] = []
  return {
    name: 'security',
    start() {
      applySessionPolicy(ports.session, { developerTools })
      releases.push(
        ports.app.onPage((page) => applyPagePolicy(page, { openExternal: (url) => ports.desktop.openExternal(url) })),
        ports.protocol.handle((request) => answerAppRequest(request, options)),
      )
    },
    stop() {
      for (const release of releases.splice(0)) release()
    },
  }
}
