import type { Usage } from '../../../../gateway/model/usage.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { AnthropicStreamTap } from '../../../../gateway/providers/anthropic/anthropic-stream-tap.ts'
import { readUsage } from '../../../../gateway/providers/anthropic/anthropic-usage.ts'
import { ChatStreamTap } from '../../../../gateway/providers/chat-wire/chat-stream-tap.ts'
import { readChatUsage } from '../../../../gateway/providers/chat-wire/chat-usage.ts'
import { GeminiStreamTap } from '../../../../gateway/providers/gemini/gemini-stream-tap.ts'
import { readGeminiUsage } from '../../../../gateway/providers/gemini/usage.ts'
import { ResponsesTap } from '../../../../gateway/providers/openai-responses/responses-tap.ts'
import { readResponsesUsage } from '../../../../gateway/providers/openai-responses/responses-usage.ts'

export type WireName = 'chat' | 'responses' | 'messages' | 'gemini'

const options = {
  withholdUsage: true,
  readError: () => new GatewayError('upstream_error', 'no error was recorded'),
  oversized: () => new GatewayError('upstream_invalid_answer', 'too large'),
}

const taps = {
  chat: () => new ChatStreamTap(options),
  responses: () => new ResponsesTap(options),
  messages: () => new AnthropicStreamTap(options),
  gemini: () => new GeminiStreamTap({ provider: 'gemini', upstreamModel: 'm' }),
}

const readers: Readonly<Record<WireName, (answer: JsonObject) => Usage | null>> = {
  chat: readChatUsage,
  responses: readResponsesUsage,
  messages: ({ usage }) => (usage === undefined ? null : readUsage(usage as JsonObject)),
  gemini: readGeminiUsage,
}

/** The usage of an answer as an upstream sent it: a JSON object, or the objects of its events. */
export function usageOfAnswer(wire: WireName, answer: JsonObject | readonly JsonObject[]): Usage | null {
  if (!Array.isArray(answer)) return readers[wire](answer as JsonObject)
  const tap = taps[wire]()
  for (const event of answer as readonly JsonObject[]) {
    const name = typeof event.type === 'string' ? `event: ${event.type}\n` : ''
    tap.feed(Buffer.from(`${name}data: ${JSON.stringify(event)}\n\n`))
  }
  if (wire === 'chat') tap.feed(Buffer.from('data: [DONE]\n\n'))
  tap.finish()
  return tap.usage
}
