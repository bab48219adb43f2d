import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import { readChatUsage } from './chat-usage.ts'

/** What one event of a chat completion stream means to the relay. */
export type ChatEvent =
  | { readonly kind: 'terminal' }
  /** A comment or an event without data: a life sign. */
  | { readonly kind: 'comment' }
  /** Nothing that needs reading. */
  | { readonly kind: 'plain' }
  | {
      readonly kind: 'chunk'
      readonly hasOutput: boolean
      readonly finished: boolean
      readonly usage: Usage | null
      readonly usageOnly: boolean
    }
  | { readonly kind: 'error'; readonly error: JsonObject }

/**
 * Reads one event. `text` is the event one character per byte, `bytes` the same bytes. Most events of a running answer
 * carry nothing that accounting needs and are told so by one search, without parsing; `lookForOutput` asks
 * to parse them as well, until the first output was seen.
 */
export function readChatEvent(text: string, bytes: Buffer, lookForOutput: boolean): ChatEvent {
  if (!lookForOutput && !matters.test(text)) return text.startsWith('data') ? { kind: 'plain' } : commentOrPlain(text)
  const data = dataOf(bytes.toString('utf8'))
  if (data === '') return { kind: 'comment' }
  if (data.trim() === '[DONE]') return { kind: 'terminal' }
  const chunk = parse(data)
  if (chunk === undefined) return { kind: 'plain' }
  const choices = Array.isArray(chunk.choices) ? chunk.choices : []
  if (chunk.error !== undefined && chunk.error !== null) return { kind: 'error', error: errorObject(chunk.error) }
  const usage = readChatUsage(chunk)
  return {
    kind: 'chunk',
    hasOutput: choices.some(hasOutput),
    finished: choices.some(isFinished),
    usage,
    usageOnly: usage !== null && choices.length === 0,
  }
}

/** A finish reason, a usage object, an error or the end marker; a null finish reason or usage does not count. */
const matters = /"(?:finish_reason"\s*:\s*"|usage"\s*:\s*\{|error")|\[DONE\]/

function commentOrPlain(text: string): ChatEvent {
  return /(?:^|[\r\n])data/.test(text) ? { kind: 'plain' } : { kind: 'comment' }
}

/** The `data:` lines of an event, joined as the format says. A byte order mark before the first line is dropped. */
function dataOf(event: string): string {
  const lines: string[] = []
  for (const line of event.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    if (line.startsWith('data:')) lines.push(line.slice(line.charCodeAt(5) === 0x20 ? 6 : 5))
  }
  return lines.join('\n')
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function errorObject(value: JsonValue): JsonObject {
  return isJsonObject(value) ? value : { message: typeof value === 'string' ? value : JSON.stringify(value) }
}

function isFinished(choice: JsonValue): boolean {
  return isJsonObject(choice) && typeof choice.finish_reason === 'string' && choice.finish_reason !== ''
}

function hasOutput(choice: JsonValue): boolean {
  if (isFinished(choice)) return true
  if (!isJsonObject(choice) || !isJsonObject(choice.delta)) return false
  return outputFields.some((field) => isFilled((choice.delta as JsonObject)[field]))
}

const outputFields = [
  'content',
  'tool_calls',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'refusal',
  'function_call',
  'audio',
]

function isFilled(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return false
  return !(Array.isArray(value) && value.length === 0)
}
