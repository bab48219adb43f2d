import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import type { Harness } from './harness.ts'

/** Type words under which the dialects carry text. */
const textTypes = new Set<JsonValue | undefined>(['text', 'input_text', undefined])

/** The objects of an array; nothing for any other value. Never throws, never goes deeper. */
export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((entry) => isJsonObject(entry)) : []
}

/** A turn's text: a string as it is; of parts the texts, joined with one space and trimmed. Empty for anything else. */
export function contentText(content: JsonValue | undefined, harness?: Harness): string {
  if (typeof content === 'string') return content
  const texts = objectsOf(content).flatMap((part) => partText(part))
  return (harness?.keepOwnParts(texts) ?? texts).join(' ').trim()
}

/** Whether any part, or any part inside a tool result, passes the test. */
export function hasPart(content: JsonValue | undefined, test: (part: JsonObject) => boolean): boolean {
  return objectsOf(content).some((part) => test(part) || objectsOf(part.content).some((inner) => test(inner)))
}

/** The text of the last entry that says anything. */
export function lastText(texts: readonly string[]): string {
  return texts.findLast((text) => text.trim() !== '') ?? ''
}

/** A Gemini part has no type; one marked `thought` is the model's. */
function partText(part: JsonObject): string[] {
  return textTypes.has(part.type) && typeof part.text === 'string' && part.thought !== true ? [part.text] : []
}
