import { flattenToolNames, type ToolName } from '../../model/flatten-tools.ts'
import type { ToolDefinition } from '../../model/model-request.ts'
import type { Turn } from '../../model/parts.ts'

/** Tool names of one request on Gemini's wire and back. */
export interface GeminiToolNames {
  toWire(tool: ToolName): string
  fromWire(name: string): ToolName
  chosen(name: string): string
  /** True for a freeform tool, which goes over the wire as a function with one text argument. */
  isCustom(wireName: string): boolean
}

/** Stands before a name that would begin with a digit or a dash: Gemini wants a letter or an underscore first. */
const guard = '_'

/** @throws GatewayError `invalid_field` when two tools would get one name */
export function geminiToolNames(tools: readonly ToolDefinition[], turns: readonly Turn[]): GeminiToolNames {
  const flat = flattenToolNames(tools, turns)
  const guarded = new Map<string, string>()
  const start = (name: string): string => {
    if (/^[A-Za-z_]/.test(name)) return name
    guarded.set(guard + name, name)
    return guard + name
  }
  const toWire = (tool: ToolName): string => start(flat.flat(tool))
  const declared = tools.filter((tool) => tool.type !== 'hosted')
  for (const tool of declared) toWire(tool)
  const custom = new Set(declared.filter((tool) => tool.type === 'custom').map((tool) => toWire(tool)))
  return {
    toWire,
    fromWire: (name) => flat.restore(guarded.get(name) ?? name),
    chosen: (name) => start(flat.chosen(name)),
    isCustom: (name) => custom.has(name),
  }
}
