import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { CustomTool, FunctionTool, HostedTool, ToolDefinition } from '../../model/model-request.ts'
import { customToolAsFunction } from './custom-tools.ts'
import { drop, refusal, type Translation } from './translation.ts'

/** The tools, the choice among them and the wish about parallel calls, as fields of the body. */
export function writeTools(translation: Translation): JsonObject {
  const { request, quirks } = translation
  const offered = offeredTools(translation)
  const tools = offered.flatMap((tool) => writeTool(translation, tool, offered))
  if (tools.length === 0) return {}
  const body: JsonObject = { tools }
  const choice = writeChoice(translation)
  if (choice !== undefined) body.tool_choice = choice
  if (request.parallelToolCalls === false) {
    if (quirks.parallelToolCalls) body.parallel_tool_calls = false
    else drop(translation, 'parallel_tool_calls')
  }
  return body
}

/** Upstreams that know no subset get only the tools of it; those that know no choice get none for `none`. */
function offeredTools({ request, quirks }: Translation): readonly ToolDefinition[] {
  const { toolChoice, tools } = request
  if (toolChoice === undefined) return tools
  if (toolChoice.mode === 'none' && quirks.toolChoices === 'none') return []
  if (toolChoice.mode === 'named') {
    return quirks.toolChoices === 'no-named' ? tools.filter((tool) => isNamed(tool, [toolChoice.name])) : tools
  }
  const { allowed } = toolChoice
  return allowed === undefined || quirks.allowedTools ? tools : tools.filter((tool) => isNamed(tool, allowed))
}

function isNamed(tool: ToolDefinition, names: readonly string[]): boolean {
  return tool.type !== 'hosted' && names.includes(tool.name)
}

function writeTool(translation: Translation, tool: ToolDefinition, offered: readonly ToolDefinition[]): JsonObject[] {
  switch (tool.type) {
    case 'function':
      return [functionTool(translation, tool)]
    case 'custom':
      return [customTool(translation, tool)]
    case 'hosted':
      return hostedTool(translation, tool, offered)
  }
}

function functionTool(translation: Translation, tool: FunctionTool): JsonObject {
  const { names, quirks, warnings, deployment } = translation
  const definition: JsonObject = { name: names.flat(tool) }
  if (tool.description !== undefined && tool.description !== '') definition.description = tool.description
  definition.parameters = tool.parameters ?? { type: 'object', properties: {} }
  if (tool.strict === true) {
    if (quirks.strictTools) definition.strict = true
    else warnings.add(`dropped strict of tools: ${deployment.provider} does not accept it`)
  }
  const mark: JsonObject =
    tool.cacheMark !== undefined && quirks.cacheMarks === 'cache_control'
      ? { cache_control: { type: 'ephemeral' } }
      : {}
  return { type: 'function', function: definition, ...mark }
}

function customTool({ names, quirks }: Translation, tool: CustomTool): JsonObject {
  const name = names.flat(tool)
  if (!quirks.customTools) return { type: 'function', function: customToolAsFunction(tool, name) }
  const custom: JsonObject = { name }
  if (tool.description !== undefined) custom.description = tool.description
  if (tool.format !== undefined) custom.format = nestedFormat(tool.format)
  return { type: 'custom', custom }
}

/** Responses writes a grammar flat (`{type, syntax, definition}`), chat completions nests it. */
function nestedFormat(format: JsonObject): JsonObject {
  const { type, ...grammar } = format
  return type === 'grammar' && grammar.grammar === undefined ? { type, grammar } : format
}

/** Coding agents always offer web search: without it they work as well. Any other hosted tool is asked for on purpose. */
function hostedTool(translation: Translation, tool: HostedTool, offered: readonly ToolDefinition[]): JsonObject[] {
  if (tool.dialect === 'chat-completions') return [tool.value]
  const type = typeof tool.value.type === 'string' ? tool.value.type.slice(0, 60) : Object.keys(tool.value)[0]
  const isSearch = /web_?search|google_?search/i.test(type ?? '')
  if (isSearch && offered.some((other) => other.type !== 'hosted')) {
    drop(translation, `the tool ${type ?? ''}`)
    return []
  }
  throw refusal(translation, 'tools', `the hosted tool "${type ?? 'unknown'}"`)
}

function writeChoice(translation: Translation): JsonValue | undefined {
  const { request, quirks, names } = translation
  const choice = request.toolChoice
  if (choice === undefined) return undefined
  if (choice.mode === 'auto' || choice.mode === 'none') {
    if (quirks.toolChoices === 'none') return undefined
    if (choice.allowed !== undefined && quirks.allowedTools)
      return allowedTools(translation, choice.mode, choice.allowed)
    return choice.mode
  }
  if (quirks.toolChoices === 'none' || (quirks.toolChoices === 'no-force' && !forcedWithoutThinking(translation))) {
    throw refusal(translation, 'tool_choice', 'a forced tool call')
  }
  if (choice.mode === 'required' && choice.allowed !== undefined && quirks.allowedTools) {
    return allowedTools(translation, 'required', choice.allowed)
  }
  if (choice.mode !== 'named' || quirks.toolChoices === 'no-named') return 'required'
  const name = names.chosen(choice.name)
  return isCustom(translation, choice.name) && quirks.customTools
    ? { type: 'custom', custom: { name } }
    : { type: 'function', function: { name } }
}

/** DeepSeek takes a forced choice from a model that does not think; see writeReasoning. */
export function forcedWithoutThinking({ quirks, deployment }: Pick<Translation, 'quirks' | 'deployment'>): boolean {
  return quirks.reasoning.kind === 'thinking' && deployment.provider === 'deepseek'
}

function allowedTools(translation: Translation, mode: string, allowed: readonly string[]): JsonObject {
  const tools = allowed.map((name) => {
    const type = isCustom(translation, name) ? 'custom' : 'function'
    return { type, [type]: { name: translation.names.chosen(name) } }
  })
  return { type: 'allowed_tools', allowed_tools: { mode: mode === 'required' ? 'required' : 'auto', tools } }
}

function isCustom({ request }: Translation, name: string): boolean {
  return request.tools.some((tool) => tool.type === 'custom' && tool.name === name)
}
