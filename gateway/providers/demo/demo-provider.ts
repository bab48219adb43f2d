import { randomUUID } from 'node:crypto'
import type { UpstreamControl, UpstreamSink } from '../../upstream/upstream-exchange.ts'
import { readChatAnswer } from '../chat-wire/chat-answer.ts'
import { readChatErrorObject, readChatFailure } from '../chat-wire/chat-failure.ts'
import { ChatStreamTap } from '../chat-wire/chat-stream-tap.ts'
import { GatewayError } from '../../model/errors.ts'
import type { ChatCall, PreparedCall, Provider } from '../provider.ts'
import { demoAnswerText, demoPieces, demoTokens } from './demo-answer.ts'

/** Between two pieces of a streamed answer, so that a first user sees it stream. */
const pieceDelayMs = 25

/** Pretend models for a fresh machine: they answer on the wire of a real one, without a network. */
export function createDemoProvider(): Provider {
  return { adapter: 'demo', prepareChat: prepare }
}

function prepare(call: ChatCall): PreparedCall {
  const { deployment } = call
  return {
    warnings: [],
    send: (sink) => (call.stream ? sendStream(call, sink) : sendAnswer(call, sink)),
    openStream: () =>
      new ChatStreamTap({
        withholdUsage: !asksForUsage(call),
        readError: (error) => readChatErrorObject(deployment, error),
        oversized: () => new GatewayError('internal_error', 'The demo stream is larger than 32 MiB.'),
      }),
    readAnswer: (bytes) => readChatAnswer(deployment, bytes),
    readFailure: (status, headers, bytes) => readChatFailure(deployment, status, headers, bytes),
  }
}

function asksForUsage(call: ChatCall): boolean {
  const span = call.fields.get('stream_options')
  return (
    span !== undefined &&
    /"include_usage"\s*:\s*true/.test(call.body.toString('latin1', span.valueStart, span.valueEnd))
  )
}

function usageOf(call: ChatCall, text: string): Record<string, number> {
  const prompt = demoTokens(call.body.length)
  const completion = demoTokens(text.length)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

function envelope(call: ChatCall, object: string): Record<string, unknown> {
  return {
    id: `chatcmpl-${randomUUID()}`,
    object,
    created: Math.floor(Date.now() / 1000),
    model: call.deployment.upstreamModel,
  }
}

function sendAnswer(call: ChatCall, sink: UpstreamSink): UpstreamControl {
  const text = demoAnswerText(call.deployment)
  const answer = {
    ...envelope(call, 'chat.completion'),
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: usageOf(call, text),
  }
  return play(sink, 'application/json', [Buffer.from(JSON.stringify(answer))])
}

function sendStream(call: ChatCall, sink: UpstreamSink): UpstreamControl {
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
