import type { Deployment } from '../../config/gateway-config.ts'
import { customToolAsFunction } from '../../model/custom-tool-input.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { FunctionTool, ModelRequest, ToolDefinition } from '../../model/model-request.ts'
import type { ModelTraits } from './model-traits.ts'
import { reduceSchema } from './reduce-schema.ts'
import { cannotCarry } from './refusal.ts'
import { cacheControl } from './write-content.ts'

export interface ToolPlan {
  readonly tools: JsonObject[]
  /** Wire names of freeform tools. */
  readonly customTools: ReadonlySet<string>
  readonly warnings: readonly string[]
}

/** Writes the tools of a request. Throws GatewayError `unsupported_field` when only tools of another provider are offered. */
export function planTools(
  deployment: Deployment,
  traits: ModelTraits,
  request: ModelRequest,
  names: FlatToolNames,
): ToolPlan {
  const warnings: string[] = []
  const customTools = new Set<string>()
  const offered = allowedTools(request)
  const tools: JsonObject[] = []
  for (const tool of offered) {
    if (tool.type === 'hosted') tools.push(...hostedTool(deployment, tool, offered, warnings))
    else if (tool.type === 'function') tools.push(functionTool(tool, traits, names, warnings))
    else {
      customTools.add(names.flat(tool))
      if (tool.format?.type === 'grammar') {
        warnings.push(`the grammar of tool ${tool.name} is not enforced: given as a description`)
      }
      tools.push(functionTool(customToolAsFunction(tool), traits, names, warnings))
    }
  }
  return { tools, customTools, warnings }
}

/** Only the tools that may be called, where the client allows a part of them: the API has no such field. */
function allowedTools({ tools, toolChoice }: ModelRequest): readonly ToolDefinition[] {
  const allowed = toolChoice !== undefined && toolChoice.mode !== 'named' ? toolChoice.allowed : undefined
  if (allowed === undefined) return tools
  return tools.filter((tool) => tool.type !== 'hosted' && allowed.includes(tool.name))
}

function hostedTool(
  deployment: Deployment,
  tool: Extract<ToolDefinition, { type: 'hosted' }>,
  offered: readonly ToolDefinition[],
  warnings: string[],
): JsonObject[] {
  if (tool.dialect === 'messages') return [tool.value]
  const type = (typeof tool.value.type === 'string' ? tool.value.type : Object.keys(tool.value).join(' ')).slice(0, 80)
  if (offered.every((other) => other.type === 'hosted')) {
    throw cannotCarry(deployment, 'tools', `tool of type ${type}, which another provider runs itself`)
  }
  warnings.push(`dropped tool ${type}: ${deployment.provider} does not run it`)
  return []
}

function functionTool(tool: FunctionTool, traits: ModelTraits, names: FlatToolNames, warnings: string[]): JsonObject {
  const strict = tool.strict === true ? strictSchema(tool, traits, warnings) : undefined
  return {
    name: names.flat(tool),
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: strict ?? inputSchema(tool, warnings),
    ...(strict === undefined ? {} : { strict: true }),
    ...cacheControl(tool.cacheMark),
  }
}

function strictSchema(tool: FunctionTool, traits: ModelTraits, warnings: string[]): JsonObject | undefined {
  const reading = traits.structuredOutput ? reduceSchema(tool.parameters ?? emptySchema) : undefined
  if (reading?.kind === 'reduced' && reading.moved.length === 0) return { type: 'object', ...reading.schema }
  const why = reading === undefined ? 'the model has no strict tools' : 'its schema goes beyond what is enforced'
  warnings.push(`dropped strict of tool ${tool.name}: ${why}`)
  return undefined
}

const emptySchema: JsonObject = { type: 'object', properties: {} }
const variants = ['anyOf', 'oneOf', 'allOf'] as const

/** The schema must be an object's, without variants at its top: theirs are joined, so that no property is lost. */
function inputSchema(tool: FunctionTool, warnings: string[]): JsonObject {
  const schema: JsonObject = { ...emptySchema, ...tool.parameters, type: 'object' }
  const present = variants.filter((keyword) => schema[keyword] !== undefined)
  if (present.length === 0) return schema
  warnings.push(`joined the variants at the top of the schema of tool ${tool.name}`)
  const properties: JsonObject = {}
  for (const keyword of present) {
    const entries = schema[keyword]
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (isJsonObject(entry) && isJsonObject(entry.properties)) Object.assign(properties, entry.properties)
    }
    delete schema[keyword]
  }
  return { ...schema, properties: { ...properties, ...(isJsonObject(schema.properties) ? schema.properties : {}) } }
}

/** The field `tool_choice`; undefined leaves it out. */
export function writeToolChoice(request: ModelRequest, names: FlatToolNames): JsonObject | undefined {
  const single: JsonObject = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {}
  const choice = request.toolChoice
  switch (choice?.mode) {
    case 'none':
      return { type: 'none' }
    case 'required':
      return { type: 'any', ...single }
    case 'named':
      return { type: 'tool', name: names.chosen(choice.name), ...single }
    default:
      return choice === undefined && request.parallelToolCalls !== false ? undefined : { type: 'auto', ...single }
  }
}
