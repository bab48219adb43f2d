import type { FinishReason } from '../../model/answer-parts.ts'
import { createHash } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import type { WriteContext } from '../codec.ts'

/** What changes between the response objects of one answer. */
export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed'
  readonly output: readonly JsonObject[]
  readonly usage: Usage | null
  readonly error?: JsonObject
  readonly finish?: FinishReason
}

/** Members that clients expect even where the request did not set them. */
const unsaid: JsonObject = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  service_tier: 'default',
  store: false,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
}

/** A response object: the answer so far, with the members of the request that clients check repeated. */
export function responseObject(context: WriteContext, state: ResponseState): JsonObject {
  const { echo = {} } = context.request
  const said = Object.fromEntries(Object.entries(echo).filter(([, value]) => value !== null))
  return {
    ...unsaid,
    ...said,
    id: context.identity?.id ?? answerId('resp', context.callId),
    object: 'response',
    created_at: context.identity?.createdAt ?? context.createdAt,
    status: state.status,
    error: state.error ?? null,
    incomplete_details: state.status === 'incomplete' ? { reason: incompleteReason(state.finish) } : null,
    model: context.identity?.model ?? context.model,
    output: [...state.output],
    usage: state.usage === null ? null : usageObject(state.usage),
  }
}

/** True where the answer is not whole: its terminal event is `response.incomplete`. */
export function isIncomplete(finish: FinishReason | undefined): boolean {
  return finish === 'length' || finish === 'context_full' || finish === 'filtered'
}

function incompleteReason(finish: FinishReason | undefined): JsonValue {
  return finish === 'filtered' ? 'content_filter' : 'max_output_tokens'
}

/** Both details objects are there even when zero: some clients lose the whole event without them. */
function usageObject(usage: Usage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedTokens, cache_write_tokens: usage.cacheWriteTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  }
}

/** The id of the item at a place of the output. */
export function itemId(prefix: string, { callId, identity }: WriteContext, place: number): string {
  return identity?.itemIds?.[place] ?? answerId(prefix, callId, place)
}

/** An id with this dialect's prefix, the same whenever the same answer is written. */
export function answerId(prefix: string, callId: string, place?: number): string {
  const digest = createHash('sha256')
    .update(`${callId}:${place ?? ''}`)
    .digest('hex')
  return `${prefix}_${digest.slice(0, 32)}`
}
