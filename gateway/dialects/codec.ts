import type { AnswerPart } from '../model/answer-parts.ts'
import type { ModelAnswer } from '../model/answer.ts'
import type { Dialect } from '../model/dialect.ts'
import type { GatewayError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { ModelRequest } from '../model/model-request.ts'
import type { RequestHeaders, UrlFacts } from './request-source.ts'

/** One client dialect in both directions. Pure: no sockets, no clock, no randomness but what the context gives. */
export interface DialectCodec {
  readonly dialect: Dialect
  /** How its streams are framed; events unless given. A JSON list goes out as `application/json`. */
  readonly streamForm?: 'sse' | 'json-array'
  /** @throws GatewayError 400 naming the field (`param` in the client's own spelling) for what cannot be read or held here */
  readRequest(input: DialectInput): ModelRequest
  /** A complete answer as the body of a JSON response. */
  writeAnswer(answer: ModelAnswer, context: WriteContext): Buffer
  /** A writer for one streamed answer. */
  openWriter(context: WriteContext): PartWriter
  /** How the stream names itself whose first events these are. Absent where nothing later repeats it. */
  readIdentity?(sent: Buffer): StreamIdentity
  /** The body of an error response. */
  errorBody(error: GatewayError, callId: string): JsonObject
}

/** What the rest of a stream must repeat of its beginning. Absent = not known, or nothing the dialect has. */
export interface StreamIdentity {
  readonly id?: string
  readonly model?: string
  /** s since the epoch. */
  readonly createdAt?: number
  /** Ids of its items by their place in the output (Responses). */
  readonly itemIds?: readonly (string | undefined)[]
  /** The number of its next event (Responses). */
  readonly nextSequence?: number
}

export interface DialectInput {
  readonly body: JsonObject
  readonly headers: RequestHeaders
  readonly url: UrlFacts
}

export interface WriteContext {
  readonly callId: string
  /** The model name the client asked for: what its `model` fields say. */
  readonly model: string
  /** s since the epoch. */
  readonly createdAt: number
  /** How the stream names itself, where another upstream began it in this dialect; the writer's own names unless given. */
  readonly identity?: StreamIdentity
  /** The request, for fields that an answer must echo and wishes it must honour (usage chunk, legacy forms). */
  readonly request: ModelRequest
}

/** Turns answer parts into the bytes of one stream. Each piece is whole events. */
export interface PartWriter {
  /** Bytes for one part, possibly none. Never called with `error`, nor after `finish`. */
  write(part: AnswerPart): readonly Buffer[]
  /** After `finish`: everything that ends the stream successfully (it goes out after the ledger's commit). */
  end(): Buffer
  /** Ends the stream with an error, at any point: never a fake success. */
  fail(error: GatewayError): Buffer
  /**
   * Everything written so far is with the client already, in the words of another writer: what follows goes on from
   * there. Absent where the identity of the context says all.
   */
  takeOver?(identity: StreamIdentity): void
  /** A life sign that this dialect's clients accept while nothing else is to be said. */
  keepAlive(): Buffer
}
