import type { GatewayProcessCommand } from '../../gateway/contract/process-messages.ts'

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

/** `port` takes the place of the configured one. */
export type ForkGateway = (listeners: GatewayChildListeners, port?: number) => GatewayChild

/** What the child told, as far as the supervisor uses it. */
export type GatewayMessage =
  | { readonly type: 'listening'; readonly url: string; readonly controlToken: string }
  | { readonly type: 'failed'; readonly message: string; readonly offeredPort: number | undefined }
  | { readonly type: 'stopped' }

/** The message in a posted value, or undefined for anything that is not one of contract/process-messages.ts. */
export function readGatewayMessage(value: unknown): GatewayMessage | undefined {
  const fields = objectOr(value)
  switch (fields['type']) {
    case 'listening': {
      const { url, controlToken } = fields
      if (typeof url !== 'string' || !URL.canParse(url) || typeof controlToken !== 'string') return undefined
      return { type: 'listening', url, controlToken }
    }
    case 'failed': {
      const { exitCode, message, port } = fields
      if (typeof exitCode !== 'number' || typeof message !== 'string') return undefined
      const { nextFree } = objectOr(port)
      return { type: 'failed', message, offeredPort: typeof nextFree === 'number' ? nextFree : undefined }
    }
    case 'stopped':
      return { type: 'stopped' }
    default:
      return undefined
  }
}

function objectOr(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
