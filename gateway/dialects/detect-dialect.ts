import type { Dialect } from '../model/dialect.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts'
import { objectsOf } from './content-parts.ts'
import type { RequestHeaders } from './request-source.ts'

/** Content blocks that only Anthropic's messages have. */
const messagesBlocks = new Set<JsonValue | undefined>([
  'tool_use',
  'tool_result',
  'thinking',
  'redacted_thinking',
  'image',
  'document',
])

/**
 * Tells a request's dialect from its body when no path tells it. A body that fits several (plain `messages`) counts as
 * chat completions; the facts are the same.
 */
export function detectDialect(body: JsonObject, headers: RequestHeaders): Dialect {
  if (body.contents !== undefined) return 'gemini'
  if (body.messages === undefined) return body.input === undefined ? 'chat-completions' : 'responses'
  return isMessages(body, headers) ? 'messages' : 'chat-completions'
}

function isMessages(body: JsonObject, headers: RequestHeaders): boolean {
  if (headers['anthropic-version'] !== undefined || body.system !== undefined) return true
  if (isJsonObject(body.thinking) || objectsOf(body.tools).some((tool) => tool.input_schema !== undefined)) return true
  return objectsOf(body.messages).some((message) =>
    objectsOf(message.content).some((part) => messagesBlocks.has(part.type)),
  )
}
