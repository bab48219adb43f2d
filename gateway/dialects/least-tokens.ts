import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'

/** Fields of all dialects whose texts a model reads. What stands elsewhere (ids, images, signatures, settings) does not count. */
const textFields: ReadonlySet<string> = new Set([
  'arguments',
  'content',
  'description',
  'input',
  'instructions',
  'output',
  'prompt',
  'system',
  'text',
])
/** Objects of a tool call or its result: every text in them is read. */
const wholeFields: ReadonlySet<string> = new Set(['args', 'arguments', 'input', 'response'])

/** Top-level fields that carry no part of the conversation, or not for certain. */
const skippedFields: ReadonlySet<string> = new Set([
  'fallbacks',
  'litellm_metadata',
  'metadata',
  'prediction',
  'response_format',
])
/** With one of these the upstream may shorten the conversation itself: nothing is certain then. */
const shorteningFields = ['context_management', 'transforms'] as const
/** Items that an upstream may leave out of what the model reads. */
const thoughtTypes: ReadonlySet<unknown> = new Set(['reasoning', 'redacted_thinking', 'summary_text', 'thinking'])

const mostDepth = 64

/**
 * How many tokens the texts of a conversation have at the very least, whatever the tokenizer: none spans more than 16
 * characters of a word or joins words across a space; a run of one other character (rules, indentation) may be one token
 * up to 128. Media, files, signatures and thoughts do not count.
 */
export function leastTokens(body: JsonObject): number {
  if (body.truncation === 'auto' || shorteningFields.some((field) => body[field] !== undefined)) return 0
  let sum = 0
  for (const [field, value] of Object.entries(body)) {
    // `text` is a message's own field everywhere but at the top, where Responses keeps its format there.
    if (skippedFields.has(field) || (field === 'text' && isJsonObject(value))) continue
    sum += countValue(value, textFields.has(field), false, 0)
  }
  return sum
}

function countValue(value: JsonValue, isText: boolean, whole: boolean, depth: number): number {
  if (typeof value === 'string') return isText && !value.startsWith('data:') ? leastTokensOfText(value) : 0
  if (depth > mostDepth) return 0
  if (Array.isArray(value)) {
    let sum = 0
    for (const item of value) sum += countValue(item, isText, whole, depth + 1)
    return sum
  }
  return isJsonObject(value) ? countObject(value, whole, depth + 1) : 0
}

function countObject(object: JsonObject, whole: boolean, depth: number): number {
  if (thoughtTypes.has(object.type) || object.thought === true) return 0
  let sum = 0
  for (const key of Object.keys(object)) {
    const value = object[key]
    if (value === undefined || value === null) continue
    const isToolData = whole || (wholeFields.has(key) && isJsonObject(value))
    sum += countValue(value, isToolData || textFields.has(key), isToolData, depth)
  }
  return sum
}

/** An eighth of a character is the unit: a repeated mark counts one, any other character eight, a token holds 128. */
const unitsPerToken = 128

/** The same for one text. */
export function leastTokensOfText(text: string): number {
  let tokens = 0
  let units = 0
  let before = -1
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (isSpace(code)) {
      tokens += Math.ceil(units / unitsPerToken)
      units = 0
    } else {
      units += code === before && !isWordCharacter(code) ? 1 : 8
    }
    before = code
  }
  return tokens + Math.ceil(units / unitsPerToken)
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

function isWordCharacter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
}
