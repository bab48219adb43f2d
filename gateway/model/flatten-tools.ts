import { createHash } from 'node:crypto'
import { GatewayError } from './errors.ts'
import type { ToolDefinition } from './model-request.ts'
import type { Turn } from './parts.ts'

/** A tool as clients name it: Codex and MCP servers nest tools in namespaces. */
export interface ToolName {
  readonly name: string
  readonly namespace?: string
}

/** The tool names of one request, as clients say them and as a wire without namespaces does. Pure and without memory. */
export interface FlatToolNames {
  /** The wire's name of a tool or of a call in the history. The same tool has the same name in every turn. */
  flat(tool: ToolName): string
  /** The client's name of a tool that the upstream called; a name that stands for nothing known is given back as it is. */
  restore(flat: string): ToolName
  /** The wire's name for a `tool_choice`, which has no namespace: a plain tool of that name, else the only nested one. */
  chosen(name: string): string
}

/** What OpenAI, Anthropic and their kin allow as a function's name. */
export const wireToolName = /^[A-Za-z0-9_-]{1,64}$/

const longestName = 64
const separator = '__'
const hashLength = 10

/**
 * Joins namespace and name to names that a wire without namespaces takes (`multi_agent_v1__close_agent`): at most 64
 * characters, overlong or forbidden ones shortened with a hash of the whole. A plain name that fits stays as it is.
 *
 * @param turns their calls can be restored as well, as a model may repeat a call whose tool is no longer offered
 * @throws GatewayError `invalid_field` (param `tools`) when two different tools would get one name
 */
export function flattenToolNames(tools: readonly ToolDefinition[], turns: readonly Turn[] = []): FlatToolNames {
  const known = new Map<string, ToolName>()
  for (const tool of tools) if (tool.type !== 'hosted') addTool(known, tool)
  // A declared tool wins over a call of the past.
  for (const call of callsOf(turns)) if (!known.has(flatName(call))) known.set(flatName(call), call)
  const declared = tools.filter((tool) => tool.type !== 'hosted')
  return {
    flat: flatName,
    restore: (flat) => known.get(flat) ?? { name: flat },
    chosen: (name) => {
      const named = declared.filter((tool) => tool.name === name)
      const only = named.find((tool) => tool.namespace === undefined) ?? (named.length === 1 ? named[0] : undefined)
      return flatName(only ?? { name })
    },
  }
}

function addTool(known: Map<string, ToolName>, tool: ToolName): void {
  const flat = flatName(tool)
  const other = known.get(flat)
  if (other !== undefined && (other.name !== tool.name || other.namespace !== tool.namespace)) {
    throw new GatewayError(
      'invalid_field',
      `The tools ${spoken(other)} and ${spoken(tool)} both become "${flat}" for an upstream without namespaces. Rename one.`,
      { param: 'tools' },
    )
  }
  known.set(flat, identity(tool))
}

function identity(tool: ToolName): ToolName {
  return tool.namespace === undefined ? { name: tool.name } : { name: tool.name, namespace: tool.namespace }
}

function callsOf(turns: readonly Turn[]): ToolName[] {
  return turns.flatMap((turn) => turn.parts.flatMap((part) => (part.type === 'tool-call' ? [identity(part)] : [])))
}

function flatName(tool: ToolName): string {
  const joined = tool.namespace === undefined ? tool.name : `${tool.namespace}${separator}${tool.name}`
  if (wireToolName.test(joined)) return joined
  const hash = createHash('sha256').update(joined).digest('hex').slice(0, hashLength)
  const start = joined.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, longestName - hashLength - 1)
  return `${start}_${hash}`
}

function spoken(tool: ToolName): string {
  return tool.namespace === undefined ? `"${tool.name}"` : `"${tool.name}" of "${tool.namespace}"`
}
