import type { Deployment } from '../config/gateway-config.ts'
import type { ModelAnswer } from '../model/answer.ts'
import type { AnswerPart } from '../model/answer-parts.ts'
import type { Dialect } from '../model/dialect.ts'
import type { GatewayError } from '../model/errors.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { FieldSpan } from '../model/json-fields.ts'
import type { ModelRequest } from '../model/model-request.ts'
import type { OpaqueScope } from '../model/parts.ts'
import type { UploadForm } from '../model/upload-form.ts'
import type { Usage } from '../model/usage.ts'
import type { UpstreamControl, UpstreamHeaders, UpstreamSink } from '../upstream/upstream-exchange.ts'

/** A call in the upstream's own dialect, still in the client's bytes: they pass through. */
export interface NativeCall {
  readonly deployment: Deployment
  /** The client's body as received: valid JSON, an object without repeated keys. */
  readonly body: Buffer
  /** Top-level keys of that body with the byte range of each value. */
  readonly fields: ReadonlyMap<string, FieldSpan>
  readonly stream: boolean
  /** The form in which the client wants a stream, where its dialect has a second one (Gemini without `alt=sse`); events unless given. */
  readonly streamForm?: 'sse' | 'json-array'
  /** Defaults to add where the client sent nothing. */
  readonly defaults: Readonly<Record<string, JsonValue>>
  /** The client's headers that belong to the dialect itself (`anthropic-version`, `anthropic-beta`); never credentials. */
  readonly dialectHeaders: Readonly<Record<string, string>>
}

/** A call in no dialect, to be written in the upstream's. */
export interface ModelCall {
  readonly deployment: Deployment
  readonly request: ModelRequest
  /** Opaque state of this scope goes back to the upstream; any other is left out. */
  readonly scope: OpaqueScope
  /** Request fields of the upstream's own wire, to be added where the translation sets nothing. */
  readonly defaults: Readonly<Record<string, JsonValue>>
}

/** A call of another endpoint that takes a model (`/embeddings`, `/audio/speech`…): bytes through, whatever comes back. */
export interface EndpointCall extends NativeCall {
  readonly method: 'POST' | 'GET' | 'DELETE'
  /** Behind the base URL, with its leading slash; may end in a query. */
  readonly path: string
  /** The body where it came as a form; `fields` is empty then. */
  readonly form?: UploadForm
}

/** What every call made ready for an upstream can do. */
interface ReadyCall {
  /** Fields dropped or degraded for this upstream, for `x-signalbox-warning`. */
  readonly warnings: readonly string[]
  /** Starts the call. Nothing reaches the sink before this returns. */
  send(sink: UpstreamSink): UpstreamControl
  /** What a status of 400 or more means. */
  readFailure(status: number, headers: UpstreamHeaders, body: Buffer): GatewayError
}

/** A call whose answer goes to the client as the upstream wrote it, or as somebody else turned it into the client's dialect. */
export interface PreparedCall extends ReadyCall {
  /** A reader for one streamed answer. */
  openStream(): StreamTap
  /** Reads a complete JSON answer. Throws GatewayError when it is none or carries an error. */
  readAnswer(body: Buffer, headers: UpstreamHeaders): CompleteAnswer
}

/** A call whose answer is read to answer parts. */
export interface TranslatedCall extends ReadyCall {
  openReader(): AnswerReader
  /** A complete answer as a list of parts that ends in `finish`. Throws GatewayError when it is none or carries an error. */
  readAnswer(body: Buffer): readonly AnswerPart[]
}

/** Reads one streamed answer of an upstream. Ends its list with `finish` or `error`; a cut stream ends with neither. */
export interface AnswerReader {
  feed(chunk: Buffer): readonly AnswerPart[]
  /** At the end of the upstream's bytes. */
  finish(): readonly AnswerPart[]
}

export interface CompleteAnswer {
  /** The bytes for a client that did not ask for a stream. */
  readonly body: Buffer
  /** JSON unless given. */
  readonly contentType?: string
  readonly usage: Usage | null
  /** What was read, where it was translated. */
  readonly answer?: ModelAnswer
  /** What was lost on the way, where it was translated. */
  readonly warnings?: readonly string[]
  /** The same answer as a stream, for a client that asked for one of an upstream that ignored it. */
  asStream(): { readonly events: Buffer; readonly terminal: Buffer }
}

/**
 * Watches a stream on its way to the client. Complete events are given on in order; the terminal event and a usage chunk
 * that the client did not ask for are kept back. An event that is still incomplete is never given on.
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
  /** Bytes of text, thoughts and tool arguments that came so far, roughly; absent where the stream has no such things. */
  readonly spokenBytes?: number
  /** An error that came inside the stream. */
  readonly failure: GatewayError | undefined
  /** Losses on the way, for the ledger. */
  readonly warnings?: readonly string[]
  /** Ends a stream that has begun with an error; absent where a fresh writer of the client's dialect can do it. */
  fail?(error: GatewayError): Buffer
  /** A life sign inside the stream; absent where any of the client's dialect will do. */
  keepAlive?(): Buffer
}

/** One kind of upstream. Both ways throw GatewayError (400 naming field and provider) when the request cannot be carried. */
export interface Provider {
  readonly adapter: Deployment['adapter']
  /** The dialect that its wire is: a request in it passes through. Undefined where no client speaks it. */
  readonly wire: Dialect | undefined
  prepareNative(call: NativeCall): PreparedCall
  /** True for a body in its own dialect that this upstream is known to refuse as it is; absent where none is. */
  needsTranslation?(deployment: Deployment, body: JsonObject): boolean
  /**
   * True for a request, given as its client wrote it, that this wire carries worse than another one of the same deployment
   * would; absent where there is none.
   */
  leavesToOthers?(deployment: Deployment, body: JsonObject): boolean
  prepareModel(call: ModelCall): TranslatedCall
  /** True where the model goes on from an assistant turn that ends in `text`; absent where none does. */
  continuesFrom?(deployment: Deployment, request: ModelRequest, text: string): boolean
  /** The upstream's own count of a request's input tokens; undefined when it gives none. Absent where the wire has no such thing. */
  countTokens?(call: NativeCall): Promise<number | undefined>
  /** Absent where the wire has no such endpoints. */
  prepareEndpoint?(call: EndpointCall): PreparedCall
}
