import type { ServerResponse } from 'node:http'
import type { RequestFacts } from '../model/request-facts.ts'
import type { FieldSpan } from '../providers/provider.ts'
import type { Plan } from '../routing/plan-types.ts'
import type { JsonObject } from '../model/json.ts'

/** Who calls: from the key and the headers. */
export interface Caller {
  /** SHA-256 hex of the key, `master` for the master key. */
  readonly keyId: string
  readonly keyAlias: string | null
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
  /** Whether the client asked for a usage chunk itself. */
  readonly wantsUsageChunk: boolean
  /** The hijacked response: the relay writes head, body and end. */
  readonly response: ServerResponse
}

export interface Relay {
  /** Carries the request to its end. Never rejects: every failure is answered, recorded and logged inside. */
  chat(request: RelayRequest): Promise<void>
  /** A request that was refused before it had a plan (unknown model, router off): recorded like any other, answered by the caller. */
  readonly inFlight: number
  /** Refuses nothing by itself; resolves when no request is in flight or ends the rest with an error event after `graceMs`. */
  drain(graceMs: number): Promise<void>
}
