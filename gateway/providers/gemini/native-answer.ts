import { GatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import type { UpstreamName } from '../chat-wire/chat-failure.ts'
import type { CompleteAnswer } from '../provider.ts'
import { wholeChunks } from './gemini-reader.ts'
import { asEvents, type EventFraming, GeminiStreamTap } from './gemini-stream-tap.ts'
import { readGeminiUsage } from './usage.ts'

/**
 * Reads a complete answer that goes to the client as it is.
 * @throws GatewayError `upstream_invalid_answer` for what is none, and the matching error for an error object
 */
export function readNativeAnswer(name: UpstreamName, body: Buffer, framing: () => EventFraming): CompleteAnswer {
  const chunks = wholeChunks(body)
  checkAnswer(name, chunks)
  const usage = chunks.reduce<Usage | null>((last, chunk) => readGeminiUsage(chunk) ?? last, null)
  return { body, usage, asStream: () => streamOf(chunks, framing()) }
}

/** Sends the chunks through a tap, which knows what an answer must have. */
function checkAnswer(name: UpstreamName, chunks: readonly JsonObject[]): void {
  const tap = new GeminiStreamTap(name)
  for (const chunk of chunks) tap.feed(eventOf(chunk))
  tap.finish()
  if (tap.failure !== undefined) throw tap.failure
  if (tap.complete) return
  throw new GatewayError(
    'upstream_invalid_answer',
    `${name.provider} (model ${name.upstreamModel}) sent something else where a generateContent answer was expected. Check api_base.`,
  )
}

function streamOf(chunks: readonly JsonObject[], framing: EventFraming): { events: Buffer; terminal: Buffer } {
  const framed = chunks.map((chunk) => framing.event(eventOf(chunk), JSON.stringify(chunk)))
  const last = framed.at(-1) ?? Buffer.alloc(0)
  return { events: Buffer.concat(framed.slice(0, -1)), terminal: Buffer.concat([last, framing.tail]) }
}

function eventOf(chunk: JsonObject): Buffer {
  return asEvents.event(Buffer.from(`data: ${JSON.stringify(chunk)}\r\n\r\n`), '')
}
