import { isJsonObject, type JsonObject } from './json.ts'
import type { CustomTool, FunctionTool } from './model-request.ts'

/** Members under which models are known to put the one text of a freeform tool. */
const members = ['input', 'patch', 'code'] as const

/**
 * A freeform tool for a wire that knows functions only: one text property `input`. Its answer comes back through
 * `unwrapCustomInput`, its history goes out through `wrapCustomInput`.
 */
export function customToolAsFunction(tool: CustomTool): FunctionTool {
  const grammar = tool.format?.type === 'grammar' ? grammarText(tool.format) : undefined
  const description = [tool.description, grammar].filter((text) => text !== undefined && text !== '').join('\n\n')
  return {
    type: 'function',
    name: tool.name,
    ...(tool.namespace === undefined ? {} : { namespace: tool.namespace }),
    ...(description === '' ? {} : { description }),
    parameters: {
      type: 'object',
      properties: { input: { type: 'string', description: 'The whole input of the tool as plain text.' } },
      required: ['input'],
      additionalProperties: false,
    },
  }
}

function grammarText(format: JsonObject): string | undefined {
  const grammar = isJsonObject(format.grammar) ? format.grammar : format
  if (typeof grammar.definition !== 'string') return undefined
  const syntax = typeof grammar.syntax === 'string' ? grammar.syntax : 'given'
  return `The input must match this ${syntax} grammar:\n${grammar.definition}`
}

/** The raw input of a freeform call as arguments of that function. */
export function wrapCustomInput(input: string): string {
  return JSON.stringify({ input })
}

/**
 * The raw input out of the arguments that a model wrote for that function. Only an object with exactly the one text is
 * opened (models write `patch` or `code` as well); anything else is taken to be the raw input itself.
 */
export function unwrapCustomInput(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    if (!isJsonObject(value) || Object.keys(value).length !== 1) return text
    const inner = members.map((member) => value[member]).find((entry) => typeof entry === 'string')
    return typeof inner === 'string' ? inner : text
  } catch {
    return text
  }
}
