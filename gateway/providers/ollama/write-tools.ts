import { customToolAsFunction } from '../../model/custom-tool-input.ts'
import type { JsonObject } from '../../model/json.ts'
import type { HostedTool, ModelRequest, ToolDefinition } from '../../model/model-request.ts'
import { type CallContext, unsupported } from './call-context.ts'

/**
 * The tools on offer. This API has no `tool_choice`: what it would forbid is not offered.
 *
 * @throws GatewayError `unsupported_field` for a call that is to be forced, and where only hosted tools are offered
 */
export function writeTools(request: ModelRequest, context: CallContext): JsonObject[] {
  const tools = offered(request, context)
  return tools.flatMap((tool) => (tool.type === 'hosted' ? leaveOut(tool, tools, context) : [writeTool(tool, context)]))
}

function offered({ tools, toolChoice }: ModelRequest, context: CallContext): readonly ToolDefinition[] {
  if (toolChoice === undefined || tools.length === 0) return tools
  if (toolChoice.mode === 'none') return []
  if (toolChoice.mode === 'named' || toolChoice.mode === 'required') {
    throw unsupported(context, 'tool_choice', 'it cannot be made to call a tool. Let it choose ("auto").')
  }
  const { allowed } = toolChoice
  return allowed === undefined ? tools : tools.filter((tool) => tool.type !== 'hosted' && allowed.includes(tool.name))
}

/** Coding agents always offer web search and the like: beside other tools they do without. */
function leaveOut(tool: HostedTool, all: readonly ToolDefinition[], context: CallContext): JsonObject[] {
  const { type } = tool.value
  const kind = (typeof type === 'string' ? type : Object.keys(tool.value).join(' ')).slice(0, 60)
  if (all.every((other) => other.type === 'hosted'))
    throw unsupported(context, 'tools', `the tool ${kind} is run by another provider itself.`)
  context.warn(`dropped the hosted tool ${kind}: Ollama runs no tools`)
  return []
}

function writeTool(tool: Exclude<ToolDefinition, HostedTool>, context: CallContext): JsonObject {
  if (tool.type === 'function' && tool.strict === true) context.warn('strict tools are not enforced by Ollama')
  if (tool.type === 'custom') context.warn(`the freeform tool ${tool.name} became a function with one text argument`)
  const { description, parameters } = tool.type === 'custom' ? customToolAsFunction(tool) : tool
  return {
    type: 'function',
    function: {
      name: context.names.flat(tool),
      ...(description === undefined ? {} : { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
    },
  }
}
