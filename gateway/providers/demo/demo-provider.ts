import { randomUUID } from 'node:crypto'
import type { Deployment } from '../../config/gateway-config.ts'
import { flattenToolNames } from '../../model/flatten-tools.ts'
import type { UpstreamControl, UpstreamSink } from '../../upstream/upstream-exchange.ts'
import { readChatAnswer } from '../chat-wire/chat-answer.ts'
import { readChatErrorObject, readChatFailure } from '../chat-wire/chat-failure.ts'
import { ChatReader, readChatAnswerParts, type ChatReading } from '../chat-wire/chat-reader.ts'
import { ChatStreamTap } from '../chat-wire/chat-stream-tap.ts'
import { GatewayError } from '../../model/errors.ts'
import type { ModelCall, NativeCall, PreparedCall, Provider, TranslatedCall } from '../provider.ts'
import { demoAnswerText, demoPieces, demoTokens } from './demo-answer.ts'

/** Between two pieces of a streamed answer, so that a first user sees it stream. */
const pieceDelayMs = 25

/** Pretend models for a fresh machine: they answer on the wire of a real one, without a network. */
export function createDemoProvider(): Provider {
  return { adapter: 'demo', wire: 'chat-completions', prepareNative, prepareModel }
}

/** What a pretend answer depends on. */
interface DemoCall {
  readonly deployment: Deployment
  readonly stream: boolean
  /** Size of the request in bytes, for the pretend usage. */
  readonly bytes: number
}

function prepareNative(call: NativeCall): PreparedCall {
  const { deployment, stream } = call
  const withholdUsage = !asksForUsage(call)
  return {
    ...readyCall({ deployment, stream, bytes: call.body.length }),
    openStream: () =>
      new ChatStreamTap({
        withholdUsage,
        readError: (error) => readChatErrorObject(deployment, error),
        oversized: () => new GatewayError('internal_error', 'The demo stream is larger than 32 MiB.'),
      }),
    readAnswer: (bytes) => readChatAnswer(deployment, bytes),
  }
}

function prepareModel({ deployment, request, scope }: ModelCall): TranslatedCall {
  const bytes = Buffer.byteLength(JSON.stringify([request.turns, request.tools]))
  const reading: ChatReading = {
    upstream: deployment,
    names: flattenToolNames([]),
    scope,
    isWrapped: () => false,
    unwrap: (written) => written,
  }
  return {
    ...readyCall({ deployment, stream: request.stream, bytes }),
    openReader: () => new ChatReader(reading),
    readAnswer: (body) => readChatAnswerParts(reading, body),
  }
}

function readyCall(call: DemoCall): Pick<PreparedCall, 'warnings' | 'send' | 'readFailure'> {
  return {
    warnings: [],
    send: (sink) => (call.stream ? sendStream(call, sink) : sendAnswer(call, sink)),
    readFailure: (status, headers, body) => readChatFailure(call.deployment, status, headers, body),
  }
}

function asksForUsage(call: NativeCall): boolean {
  const span = call.fields.get('stream_options')
  return (
    span !== undefined &&
    /"include_usage"\s*:\s*true/.test(call.body.toString('latin1', span.valueStart, span.valueEnd))
  )
}

function usageOf(call: DemoCall, text: string): Record<string, number> {
  const prompt = demoTokens(call.bytes)
  const completion = demoTokens(text.length)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

function envelope(call: DemoCall, object: string): Record<string, unknown> {
  return {
    id: `chatcmpl-${randomUUID()}`,
    object,
    created: Math.floor(Date.now() / 1000),
    model: call.deployment.upstreamModel,
  }
}

function sendAnswer(call: DemoCall, sink: UpstreamSink): UpstreamControl {
  const text = demoAnswerText(call.deployment)
  const answer = {
    ...envelope(call, 'chat.completion'),
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: usageOf(call, text),
  }
  return play(sink, 'application/json', [Buffer.from(JSON.stringify(answer))])
}

function sendStream(call: DemoCall, sink: UpstreamSink): UpstreamControl {
  const text = demoAnswerText(call.deployment)
  const head = envelope(call, 'chat.completion.chunk')
  const chunk = (delta: object, finish: string | null): object => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const chunks = [
    chunk({ role: 'assistant', content: '' }, null),
    ...demoPieces(text).map((content) => chunk({ content }, null)),
    chunk({}, 'stop'),
    { ...head, choices: [], usage: usageOf(call, text) },
  ]
  const events = chunks.map((event) => Buffer.from(`data: ${JSON.stringify(event)}\n\n`))
  return play(sink, 'text/event-stream', [...events, Buffer.from('data: [DONE]\n\n')])
}

/** Plays prepared bytes to a sink, one piece per delay; honours pause, resume and abort as a socket would. */
function play(sink: UpstreamSink, contentType: string, pieces: readonly Buffer[]): UpstreamControl {
  let next = 0
  let paused = false
  let timer: NodeJS.Timeout | undefined
  const schedule = (): void => {
    timer = setTimeout(step, pieces.length === 1 ? 0 : pieceDelayMs)
  }
  const step = (): void => {
    timer = undefined
    if (next === 0) sink.onHead(200, { 'content-type': contentType })
    const piece = pieces[next]
    next += 1
    if (piece === undefined) {
      sink.onEnd()
      return
    }
    sink.onData(piece)
    if (!paused && timer === undefined && next <= pieces.length) schedule()
  }
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  schedule()
  return {
    abort: () => {
      paused = true
      next = pieces.length + 1
      stop()
    },
    pause: () => {
      paused = true
      stop()
    },
    resume: () => {
      if (!paused || next > pieces.length) return
      paused = false
      schedule()
    },
  }
}
