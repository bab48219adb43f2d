import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { FunctionTool } from '../../model/model-request.ts'
import { objectsOf } from '../content-parts.ts'

/**
 * Built-in tools that the client runs itself. Other wires see them as functions of the same name; a call of one goes back
 * in its own item type.
 */
export const clientToolTypes = ['local_shell', 'tool_search'] as const

export type ClientToolType = (typeof clientToolTypes)[number]

export function clientToolType(value: JsonValue | undefined): ClientToolType | undefined {
  return clientToolTypes.find((type) => type === value)
}

/** The function that stands for a built-in tool. */
export function clientToolAsFunction(type: ClientToolType, tool: JsonObject): FunctionTool {
  if (type === 'local_shell') return { type: 'function', name: type, description: 'Runs a command.', parameters: shell }
  const description = typeof tool.description === 'string' ? tool.description : 'Finds further tools by what they do.'
  return {
    type: 'function',
    name: type,
    description,
    parameters: isJsonObject(tool.parameters) ? tool.parameters : query,
  }
}

const shell: JsonObject = {
  type: 'object',
  properties: {
    command: { type: 'array', items: { type: 'string' }, description: 'The program and its arguments.' },
    working_directory: { type: 'string' },
    timeout_ms: { type: 'integer' },
  },
  required: ['command'],
}

const query: JsonObject = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] }

/** Which built-in tool a call of this name means, by the tools the client sent. */
export function calledClientTool(name: string, sentTools: JsonValue | undefined): ClientToolType | undefined {
  const type = clientToolType(name)
  return type !== undefined && objectsOf(sentTools).some((tool) => tool.type === type) ? type : undefined
}

/** The item that brings such a call to the client. Arguments that are no object stand for none. */
export function clientToolCall(type: ClientToolType, callId: string, argumentsText: string): JsonObject {
  const written = parse(argumentsText)
  if (type === 'tool_search')
    return { type: 'tool_search_call', call_id: callId, execution: 'client', arguments: written }
  const command = Array.isArray(written.command) ? written.command : []
  return { type: 'local_shell_call', call_id: callId, action: { type: 'exec', env: {}, ...written, command } }
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}
