import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { ToolChoice, ToolDefinition } from '../../model/model-request.ts'
import { objectsOf } from '../content-parts.ts'
import { clientToolAsFunction, clientToolType } from './client-tools.ts'
import { invalidField, unsupportedField } from './field-errors.ts'

/** The tools of a list, with those of namespaces taken out and marked. @throws GatewayError `invalid_field` */
export function readTools(tools: JsonValue | undefined, param = 'tools'): ToolDefinition[] {
  if (tools === undefined || tools === null) return []
  if (!Array.isArray(tools)) throw invalidField(param, 'a list')
  return tools.flatMap((tool, index) => readTool(tool, `${param}[${index}]`))
}

function readTool(tool: JsonValue, param: string): ToolDefinition[] {
  if (!isJsonObject(tool) || typeof tool.type !== 'string') throw invalidField(param, 'an object with a "type"')
  if (tool.type === 'namespace') return readNamespace(tool, param)
  return [readOne(tool, undefined, param)]
}

function readNamespace(tool: JsonObject, param: string): ToolDefinition[] {
  const namespace = readName(tool, param)
  if (!Array.isArray(tool.tools)) throw invalidField(`${param}.tools`, 'a list')
  return tool.tools.map((inner, index) => {
    const place = `${param}.tools[${index}]`
    if (!isJsonObject(inner)) throw invalidField(place, 'an object with a "type"')
    return readOne(inner, namespace, place)
  })
}

function readOne(tool: JsonObject, namespace: string | undefined, param: string): ToolDefinition {
  const builtIn = clientToolType(tool.type)
  if (builtIn !== undefined) return clientToolAsFunction(builtIn, tool)
  if (tool.type !== 'function' && tool.type !== 'custom') return { type: 'hosted', dialect: 'responses', value: tool }
  const common = {
    name: readName(tool, param),
    ...(namespace === undefined ? {} : { namespace }),
    ...(typeof tool.description === 'string' ? { description: tool.description } : {}),
  }
  if (tool.type === 'custom') {
    return { type: 'custom', ...common, ...(isJsonObject(tool.format) ? { format: tool.format } : {}) }
  }
  if (tool.parameters !== undefined && tool.parameters !== null && !isJsonObject(tool.parameters)) {
    throw invalidField(`${param}.parameters`, 'a JSON schema')
  }
  return {
    type: 'function',
    ...common,
    ...(isJsonObject(tool.parameters) ? { parameters: tool.parameters } : {}),
    ...(typeof tool.strict === 'boolean' ? { strict: tool.strict } : {}),
  }
}

function readName(tool: JsonObject, param: string): string {
  if (typeof tool.name !== 'string' || tool.name === '') throw invalidField(`${param}.name`, 'a text that is not empty')
  return tool.name
}

/** `tool_choice`. @throws GatewayError `invalid_field`, or `unsupported_field` for a hosted tool */
export function readToolChoice(choice: JsonValue | undefined): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { mode: choice }
  if (!isJsonObject(choice)) throw invalidField('tool_choice', '"auto", "none", "required" or an object')
  if (choice.type === 'allowed_tools') {
    return { mode: choice.mode === 'required' ? 'required' : 'auto', allowed: objectsOf(choice.tools).map(nameOf) }
  }
  if (choice.type === 'function' || choice.type === 'custom')
    return { mode: 'named', name: readName(choice, 'tool_choice') }
  const builtIn = clientToolType(choice.type)
  if (builtIn !== undefined) return { mode: 'named', name: builtIn }
  throw unsupportedField('tool_choice', 'the hosted tool it names runs at OpenAI only. Use "auto".')
}

function nameOf(tool: JsonObject): string {
  if (typeof tool.name === 'string') return tool.name
  return typeof tool.type === 'string' ? tool.type : ''
}
