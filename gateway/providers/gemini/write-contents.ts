import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { Part, ToolCallPart, ToolResultPart, Turn } from '../../model/parts.ts'
import type { CallContext } from './call-context.ts'
import { writeModelParts, writeResponse, writeUserPart } from './write-parts.ts'

export interface WrittenTurns {
  readonly system: readonly JsonObject[]
  readonly contents: readonly JsonObject[]
}

/** Stands where a conversation lacks the user's turn that has to come first. */
const neutralText = 'Begin.'

/** Says the same to the model as a missing result would. */
const missingResult = 'no result was recorded for this call'

/**
 * Writes turns in the order Gemini demands: the user first, neighbours of one role joined, all results of a model turn in
 * one content straight after it, as many as there were calls and in their order. Leading system turns become the system
 * instruction; a later one becomes marked text of the user's turn at its place.
 *
 * @param instruction one more sentence for the end of the system instruction
 */
export function writeTurns(turns: readonly Turn[], context: CallContext, instruction?: string): WrittenTurns {
  const leading = turns.findIndex((turn) => turn.role !== 'system')
  const count = leading === -1 ? turns.length : leading
  const system = turns.slice(0, count).flatMap((turn) => systemParts(turn, context))
  if (instruction !== undefined) system.push({ text: instruction })
  const groups = groupTurns(turns.slice(count), context)
  const contents = writeGroups(groups, context)
  if (system.length > 0 && !context.traits.takesSystemInstruction) {
    return { system: [], contents: beginWith(contents, system) }
  }
  return { system, contents: beginWith(contents, []) }
}

interface Group {
  readonly role: 'user' | 'model'
  readonly parts: Part[]
}

function groupTurns(turns: readonly Turn[], context: CallContext): Group[] {
  const groups: Group[] = []
  for (const turn of turns) {
    const role = turn.role === 'assistant' ? 'model' : 'user'
    const parts = turn.role === 'system' ? markInstructions(turn, context) : turn.parts
    const last = groups.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else groups.push({ role, parts: [...parts] })
  }
  return groups
}

function writeGroups(groups: readonly Group[], context: CallContext): JsonObject[] {
  const contents: JsonObject[] = []
  let calls: readonly ToolCallPart[] = []
  for (const group of groups) {
    if (group.role === 'user') {
      const results = group.parts.filter((part) => part.type === 'tool-result')
      const { responses, besides } = writeResults(calls, results, context)
      addContent(contents, 'user', responses)
      addContent(contents, 'user', [...besides, ...userParts(group.parts, context)])
      calls = []
      continue
    }
    addContent(contents, 'model', writeModelParts(group.parts, context))
    calls = group.parts.filter((part) => part.type === 'tool-call')
  }
  if (calls.length > 0) addContent(contents, 'user', writeResults(calls, [], context).responses)
  if (contents.at(-1)?.role === 'model') {
    context.warn('the conversation ends with the assistant: the model may continue or repeat that text')
  }
  return contents
}

function userParts(parts: readonly Part[], context: CallContext): JsonObject[] {
  return parts.flatMap((part) => {
    const written = writeUserPart(part, context)
    return written === undefined ? [] : [written]
  })
}

/** Exactly one response for each call in the calls' order, and what cannot stand among them. */
function writeResults(
  calls: readonly ToolCallPart[],
  results: readonly ToolResultPart[],
  context: CallContext,
): { responses: JsonObject[]; besides: JsonObject[] } {
  const left = [...results]
  const written = calls.map((call) => {
    const at = left.findIndex((result) => result.callId === call.id)
    const [result] = at === -1 ? [] : left.splice(at, 1)
    return writeResponse(result ?? absentResult(call, context), call, context)
  })
  if (left.length > 0) context.warn('dropped tool results that answer no call before them')
  return { responses: written.map((entry) => entry.part), besides: written.flatMap((entry) => entry.besides) }
}

function absentResult(call: ToolCallPart, context: CallContext): ToolResultPart {
  context.warn(`a call of ${call.name} has no result in the conversation: a note stands in its place`)
  return {
    type: 'tool-result',
    callId: call.id,
    content: [{ type: 'text', text: missingResult }],
    isError: true,
    kind: call.kind,
  }
}

/** Neighbours of one role join, but function responses stay alone: their number is compared with that of the calls. */
function addContent(contents: JsonObject[], role: string, parts: readonly JsonObject[]): void {
  if (parts.length === 0) return
  const last = contents.at(-1)
  const joins = last?.role === role && Array.isArray(last.parts) && !hasResponse(last.parts) && !hasResponse(parts)
  if (joins) last.parts = [...(last.parts as JsonObject[]), ...parts]
  else contents.push({ role, parts: [...parts] })
}

function hasResponse(parts: readonly JsonValue[]): boolean {
  return parts.some((part) => isJsonObject(part) && part.functionResponse !== undefined)
}

function beginWith(contents: readonly JsonObject[], system: readonly JsonObject[]): JsonObject[] {
  const first = contents[0]
  if (first?.role === 'user' && Array.isArray(first.parts)) {
    return system.length === 0
      ? [...contents]
      : [{ role: 'user', parts: [...system, ...first.parts] }, ...contents.slice(1)]
  }
  return [{ role: 'user', parts: system.length > 0 ? [...system] : [{ text: neutralText }] }, ...contents]
}

function systemParts(turn: Turn, context: CallContext): JsonObject[] {
  return turn.parts.flatMap((part) => {
    if (part.type === 'text') {
      const written = writeUserPart(part, context)
      return written === undefined ? [] : [written]
    }
    context.warn(`dropped a part of kind ${part.type} from the system prompt`)
    return []
  })
}

/** The text stays where it stood: moved to the top it would change the order and every prompt cache. */
function markInstructions(turn: Turn, context: CallContext): Part[] {
  context.warn('a system message inside the conversation became marked text of the user')
  return turn.parts.flatMap((part) =>
    part.type === 'text' && part.text !== ''
      ? [{ type: 'text' as const, text: `<system_instruction>\n${part.text}\n</system_instruction>` }]
      : [],
  )
}
