import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'

/** What the service itself counts for a picture of one tile (ai.google.dev/gemini-api/docs/tokens). */
const tokensOfMedia = 258
/** Rule of thumb of the same page: four characters are a token; other scripts than Latin need about twice as much. */
const charactersOfToken = 4

/**
 * Estimates the tokens of a countTokens or generateContent body without asking anyone: an estimate, not the tokenizer's
 * count. Reads any JSON of any depth.
 */
export function countGeminiTokens(body: JsonObject): number {
  const wrapped = body.generateContentRequest ?? body.generate_content_request
  const request = isJsonObject(wrapped) ? wrapped : body
  const counted = ['contents', 'systemInstruction', 'system_instruction', 'tools'].map((key) => request[key])
  let characters = 0
  let media = 0
  const pending: (JsonValue | undefined)[] = [...counted]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value === 'string') characters += weigh(value)
    else if (typeof value === 'number' || typeof value === 'boolean') characters += String(value).length
    else if (Array.isArray(value)) for (const entry of value) pending.push(entry)
    else if (isJsonObject(value)) {
      if (isMedia(value)) media += 1
      else for (const [key, entry] of Object.entries(value)) addField(key, entry)
    }
  }
  return Math.ceil(characters / charactersOfToken) + media * tokensOfMedia

  function addField(key: string, entry: JsonValue): void {
    if (unseen.has(key)) return
    if (!structural.has(key)) characters += key.length
    pending.push(entry)
  }
}

/** Never part of the prompt. */
const unseen = new Set(['role', 'thoughtSignature', 'thought_signature', 'thought', 'id'])

/** Names of the envelope, which the model does not see. */
const structural = new Set([
  'args',
  'content',
  'fileData',
  'file_data',
  'functionCall',
  'functionDeclarations',
  'functionResponse',
  'function_call',
  'function_declarations',
  'function_response',
  'inlineData',
  'inline_data',
  'parameters',
  'parametersJsonSchema',
  'parts',
  'response',
  'text',
])

function isMedia(value: JsonObject): boolean {
  const hasType = value.mimeType !== undefined || value.mime_type !== undefined
  return hasType && (value.data !== undefined || value.fileUri !== undefined || value.file_uri !== undefined)
}

function weigh(text: string): number {
  let characters = 0
  for (const character of text) characters += (character.codePointAt(0) ?? 0) > 0x2e7f ? charactersOfToken / 2 : 1
  return characters
}
