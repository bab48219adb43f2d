import { invalidAnswer, parseAnswerObject } from '../answer-object.ts'
import type { AnswerPart } from '../../model/answer-parts.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'
import type { AnswerContext } from './answer-context.ts'
import { readAnthropicErrorObject } from './anthropic-failure.ts'
import { readUsage } from './anthropic-usage.ts'
import { BlockReader } from './block-reader.ts'
import { readFinish } from './finish-reason.ts'

/** A complete message as a list of parts. Throws GatewayError as `parseMessage` does. */
export function readMessage(context: AnswerContext, body: Buffer): readonly AnswerPart[] {
  const message = parseMessage(context.upstream, body)
  const blocks = new BlockReader(context)
  const parts: AnswerPart[] = [{ type: 'start', id: textOf(message.id), model: textOf(message.model) }]
  for (const [index, block] of contentOf(message).entries()) {
    parts.push(...blocks.start(index, block), ...blocks.stop(index))
  }
  if (isJsonObject(message.usage)) parts.push({ type: 'usage', usage: readUsage(message.usage) })
  parts.push(...readFinish(message.stop_reason, message.stop_sequence, blocks.calls))
  return parts
}

const wanted = 'a message'

/**
 * Parses a complete message. Throws GatewayError `upstream_invalid_answer` for what is none (a login page, cut JSON) and
 * the matching error for an error object that came with status 200.
 */
export function parseMessage(name: UpstreamName, body: Buffer): JsonObject {
  const value = parseAnswerObject(name, wanted, body)
  if (isJsonObject(value.error)) throw readAnthropicErrorObject(name, value.error)
  if (typeof value.error === 'string') throw readAnthropicErrorObject(name, { message: value.error })
  if (!Array.isArray(value.content)) throw invalidAnswer(name, wanted, 'an answer without content')
  return value
}

/** The content blocks of a message. */
export function contentOf(message: JsonObject): readonly JsonObject[] {
  return Array.isArray(message.content) ? message.content.filter((block) => isJsonObject(block)) : []
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
