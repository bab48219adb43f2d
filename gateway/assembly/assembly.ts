import type { SessionTokens } from '../access/session-tokens.ts'
import type { ListenAddress } from '../config/listen-address.ts'
import { uiPath } from '../contract/routes.ts'
import type { GatewayStatus } from '../contract/status.ts'
import type { StartedGateway } from '../gateway-options.ts'
import type { ActivityFeed } from '../http/control/activity-feed.ts'
import type { HttpServer } from '../http/server.ts'
import type { Secret } from '../model/secret.ts'

/** The wired parts of one gateway, ready to listen. */
export interface Assembly {
  listen(): Promise<StartedGateway>
  /** Refuses new requests, waits for running ones, ends the rest. What was opened is closed by its owner afterwards. */
  close(graceMs: number): Promise<void>
  status(): Promise<GatewayStatus>
}

export interface AssembledParts {
  readonly server: HttpServer
  readonly sessions: SessionTokens
  readonly controlToken: Secret
  readonly status: () => Promise<GatewayStatus>
  readonly feed: ActivityFeed
  /** What the status tells of the gateway's own place; kept up to date here. */
  readonly place: { url: string; draining: boolean }
  /** Local servers are looked for once it is known which port is our own. */
  readonly backends: { start(ownPort: number): void }
}

/** @param address where to listen, from flags and configuration at the moment of listening */
export function createAssembly(parts: AssembledParts, address: () => ListenAddress): Assembly {
  const { server, sessions, controlToken, status, feed, place, backends } = parts
  return {
    async listen() {
      const listening = await server.listen(address())
      place.url = listening.url
      backends.start(listening.port)
      const uiLink = `${listening.url}${uiPath}#code=${sessions.issueCode()}`
      return { ...listening, uiLink, controlToken: controlToken.reveal() }
    },
    close: (graceMs) => {
      place.draining = true
      feed.statusChanged()
      return server.close(graceMs)
    },
    status,
  }
}
