import type { GatewayProcessCommand, GatewayProcessMessage } from '../../gateway/contract/process-messages.ts'

/** The forked gateway process as the supervisor sees it; a utilityProcess in the app, a double in tests. */
export interface GatewayChild {
  send(command: GatewayProcessCommand): void
  /** Ends it at once; its exit still arrives. */
  kill(): void
}

export interface GatewayChildListeners {
  /** Whatever the child posted; read it with readGatewayMessage. */
  readonly message: (value: unknown) => void
  /** Called once. `code` is null when a signal ended the process. */
  readonly exit: (code: number | null) => void
}

export type ForkGateway = (listeners: GatewayChildListeners) => GatewayChild

/** The message in a posted value, or undefined for anything that is not one of the contract's. */
export function readGatewayMessage(value: unknown): GatewayProcessMessage | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
  const fields: Readonly<Record<string, unknown>> = { ...value }
  switch (fields.type) {
    case 'listening': {
      const { url, controlToken } = fields
      if (typeof url !== 'string' || !URL.canParse(url) || typeof controlToken !== 'string') return undefined
      return { type: 'listening', url, controlToken }
    }
    case 'failed': {
      const { exitCode, message } = fields
      if (typeof exitCode !== 'number' || typeof message !== 'string') return undefined
      return { type: 'failed', exitCode, message }
    }
    case 'stopped':
      return { type: 'stopped' }
    default:
      return undefined
  }
}
