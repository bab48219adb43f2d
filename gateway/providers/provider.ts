import type { Deployment } from '../config/gateway-config.ts'
import type { JsonValue } from '../model/json.ts'
import type { UpstreamControl, UpstreamSink } from '../upstream/upstream-exchange.ts'

/** One chat call, still in the client's bytes. */
export interface ChatCall {
  readonly deployment: Deployment
  /** The client's body as received. */
  readonly body: Buffer
  /** Top-level keys of that body with the byte range of each value. */
  readonly fields: ReadonlyMap<string, FieldSpan>
  readonly stream: boolean
  /** Defaults to add where the client sent nothing. */
  readonly defaults: Readonly<Record<string, JsonValue>>
}

/** Byte offsets into the body: the key's opening quote, the first byte of the value, one past its last byte. */
export interface FieldSpan {
  readonly keyStart: number
  readonly valueStart: number
  readonly valueEnd: number
}

export interface PreparedCall {
  /** Fields dropped or degraded for this upstream, for `x-signalbox-warning`. */
  readonly warnings: readonly string[]
  /** True when the usage chunk of the stream was asked for by us and not by the client: it is withheld. */
  readonly withholdUsage: boolean
  /** Starts the call. Nothing reaches the sink before this returns. */
  send(sink: UpstreamSink): UpstreamControl
}

/** One kind of upstream. Throws GatewayError from `prepareChat` when the request cannot be carried. */
export interface Provider {
  readonly adapter: Deployment['adapter']
  prepareChat(call: ChatCall): PreparedCall
}
