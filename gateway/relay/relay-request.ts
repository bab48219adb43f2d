import type { ServerResponse } from 'node:http'
import type { DialectCodec, DialectInput } from '../dialects/codec.ts'
import type { RequestRecord } from '../ledger/request-record.ts'
import type { JsonObject } from '../model/json.ts'
import type { FieldSpan } from '../model/json-fields.ts'
import type { RequestFacts } from '../model/request-facts.ts'
import type { UploadForm } from '../model/upload-form.ts'
import type { Plan } from '../routing/plan-types.ts'
import type { AnswerRecorder } from './answer-recorder.ts'

/** Who calls: from the key and the headers. */
export interface Caller {
  /** SHA-256 hex of the key, `master` for the master key. */
  readonly keyId: string
  readonly keyAlias: string | null
  /** The user and the team that the key belongs to. */
  readonly userId: string | null
  readonly teamId: string | null
  readonly agent: string | null
  readonly sessionId: string | null
}

/** One authenticated, planned request, ready to be carried. */
export interface RelayRequest {
  readonly callId: string
  /** ms since the epoch, and the monotonic clock at the same moment. */
  readonly startedAt: number
  readonly startedMonotonic: number
  readonly caller: Caller
  readonly facts: RequestFacts
  readonly features: JsonObject | null
  readonly plan: Plan
  readonly body: Buffer
  readonly fields: ReadonlyMap<string, FieldSpan>
  /** Set for endpoints other than conversations: the path behind the upstream's base URL. */
  readonly endpoint?: string
  /** How that path is asked; POST unless given. */
  readonly method?: 'POST' | 'GET' | 'DELETE'
  /** The body of an upload, read; `fields` is empty then. */
  readonly form?: UploadForm
  /** True for a form of the dialect that no upstream is asked in (legacy completions): it never passes through. */
  readonly alwaysTranslated?: boolean
  /** The client's dialect, and the request as it reads it. */
  readonly codec: DialectCodec
  readonly input: DialectInput
  /** Headers that belong to the dialect itself and may go to an upstream that speaks it; never credentials. */
  readonly dialectHeaders: Readonly<Record<string, string>>
  /** The limits of the key and what is left of them: part of every head. */
  readonly keyHeaders: Readonly<Record<string, string>>
  /** What was reserved for this request (budgets, limits, slots): told exactly once how it ended. */
  readonly onFinished?: (record: RequestRecord) => void
  /** Completes the body of a whole answer before the client gets it. @throws GatewayError when the answer does not serve */
  readonly reshape?: (body: Buffer) => Buffer
  /** Sees the bytes that go to the client. */
  readonly recorder?: AnswerRecorder
  /** The hijacked response: the relay writes head, body and end. */
  readonly response: ServerResponse
}

export interface Relay {
  /** Carries the request to its end, after this returns. Never throws: every failure is answered, recorded and logged inside. */
  carry(request: RelayRequest): void
  readonly inFlight: number
  /** Refuses nothing by itself: resolves when no request is in flight or ends the rest with an error event after `graceMs`. */
  drain(graceMs: number): Promise<void>
}
