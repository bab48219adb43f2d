import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../gateway/model/answer-parts.ts'
import type { GatewayError } from '../../../gateway/model/errors.ts'
import { createOpenAiResponsesProvider } from '../../../gateway/providers/openai-responses/openai-responses-provider.ts'
import type { TranslatedCall } from '../../../gateway/providers/provider.ts'
import { createUpstreamDispatcher, type UpstreamDispatcher } from '../../../gateway/upstream/dispatch.ts'
import type { UpstreamHeaders } from '../../../gateway/upstream/upstream-exchange.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import {
  responseBody,
  responsesError,
  responsesScript,
  startResponsesUpstream,
  type AnswerScript,
  type Upstream,
} from '../../doubles/wires/responses-upstream.ts'

const script: AnswerScript = {
  reasoning: { summaries: [['hm']], encrypted: 'state' },
  text: ['Hel', 'lo 🚦'],
  calls: [
    { callId: 'call_1', name: 'read', fragments: ['{"a":', '1}'] },
    { callId: 'call_2', name: 'read', fragments: ['{"a":2}'] },
  ],
  usage: { input: 50, output: 9, cached: 40, reasoning: 3 },
}

let upstream: Upstream
let dispatcher: UpstreamDispatcher

beforeAll(async () => {
  upstream = await startResponsesUpstream()
  dispatcher = createUpstreamDispatcher()
})

beforeEach(() => {
  upstream.reset()
})

afterAll(async () => {
  await dispatcher.destroy()
  await upstream.close()
})

function prepare(stream: boolean): TranslatedCall {
  return createOpenAiResponsesProvider({ upstream: dispatcher, userAgent: 'Signalbox/test' }).prepareModel({
    deployment: deploymentDouble({ baseUrl: upstream.url, upstreamModel: 'gpt-5.5' }),
    request: {
      dialect: 'messages',
      stream,
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
      tools: [{ type: 'function', name: 'read' }],
      extensions: {},
      warnings: [],
    },
    scope: 'openai-responses:test',
    defaults: {},
  })
}

interface Outcome {
  readonly status: number
  readonly headers: UpstreamHeaders
  readonly body: Buffer
  readonly parts: readonly AnswerPart[]
  readonly broken: boolean
}

/** Sends and reads to the end, as the relay would. */
function run(call: TranslatedCall): Promise<Outcome> {
  const reader = call.openReader()
  const parts: AnswerPart[] = []
  const body: Buffer[] = []
  let head = { status: 0, headers: {} as UpstreamHeaders }
  return new Promise((resolve) => {
    const settle = (broken: boolean): void => {
      if (!broken) parts.push(...reader.finish())
      resolve({ ...head, body: Buffer.concat(body), parts, broken })
    }
    call.send({
      onHead: (status, headers) => {
        head = { status, headers }
      },
      onData: (chunk) => {
        body.push(chunk)
        parts.push(...reader.feed(chunk))
      },
      onEnd: () => settle(false),
      onError: () => settle(true),
    })
  })
}

describe('a Responses upstream over sockets', () => {
  it('is asked at /responses and answers in a stream', async () => {
    upstream.reply(responsesScript(script))
    const { parts } = await run(prepare(true))
    const request = await upstream.nextRequest()
    expect(request.path).toBe('/v1/responses')
    expect(request.json).toMatchObject({ model: 'gpt-5.5', stream: true, store: false })
    const answer = gatherAnswer(parts)
    expect(answer.parts.map((part) => part.text)).toEqual(['hm', 'Hello 🚦', '{"a":1}', '{"a":2}'])
    expect(answer).toMatchObject({ finish: 'tools', usage: { inputTokens: 50, cachedTokens: 40, reasoningTokens: 3 } })
  })

  it.each([
    ['one byte at a time', { size: 1 }],
    ['CRLF in pieces of 7 bytes', { size: 7, lineEnd: '\r\n' }],
    ['comments between', { comments: true }],
  ] as const)('gives the same parts with %s', async (_name, options) => {
    upstream.replyOnce(responsesScript(script), responsesScript(script, options))
    const plain = await run(prepare(true))
    const varied = await run(prepare(true))
    expect(varied.parts).toEqual(plain.parts)
  })

  it('gives the same answer whole', async () => {
    const body = [JSON.stringify(responseBody(script))]
    upstream.replyOnce(responsesScript(script), { kind: 'raw', headers: { 'content-type': 'application/json' }, body })
    const streamed = await run(prepare(true))
    const call = prepare(false)
    const whole = call.readAnswer((await run(call)).body)
    expect(gatherAnswer(whole)).toEqual(gatherAnswer(streamed.parts))
  })

  it.each([1, 4, 8, 14])('is never taken for complete when cut after %i events', async (cutAfter) => {
    upstream.reply(responsesScript(script, { cutAfter }))
    const { parts, broken } = await run(prepare(true))
    expect(broken).toBe(true)
    expect(parts.filter((part) => part.type === 'finish')).toEqual([])
  })

  it('refuses before the stream with a code of ours', async () => {
    upstream.reply(responsesError(400, 'context_length_exceeded', 'Your input exceeds the context window.'))
    const call = prepare(true)
    const { status, headers, body } = await run(call)
    const failure: GatewayError = call.readFailure(status, headers, body)
    expect(failure).toMatchObject({ code: 'context_length_exceeded', status: 400 })
  })

  it('fails inside the stream with a code of ours', async () => {
    upstream.reply(responsesScript({ text: ['half'], end: { code: 'server_error', message: 'broken' } }))
    const { parts } = await run(prepare(true))
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'upstream_error' } })
  })
})
