import type { FlatToolNames } from '../../model/flatten-tools.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { HostedTool, ModelRequest, ToolDefinition } from '../../model/model-request.ts'
import { unsupported } from './refuse.ts'
import type { Warnings } from './warnings.ts'

/** The tools of a request as Responses tools. @throws GatewayError `unsupported_field` for a hosted tool it does not have */
export function writeTools(
  provider: string,
  request: ModelRequest,
  names: FlatToolNames,
  warnings: Warnings,
): JsonObject[] {
  return request.tools.map((tool) => writeTool(provider, tool, names, warnings))
}

function writeTool(provider: string, tool: ToolDefinition, names: FlatToolNames, warnings: Warnings): JsonObject {
  if (tool.type === 'hosted') return writeHosted(provider, tool, warnings)
  const description = tool.description === undefined ? {} : { description: tool.description }
  if (tool.type === 'custom') {
    const format = tool.format === undefined ? {} : { format: flatFormat(tool.format) }
    return { type: 'custom', name: names.flat(tool), ...description, ...format }
  }
  return {
    type: 'function',
    name: names.flat(tool),
    ...description,
    parameters: tool.parameters ?? { type: 'object', properties: {} },
    // Left out it would mean true here, and schemas that were never meant to be strict would be refused.
    strict: tool.strict ?? false,
  }
}

/** Chat completions nests the grammar, Responses does not. */
function flatFormat(format: JsonObject): JsonObject {
  if (format.type !== 'grammar' || !isJsonObject(format.grammar)) return format
  return { type: 'grammar', ...format.grammar }
}

function writeHosted(provider: string, tool: HostedTool, warnings: Warnings): JsonObject {
  if (tool.dialect === 'responses') return tool.value
  const kind = hostedKind(tool)
  if (kind === 'web_search') {
    warnings.add('web search runs with the settings of the provider')
    return { type: 'web_search' }
  }
  if (kind === 'code_execution') {
    warnings.add('code execution runs with the settings of the provider')
    return { type: 'code_interpreter', container: { type: 'auto' } }
  }
  throw unsupported(
    provider,
    'tools',
    `it has no hosted tool "${kind}". Remove it, or choose a model of the API that has it.`,
  )
}

/** What a hosted tool of another dialect does, in one word; its own name where we know no equal. */
function hostedKind({ value }: HostedTool): string {
  const type = typeof value.type === 'string' ? value.type : (Object.keys(value)[0] ?? 'unnamed')
  if (/^web_search|^google_?search/i.test(type)) return 'web_search'
  return /^code_?execution/i.test(type) ? 'code_execution' : type
}

/** `tool_choice`, or undefined where the client did not say or there is nothing to choose from. */
export function writeToolChoice(request: ModelRequest, names: FlatToolNames): JsonValue | undefined {
  const { toolChoice: choice, tools } = request
  if (choice === undefined || tools.length === 0) return undefined
  const reference = (name: string): JsonObject => ({ type: typeOf(tools, name), name: names.chosen(name) })
  if (choice.mode === 'named') return reference(choice.name)
  if (choice.allowed === undefined || choice.mode === 'none') return choice.mode
  return { type: 'allowed_tools', mode: choice.mode, tools: choice.allowed.map(reference) }
}

function typeOf(tools: readonly ToolDefinition[], name: string): string {
  const isCustom = tools.some((tool) => tool.type === 'custom' && tool.name === name)
  return isCustom ? 'custom' : 'function'
}
