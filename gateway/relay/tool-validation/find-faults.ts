import type { CompletePart, ModelAnswer } from '../../model/answer.ts'
import { isJsonObject } from '../../model/json.ts'
import type { FunctionTool, ToolDefinition } from '../../model/model-request.ts'
import type { SchemaChecks } from './schema-checks.ts'

/** A tool call that breaks its tool's own schema. */
export interface ToolFault {
  readonly callId: string
  /** For the header and the ledger: holds words of the request, none of the answer. */
  readonly warning: string
  /** For the model that made the call. */
  readonly correction: string
}

/** Longer arguments are not checked. */
const longestArguments = 256 * 1024

/** The calls of an answer that do not fit the tools of its request. Freeform and hosted tools have no schema. Pure. */
export function findFaults(
  answer: ModelAnswer,
  tools: readonly ToolDefinition[],
  checks: SchemaChecks,
): readonly ToolFault[] {
  // A provider's own tools may come back under names that the request does not spell out.
  const hasHosted = tools.some((tool) => tool.type === 'hosted')
  return answer.parts.flatMap(({ part, text }) => {
    if (part.type !== 'tool-call' || part.kind === 'custom' || text.length > longestArguments) return []
    const tool = tools.find((known) => known.type !== 'hosted' && isCallOf(known, part))
    if (tool === undefined) return hasHosted ? [] : [unknownTool(part.id)]
    const fault = tool.type === 'function' ? faultIn(text, tool, checks) : undefined
    return fault === undefined ? [] : [{ callId: part.id, ...fault }]
  })
}

type ToolCall = Extract<CompletePart['part'], { type: 'tool-call' }>

function isCallOf(tool: Exclude<ToolDefinition, { type: 'hosted' }>, call: ToolCall): boolean {
  return tool.name === call.name && tool.namespace === call.namespace
}

function unknownTool(callId: string): ToolFault {
  return {
    callId,
    warning: 'a tool call names no tool of the request',
    correction: 'There is no tool of this name. Use the tools that were given.',
  }
}

function faultIn(text: string, tool: FunctionTool, checks: SchemaChecks): Omit<ToolFault, 'callId'> | undefined {
  const value = parse(text)
  if (!isJsonObject(value)) return faultOf(tool, '', 'must be a JSON object')
  const fault = tool.parameters === undefined ? undefined : checks.check(tool.parameters, value)
  return fault === undefined ? undefined : faultOf(tool, fault.place, fault.rule)
}

function faultOf(tool: FunctionTool, place: string, rule: string): Omit<ToolFault, 'callId'> {
  return {
    warning: `a call of tool ${tool.name} breaks its schema: arguments ${rule}`,
    correction: `The arguments of ${tool.name} break its schema: ${place === '' ? 'they' : place} ${rule}. Nothing was run. Call the tool again with arguments that fit.`,
  }
}

/** No arguments at all are an empty object. */
function parse(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
