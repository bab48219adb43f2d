import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { ModelRequest, ToolChoice, ToolDefinition } from '../../model/model-request.ts'
import { invalidField, isAbsent, missingField, objectList, optionalText } from './field-reader.ts'
import { readCacheMark } from './read-content.ts'

/** The tools of a request, the deprecated `functions` among them. */
export function readTools(body: JsonObject): Pick<ModelRequest, 'tools' | 'legacyFunctions'> {
  const tools = objectList(body.tools, 'tools').map((tool, position) => readTool(tool, `tools[${position}]`))
  const legacy = objectList(body.functions, 'functions').map((definition, position) =>
    functionTool(definition, {}, `functions[${position}]`),
  )
  const isLegacy = tools.length === 0 && legacy.length > 0
  return { tools: [...tools, ...legacy], ...(isLegacy ? { legacyFunctions: true } : {}) }
}

function readTool(tool: JsonObject, path: string): ToolDefinition {
  if (tool.type === 'function' || (tool.type === undefined && isJsonObject(tool.function))) {
    if (!isJsonObject(tool.function)) throw missingField(`${path}.function`, 'an object with a name')
    return functionTool(tool.function, tool, `${path}.function`)
  }
  if (tool.type === 'custom') {
    if (!isJsonObject(tool.custom)) throw missingField(`${path}.custom`, 'an object with a name')
    return customTool(tool.custom, `${path}.custom`)
  }
  if (typeof tool.type !== 'string') throw missingField(`${path}.type`, 'function or custom')
  return { type: 'hosted', dialect: 'chat-completions', value: tool }
}

function nameOf(definition: JsonObject, path: string): string {
  const { name } = definition
  if (isAbsent(name)) throw missingField(`${path}.name`, 'a name')
  if (typeof name !== 'string' || name === '') throw invalidField(`${path}.name`, 'a text that is not empty')
  return name
}

function functionTool(definition: JsonObject, tool: JsonObject, path: string): ToolDefinition {
  const { parameters, strict } = definition
  if (!isAbsent(parameters) && !isJsonObject(parameters)) throw invalidField(`${path}.parameters`, 'a JSON Schema')
  if (!isAbsent(strict) && typeof strict !== 'boolean') throw invalidField(`${path}.strict`, 'true or false')
  const mark = readCacheMark(tool)
  return {
    type: 'function',
    name: nameOf(definition, path),
    ...describe(definition),
    ...(isAbsent(parameters) ? {} : { parameters }),
    ...(isAbsent(strict) ? {} : { strict }),
    ...(mark === undefined ? {} : { cacheMark: mark }),
  }
}

function describe(definition: JsonObject): { description?: string } {
  const description = optionalText(definition, 'description')
  return description === undefined ? {} : { description }
}

function customTool(definition: JsonObject, path: string): ToolDefinition {
  const { format } = definition
  if (!isAbsent(format) && !isJsonObject(format)) throw invalidField(`${path}.format`, 'an object')
  return {
    type: 'custom',
    name: nameOf(definition, path),
    ...describe(definition),
    ...(isAbsent(format) ? {} : { format }),
  }
}

const modes = new Set(['auto', 'none', 'required'])

/** `tool_choice`, or the deprecated `function_call`. Mistral's `any` is `required`. */
export function readToolChoice(body: JsonObject): ToolChoice | undefined {
  const choice = isAbsent(body.tool_choice) ? body.function_call : body.tool_choice
  const path = isAbsent(body.tool_choice) ? 'function_call' : 'tool_choice'
  if (isAbsent(choice)) return undefined
  if (typeof choice === 'string') {
    const mode = choice === 'any' ? 'required' : choice
    if (!modes.has(mode)) throw invalidField(path, 'auto, none, required or a named tool')
    return { mode: mode as 'auto' | 'none' | 'required' }
  }
  if (!isJsonObject(choice)) throw invalidField(path, 'auto, none, required or a named tool')
  if (choice.type === 'allowed_tools') return allowedTools(choice, path)
  const named = [choice.function, choice.custom, choice].find((entry) => isJsonObject(entry))
  const name = isJsonObject(named) ? named.name : undefined
  if (typeof name !== 'string' || name === '') throw missingField(`${path}.function.name`, 'the name of a tool')
  return { mode: 'named', name }
}

function allowedTools(choice: JsonObject, path: string): ToolChoice {
  const allowed = isJsonObject(choice.allowed_tools) ? choice.allowed_tools : choice
  const names = objectList(allowed.tools, `${path}.allowed_tools.tools`).map((tool, position) => {
    const named = [tool.function, tool.custom, tool].find((entry) => isJsonObject(entry))
    const name = isJsonObject(named) ? named.name : undefined
    if (typeof name === 'string' && name !== '') return name
    throw missingField(`${path}.allowed_tools.tools[${position}].function.name`, 'the name of a tool')
  })
  return { mode: allowed.mode === 'required' ? 'required' : 'auto', allowed: names }
}
