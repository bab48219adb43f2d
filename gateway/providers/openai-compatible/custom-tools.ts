import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { CustomTool } from '../../model/model-request.ts'

/** The one argument of a function that stands for a freeform tool. */
const inputField = 'input'

/** A freeform tool as a function with one text argument, for upstreams that know functions only. */
export function customToolAsFunction(tool: CustomTool, name: string): JsonObject {
  const grammar = grammarText(tool.format)
  const description = [tool.description, grammar].filter((text) => text !== undefined && text !== '').join('\n\n')
  return {
    name,
    ...(description === '' ? {} : { description }),
    parameters: {
      type: 'object',
      properties: { [inputField]: { type: 'string', description: 'The raw input of the tool, as plain text.' } },
      required: [inputField],
      additionalProperties: false,
    },
  }
}

function grammarText(format: JsonObject | undefined): string | undefined {
  if (format?.type !== 'grammar') return undefined
  // Responses writes the grammar flat, chat completions nests it.
  const grammar = isJsonObject(format.grammar) ? format.grammar : format
  if (typeof grammar.definition !== 'string') return undefined
  const syntax = typeof grammar.syntax === 'string' ? grammar.syntax : 'given'
  return `The input must follow this ${syntax} grammar:\n${grammar.definition}`
}

/** A freeform call of the history as the arguments of that function. */
export function customInputArguments(input: string): string {
  return JSON.stringify({ [inputField]: input })
}

/** Other names that models use for the one argument. */
const otherFields = ['patch', 'code', 'command', 'text']

/**
 * The raw input in the arguments that a model gave for a freeform tool: the text in `input`, or in another only field, or a
 * JSON text, or whatever was written when it is none of these.
 */
export function unwrapCustomInput(written: string): string {
  let value: unknown
  try {
    value = JSON.parse(written)
  } catch {
    return written
  }
  if (typeof value === 'string') return value
  if (!isJsonObject(value)) return written
  for (const field of [inputField, ...otherFields]) {
    const text = Object.hasOwn(value, field) ? value[field] : undefined
    if (typeof text === 'string' && Object.keys(value).length === 1) return text
  }
  return written
}
