import type { Deployment } from '../../config/gateway-config.ts'
import { wrapCustomInput } from '../../model/custom-tool-input.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { OpaqueScope, OpaqueState, Part, ReasoningPart, ToolCallPart } from '../../model/parts.ts'
import type { Pairing } from './pair-results.ts'
import { cannotCarry } from './refusal.ts'
import { cacheControl, textBlocks } from './write-content.ts'

export interface AssistantContext {
  readonly deployment: Deployment
  readonly scope: OpaqueScope
  readonly names: FlatToolNames
  readonly pairing: Pairing
  /** Whether thinking of earlier turns may go back. */
  readonly keepThinking: boolean
  readonly warn: (text: string) => void
}

/** One part of an assistant's turn as blocks. */
export function assistantBlocks(part: Part, context: AssistantContext): JsonObject[] {
  switch (part.type) {
    case 'text':
      return textBlocks(part.text, part.cacheMark)
    case 'refusal':
      return textBlocks(part.text)
    case 'reasoning':
      return context.keepThinking ? thinkingBlocks(part, context.scope) : []
    case 'tool-call':
      return [toolUse(part, context)]
    case 'media':
      context.warn(`dropped ${part.kind} from a turn of the assistant: ${context.deployment.provider} takes none there`)
      return []
    case 'tool-result':
      return []
    case 'foreign':
      if (part.dialect !== 'messages') {
        throw cannotCarry(context.deployment, 'messages', 'parts of a tool that another provider ran itself')
      }
      return [part.value]
  }
}

/**
 * Thinking goes back only with state that this very upstream signed: text without it, or with another's, is refused. The
 * signed text is the one kept with the signature; a client may have shortened its own copy.
 */
function thinkingBlocks(part: ReasoningPart, scope: OpaqueScope): JsonObject[] {
  return part.opaque.filter((state) => state.scope === scope).flatMap((state) => signedBlock(state, part.text))
}

function signedBlock({ kind, data }: OpaqueState, text: string): JsonObject[] {
  if (kind === 'redacted_thinking' && typeof data === 'string') return [{ type: 'redacted_thinking', data }]
  if (kind !== 'signature') return []
  if (typeof data === 'string') return [{ type: 'thinking', thinking: text, signature: data }]
  if (!isJsonObject(data) || typeof data.thinking !== 'string' || typeof data.signature !== 'string') return []
  return [{ type: 'thinking', thinking: data.thinking, signature: data.signature }]
}

function toolUse(part: ToolCallPart, context: AssistantContext): JsonObject {
  return {
    type: 'tool_use',
    id: context.pairing.calls.get(part)?.id ?? part.id,
    name: context.names.flat(part),
    input: inputOf(part, context),
    ...cacheControl(part.cacheMark),
  }
}

/** The API wants an object. Arguments that are none (cut off, or not JSON) go inside one, so that nothing is lost. */
function inputOf(part: ToolCallPart, context: AssistantContext): JsonObject {
  if (part.kind === 'custom') return JSON.parse(wrapCustomInput(part.arguments)) as JsonObject
  if (part.arguments.trim() === '') return {}
  const parsed = parse(part.arguments)
  if (isJsonObject(parsed)) return parsed
  context.warn('wrapped arguments of a tool call in the history that were no JSON object')
  return { _raw: part.arguments }
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
