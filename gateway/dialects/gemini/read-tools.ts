import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { FunctionTool, ToolChoice, ToolDefinition } from '../../model/model-request.ts'
import { invalid, objectList, optionalObject, optionalText, pick, rest } from './fields.ts'
import { readSchema } from './read-schema.ts'

/** The functions and hosted tools of a request. One entry may hold many of either. */
export function readTools(body: JsonObject): ToolDefinition[] {
  return objectList(pick(body, 'tools'), 'tools').flatMap((entry, index) => {
    const param = `tools[${index}]`
    const place = `${param}.functionDeclarations`
    const functions = objectList(pick(entry, 'functionDeclarations'), place).map((declaration, at) =>
      readDeclaration(declaration, `${place}[${at}]`),
    )
    const hosted = Object.entries(rest(entry, ['functionDeclarations'])).map(([name, value]): ToolDefinition => {
      return { type: 'hosted', dialect: 'gemini', value: { [name]: value } }
    })
    return [...functions, ...hosted]
  })
}

function readDeclaration(declaration: JsonObject, param: string): FunctionTool {
  const name = optionalText(declaration, 'name', `${param}.`)
  if (name === undefined || name === '') {
    throw new GatewayError('missing_field', `The field "${param}.name" is missing; a function's name is wanted.`, {
      param: `${param}.name`,
    })
  }
  const description = optionalText(declaration, 'description', `${param}.`)
  const schema = pick(declaration, 'parametersJsonSchema') ?? pick(declaration, 'parameters')
  return {
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    ...(schema === undefined ? {} : { parameters: readSchema(schema, `${param}.parameters`) }),
  }
}

/** `toolConfig.functionCallingConfig`; undefined when the client leaves the choice to the model without a word. */
export function readToolChoice(body: JsonObject): ToolChoice | undefined {
  const config = optionalObject(optionalObject(body, 'toolConfig') ?? {}, 'functionCallingConfig', 'toolConfig.')
  if (config === undefined) return undefined
  const param = 'toolConfig.functionCallingConfig'
  const mode = optionalText(config, 'mode', `${param}.`)?.toUpperCase()
  const allowed = readNames(config, `${param}.allowedFunctionNames`)
  const some = allowed.length === 0 ? {} : { allowed }
  switch (mode) {
    case undefined:
    case 'MODE_UNSPECIFIED':
      return undefined
    case 'AUTO':
    case 'VALIDATED':
      return { mode: 'auto', ...some }
    case 'NONE':
      return { mode: 'none' }
    case 'ANY': {
      const [only] = allowed
      return allowed.length === 1 && only !== undefined ? { mode: 'named', name: only } : { mode: 'required', ...some }
    }
    default:
      throw invalid(`${param}.mode`, '"AUTO", "ANY", "NONE" or "VALIDATED"')
  }
}

function readNames(config: JsonObject, param: string): string[] {
  const names = pick(config, 'allowedFunctionNames')
  if (names === undefined) return []
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) throw invalid(param, 'a list of names')
  return names
}
