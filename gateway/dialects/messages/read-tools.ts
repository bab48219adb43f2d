import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { FunctionTool, ToolChoice, ToolDefinition } from '../../model/model-request.ts'
import { readCacheMark } from './cache-mark.ts'
import { isAbsent, readList, readObject, readOptionalText, readText, wrongField } from './field-checks.ts'

/** The tools of a request. Those that Anthropic runs or describes itself (dated types) are known to its own wire only. */
export function readTools(body: JsonObject, warn: (text: string) => void): readonly ToolDefinition[] {
  return readList(body.tools, 'tools').map((entry, index) => {
    const path = `tools.${index}`
    const tool = readObject(entry, path)
    if (!isAbsent(tool.type) && tool.type !== 'custom') return { type: 'hosted', dialect: 'messages', value: tool }
    if (tool.defer_loading === true) warn('offered deferred tools at once')
    return readFunction(tool, path)
  })
}

function readFunction(tool: JsonObject, path: string): FunctionTool {
  const name = readText(tool.name, `${path}.name`)
  if (name === '') throw wrongField(`${path}.name`, "a tool's name")
  const description = readOptionalText(tool.description, `${path}.description`)
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    ...(isAbsent(tool.input_schema) ? {} : { parameters: readObject(tool.input_schema, `${path}.input_schema`) }),
    ...(typeof tool.strict === 'boolean' ? { strict: tool.strict } : {}),
    ...readCacheMark(tool, path),
  }
}

/** `tool_choice` and the wish for single calls inside it. Throws GatewayError 400 for an unknown type. */
export function readToolChoice(value: JsonValue | undefined): {
  readonly toolChoice?: ToolChoice
  readonly parallelToolCalls?: boolean
} {
  if (isAbsent(value)) return {}
  if (!isJsonObject(value)) throw wrongField('tool_choice', 'an object')
  const parallel = value.disable_parallel_tool_use === true ? { parallelToolCalls: false } : {}
  switch (value.type) {
    case 'auto':
      return { toolChoice: { mode: 'auto' }, ...parallel }
    case 'any':
      return { toolChoice: { mode: 'required' }, ...parallel }
    case 'none':
      return { toolChoice: { mode: 'none' } }
    case 'tool':
      return { toolChoice: { mode: 'named', name: readText(value.name, 'tool_choice.name') }, ...parallel }
    default:
      throw wrongField('tool_choice.type', '"auto", "any", "tool" or "none"')
  }
}
