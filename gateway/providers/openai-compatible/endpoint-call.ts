import { GatewayError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../../model/json.ts'
import type { Usage } from '../../model/usage.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { readChatErrorObject, type UpstreamName } from '../chat-wire/chat-failure.ts'
import type { CompleteAnswer, EndpointCall } from '../provider.ts'

/** What reading an answer needs of its call. */
export interface EndpointReading {
  readonly name: UpstreamName
  readonly call: Pick<EndpointCall, 'path' | 'stream'>
  readonly readUsage: (answer: JsonObject) => Usage | null
}

const transcripts = /^\/audio\/(?:transcriptions|translations)$/

/**
 * Reads the answer of an endpoint that is no conversation: its bytes and type go to the client as they are; usage is
 * taken where the answer is JSON and has one. Throws GatewayError for an error object that came with status 200, for a web
 * page, and for a whole answer in place of the stream that was asked for.
 */
export function readEndpointAnswer(reading: EndpointReading, body: Buffer, headers: UpstreamHeaders): CompleteAnswer {
  const { name, call, readUsage } = reading
  const type = headers['content-type']
  const contentType = typeof type === 'string' ? type : 'application/octet-stream'
  const asStream = () => transcriptAsStream(body, contentType)
  // What a file holds is its owner's business.
  if (/^\/files\/[^/]+\/content/.test(call.path)) return { body, contentType, usage: null, asStream }
  if (/^text\/html\b/i.test(contentType)) throw invalid(name, 'sent a web page. Check api_base.')
  if (call.stream && !transcripts.test(call.path)) {
    throw invalid(name, 'did not answer with the stream that was asked for.')
  }
  if (!/^application\/(?:[^;]+\+)?json/i.test(contentType)) return { body, contentType, usage: null, asStream }
  const answer = parse(name, body)
  if (isJsonObject(answer) && isJsonObject(answer.error)) throw readChatErrorObject(name, answer.error)
  return { body, contentType, usage: isJsonObject(answer) ? readUsage(answer) : null, asStream }
}

/** Models that cannot stream a transcript ignore the wish (whisper-1 does): the client gets its stream all the same. */
function transcriptAsStream(body: Buffer, contentType: string): { events: Buffer; terminal: Buffer } {
  const answer: unknown = contentType.includes('json') ? JSON.parse(body.toString('utf8')) : body.toString('utf8')
  const { text = '', usage } = isJsonObject(answer) ? answer : { text: answer as string }
  const done = { type: 'transcript.text.done', text, ...(usage === undefined ? {} : { usage }) }
  return { events: eventOf({ type: 'transcript.text.delta', delta: text }), terminal: eventOf(done) }
}

function eventOf(data: object): Buffer {
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`)
}

function parse(name: UpstreamName, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw invalid(name, 'said it sends JSON and sent something else.')
  }
}

function invalid({ provider, upstreamModel }: UpstreamName, what: string): GatewayError {
  return new GatewayError('upstream_invalid_answer', `${provider} (model ${upstreamModel}) ${what}`)
}
