import type { Deployment } from '../config/gateway-config.ts'
import type { GatewayError } from '../model/errors.ts'
import type { JsonValue } from '../model/json.ts'
import type { FieldSpan } from '../model/json-fields.ts'
import type { Usage } from '../model/usage.ts'
import type { UpstreamControl, UpstreamHeaders, UpstreamSink } from '../upstream/upstream-exchange.ts'

/** One chat call, still in the client's bytes. */
export interface ChatCall {
  readonly deployment: Deployment
  /** The client's body as received: valid JSON, an object without repeated keys. */
  readonly body: Buffer
  /** Top-level keys of that body with the byte range of each value. */
  readonly fields: ReadonlyMap<string, FieldSpan>
  readonly stream: boolean
  /** Defaults to add where the client sent nothing. */
  readonly defaults: Readonly<Record<string, JsonValue>>
}

/** A call made ready for one upstream, with the readers for what comes back. */
export interface PreparedCall {
  /** Fields dropped or degraded for this upstream, for `x-signalbox-warning`. */
  readonly warnings: readonly string[]
  /** Starts the call. Nothing reaches the sink before this returns. */
  send(sink: UpstreamSink): UpstreamControl
  /** A reader for one streamed answer. */
  openStream(): StreamTap
  /** Reads a complete JSON answer. Throws GatewayError when it is none or carries an error. */
  readAnswer(body: Buffer): CompleteAnswer
  /** What a status of 400 or more means. */
  readFailure(status: number, headers: UpstreamHeaders, body: Buffer): GatewayError
}

export interface CompleteAnswer {
  /** The bytes for a client that did not ask for a stream: the upstream's own. */
  readonly body: Buffer
  readonly usage: Usage | null
  /** The same answer as a stream, for a client that asked for one of an upstream that ignored it. */
  asStream(): { readonly events: Buffer; readonly terminal: Buffer }
}

/**
 * Watches a stream on its way to the client. Complete events are given on unchanged and in order; the terminal event and
 * a usage chunk that the client did not ask for are kept back. An event that is still incomplete is never given on.
 */
export interface StreamTap {
  /** Takes the next bytes and gives those that may go out now, in order. */
  feed(chunk: Buffer): readonly Buffer[]
  /** At the end of the upstream's bytes: gives what an upstream without a last blank line still owes. */
  finish(): readonly Buffer[]
  /** True once an event with content (text, reasoning, tool call, finish) was given on. */
  readonly sawOutput: boolean
  /** True once the answer is complete: a finish reason or the terminal event was seen. */
  readonly complete: boolean
  /** True once the terminal event was seen: nothing after it counts. */
  readonly terminated: boolean
  /** The terminal event's bytes, to be sent after the row is committed. */
  readonly terminal: Buffer
  readonly usage: Usage | null
  /** An error that came inside the stream. */
  readonly failure: GatewayError | undefined
}

/** One kind of upstream. `prepareChat` throws GatewayError when the request cannot be carried. */
export interface Provider {
  readonly adapter: Deployment['adapter']
  prepareChat(call: ChatCall): PreparedCall
}
