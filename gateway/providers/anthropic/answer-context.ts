import type { OpenedPart } from '../../model/answer-parts.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'
import type { OpaqueScope } from '../../model/parts.ts'
import { clientToolId, mapToolId } from '../../model/tool-ids.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'

/** What is needed of a request to read its answer. */
export interface AnswerContext {
  readonly upstream: UpstreamName
  /** Whose the state in the answer is. */
  readonly scope: OpaqueScope
  readonly names: FlatToolNames
  /** Wire names of freeform tools: their calls carry `{"input": "…"}`. */
  readonly customTools: ReadonlySet<string>
}

/** Opens a tool call under the name and with an id that the client takes. `taken` are the ids of this answer so far. */
export function openToolCall(
  context: AnswerContext,
  id: string,
  flat: string,
  taken: ReadonlySet<string>,
): OpenedPart & { type: 'tool-call' } {
  return {
    type: 'tool-call',
    id: mapToolId(id, clientToolId, taken),
    ...context.names.restore(flat),
    kind: context.customTools.has(flat) ? 'custom' : 'function',
  }
}
