/** What a provider is asked to send. Bytes and headers are final: nothing below changes them. */
export interface UpstreamRequest {
  readonly method: 'POST' | 'GET' | 'DELETE'
  /** Absolute URL. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly connectMs: number
}

/** Control of one running exchange. */
export interface UpstreamControl {
  /** Ends the exchange; the sink hears nothing more. Safe to call twice. */
  abort(): void
  pause(): void
  resume(): void
}

export type UpstreamHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * Receives one answer. Calls come in the order head, data*, then exactly one of end or error; error may also come first.
 * No call is made from inside `send`, so the caller has its control before the first event.
 */
export interface UpstreamSink {
  onHead(status: number, headers: UpstreamHeaders): void
  onData(chunk: Buffer): void
  onEnd(): void
  onError(error: UpstreamFailure): void
}

/** A failure of the transport, before or after bytes. */
export interface UpstreamFailure {
  readonly kind:
    | 'refused'
    | 'dns'
    | 'unreachable'
    | 'tls'
    | 'connect_timeout'
    | 'reset'
    | 'invalid_response'
    | 'proxy'
    | 'other'
  /** A sentence without secrets: which host, what happened. */
  readonly message: string
  readonly cause: unknown
}
