import { customToolAsFunction } from '../../model/custom-tool-input.ts'
import type { JsonObject } from '../../model/json.ts'
import type {
  CustomTool,
  FunctionTool,
  HostedTool,
  ModelRequest,
  ToolChoice,
  ToolDefinition,
} from '../../model/model-request.ts'
import { type CallContext, unsupported } from './call-context.ts'
import { compileSchema, isEmptyObjectSchema } from './schema.ts'

/** `tools` and `toolConfig` of a request; empty where there are none. */
export function writeTools(request: ModelRequest, context: CallContext): JsonObject {
  const callable = request.tools.filter((tool) => tool.type !== 'hosted')
  const offered = narrow(callable, request.toolChoice)
  const hosted = request.tools.filter((tool) => tool.type === 'hosted')
  const entries = [
    ...(offered.length === 0 ? [] : [{ functionDeclarations: offered.map((tool) => writeDeclaration(tool, context)) }]),
    ...hosted.flatMap((tool) => writeHosted(tool, callable.length > 0, context)),
  ]
  if (request.parallelToolCalls === false && callable.length > 0) {
    context.warn('dropped the wish for single tool calls: Gemini has no switch for it')
  }
  if (entries.length === 0) return {}
  const config = offered.length === 0 ? undefined : callingConfig(request.toolChoice, context)
  return { tools: entries, ...(config === undefined ? {} : { toolConfig: { functionCallingConfig: config } }) }
}

/** With free choice among some of the tools only those are declared, as a list of allowed names needs a forced call. */
function narrow(tools: readonly ToolDefinition[], choice: ToolChoice | undefined): (FunctionTool | CustomTool)[] {
  const callable = tools.filter((tool): tool is FunctionTool | CustomTool => tool.type !== 'hosted')
  if (choice?.mode !== 'auto' || choice.allowed === undefined) return callable
  const allowed = new Set(choice.allowed)
  return callable.filter((tool) => allowed.has(tool.name))
}

function callingConfig(choice: ToolChoice | undefined, context: CallContext): JsonObject | undefined {
  if (choice === undefined) return undefined
  switch (choice.mode) {
    case 'auto':
      return { mode: 'AUTO' }
    case 'none':
      return { mode: 'NONE' }
    case 'required': {
      const names = choice.allowed?.map((name) => context.names.chosen(name))
      return names === undefined ? { mode: 'ANY' } : { mode: 'ANY', allowedFunctionNames: names }
    }
    case 'named':
      return { mode: 'ANY', allowedFunctionNames: [context.names.chosen(choice.name)] }
  }
}

function writeDeclaration(tool: FunctionTool | CustomTool, context: CallContext): JsonObject {
  if (tool.type === 'custom') {
    context.warn(`the freeform tool ${tool.name} became a function with one text argument`)
    return writeDeclaration(customToolAsFunction(tool), context)
  }
  const declaration: JsonObject = { name: context.names.toWire(tool) }
  if (tool.description !== undefined && tool.description !== '') declaration.description = tool.description
  if (tool.cacheMark !== undefined) context.warn('dropped cache marks: Gemini caches by itself')
  if (tool.strict === true) context.warn('strict tools are not enforced by Gemini')
  if (tool.parameters === undefined) return declaration
  const { schema, lost } = compileSchema(tool.parameters)
  if (lost.length > 0) context.warn(`the schema of tool ${tool.name} lost ${lost.join(', ')}`)
  if (!isEmptyObjectSchema(schema)) declaration.parametersJsonSchema = { type: 'object', ...schema }
  return declaration
}

/**
 * Own hosted tools pass. Another dialect's is left out while other tools remain, as coding agents list theirs with every
 * request; alone, a web search or code execution becomes Gemini's own and anything else is refused.
 */
function writeHosted(tool: HostedTool, besideFunctions: boolean, context: CallContext): JsonObject[] {
  if (tool.dialect === 'gemini') return [tool.value]
  const kind = typeof tool.value.type === 'string' ? tool.value.type : 'unknown'
  if (besideFunctions) {
    context.warn(`dropped the hosted tool ${kind}: Gemini does not know it`)
    return []
  }
  const own = kind.startsWith('web_search') ? 'googleSearch' : codeKinds.test(kind) ? 'codeExecution' : undefined
  if (own === undefined) throw unsupported(context, 'tools', `only its own provider can run ${kind}.`)
  context.warn(`the hosted tool ${kind} became ${own}; its settings are lost`)
  return [{ [own]: {} }]
}

const codeKinds = /^code_(?:execution|interpreter)/
