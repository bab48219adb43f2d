import { customToolAsFunction } from '../../model/custom-tool-input.ts'
import type { JsonObject } from '../../model/json.ts'
import type { ModelRequest, ToolDefinition } from '../../model/model-request.ts'
import { type CallContext, unsupported } from './call-context.ts'

/** The tools on offer. This API has no `tool_choice`: what it would forbid is not offered, what it would force is asked. */
export function writeTools(request: ModelRequest, context: CallContext): JsonObject[] {
  return offered(request, context).map((tool) => writeTool(tool, context))
}

function offered({ tools, toolChoice }: ModelRequest, context: CallContext): readonly ToolDefinition[] {
  if (toolChoice === undefined || tools.length === 0) return tools
  if (toolChoice.mode === 'none') return []
  if (toolChoice.mode === 'named') {
    context.warn(`Ollama cannot be made to call ${toolChoice.name}: it is the only tool offered`)
    return tools.filter((tool) => tool.type !== 'hosted' && tool.name === toolChoice.name)
  }
  if (toolChoice.mode === 'required') context.warn('Ollama cannot be made to call a tool: it was left to choose')
  const { allowed } = toolChoice
  return allowed === undefined ? tools : tools.filter((tool) => tool.type !== 'hosted' && allowed.includes(tool.name))
}

function writeTool(tool: ToolDefinition, context: CallContext): JsonObject {
  if (tool.type === 'hosted') throw unsupported(context, 'tools', 'a tool that a provider runs itself is not there.')
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
