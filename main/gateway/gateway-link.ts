import { type ControlClient, createControlClient } from '../../gateway/contract/control-client.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import type { ForkGateway } from './gateway-child.ts'
import { createGatewaySupervisor, type GatewaySupervisor } from './gateway-supervisor.ts'
import { createPortKeeper } from './keep-port.ts'

export interface GatewayLinkOptions {
  readonly fork: ForkGateway
  readonly clock: Clock
  readonly logger: Logger
  readonly fetch: typeof fetch
  /** A chosen port could not be written into the config: a sentence. */
  readonly onPortNotKept: (sentence: string) => void
}

/** The gateway of this app: its process, and the way to it while it runs. */
export interface GatewayLink {
  readonly supervisor: GatewaySupervisor
  /** Undefined while none runs. */
  readonly address: () => { readonly url: string; readonly controlToken: string } | undefined
  readonly control: () => ControlClient | undefined
}

export function createGatewayLink({ fork, clock, logger, fetch, onPortNotKept }: GatewayLinkOptions): GatewayLink {
  const supervisor = createGatewaySupervisor({ fork, clock, logger })
  const address: GatewayLink['address'] = () => {
    const state = supervisor.state()
    return state.phase === 'running' ? { url: state.url, controlToken: state.controlToken } : undefined
  }
  const control: GatewayLink['control'] = () => {
    const current = address()
    if (current === undefined) return undefined
    return createControlClient({ baseUrl: current.url, token: () => current.controlToken, fetch })
  }
  const keepPort = createPortKeeper({
    control,
    logger,
    onKept: () => supervisor.portKept(),
    onFailure: onPortNotKept,
  })
  supervisor.subscribe((state) => keepPort(state, supervisor.chosenPort()))
  return { supervisor, address, control }
}
