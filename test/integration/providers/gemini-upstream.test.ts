import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../gateway/model/answer-parts.ts'
import type { GatewayError } from '../../../gateway/model/errors.ts'
import type { Provider, TranslatedCall } from '../../../gateway/providers/provider.ts'
import { createGeminiProvider } from '../../../gateway/providers/gemini/gemini-provider.ts'
import { createUpstreamDispatcher, type UpstreamDispatcher } from '../../../gateway/upstream/dispatch.ts'
import {
  geminiAnswerScript,
  geminiChunk,
  geminiErrorScript,
  geminiStreamScript,
  startGeminiUpstream,
  textChunks,
  type Upstream,
} from '../../doubles/wires/gemini-upstream.ts'
import { modelCall, readTool } from '../../unit/providers/gemini/model-call.ts'

let upstream: Upstream
let dispatcher: UpstreamDispatcher
let provider: Provider

beforeAll(async () => {
  upstream = await startGeminiUpstream()
  dispatcher = createUpstreamDispatcher()
  provider = createGeminiProvider({ upstream: dispatcher, userAgent: 'Signalbox/test' })
})

beforeEach(() => upstream.reset())

afterAll(async () => {
  await dispatcher.destroy()
  await upstream.close()
})

interface Outcome {
  readonly parts: readonly AnswerPart[]
  readonly failure: GatewayError | undefined
  readonly broken: boolean
}

/** Sends a call and reads its answer to the end, as the relay would. */
function run(call: TranslatedCall, stream: boolean): Promise<Outcome> {
  return new Promise((resolve) => {
    const reader = call.openReader()
    const parts: AnswerPart[] = []
    const body: Buffer[] = []
    let status = 0
    call.send({
      onHead: (code) => {
        status = code
      },
      onData: (chunk) => {
        body.push(chunk)
        if (stream && status === 200) parts.push(...reader.feed(chunk))
      },
      onEnd: () => {
        const bytes = Buffer.concat(body)
        if (status !== 200) return resolve({ parts, failure: call.readFailure(status, {}, bytes), broken: false })
        resolve({
          parts: stream ? [...parts, ...reader.finish()] : call.readAnswer(bytes),
          failure: undefined,
          broken: false,
        })
      },
      onError: () => resolve({ parts, failure: undefined, broken: true }),
    })
  })
}

const call = (stream: boolean): TranslatedCall =>
  provider.prepareModel(
    modelCall({ stream, tools: [readTool] }, 'gemini-3.5-flash', { baseUrl: `${upstream.origin}/v1beta` }),
  )

describe('a Gemini upstream over a socket', () => {
  const chunks = [
    ...textChunks(['Grüße ', '👋']).slice(0, 2),
    geminiChunk({
      parts: [{ functionCall: { name: 'read', args: {} }, thoughtSignature: 'S' }],
      finish: 'STOP',
      usage: { prompt: 3 },
    }),
  ]

  it.each([
    ['as events', {}],
    ['one byte at a time', { bytes: 1 }],
    ['with line feeds alone', { lineEnd: '\n' }],
    ['with carriage returns alone', { lineEnd: '\r' }],
    ['with comments and without the last blank line', { comments: true, lastBlankLine: false }],
  ] as const)('streams %s', async (_name, framing) => {
    upstream.reply(geminiStreamScript(chunks, framing))
    const answer = gatherAnswer((await run(call(true), true)).parts)
    expect(answer.parts.map(({ part, text }) => [part.type, text])).toEqual([
      ['text', 'Grüße 👋'],
      ['tool-call', '{}'],
    ])
    expect(answer.finish).toBe('tools')
    const request = await upstream.nextRequest()
    expect(request.path).toBe('/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse')
    expect(request.json).toMatchObject({ contents: [{ role: 'user', parts: [{ text: 'hello' }] }] })
  })

  it('answers whole', async () => {
    upstream.reply(
      geminiAnswerScript(geminiChunk({ parts: [{ text: 'Hello.' }], finish: 'STOP', usage: { prompt: 3 } })),
    )
    const answer = gatherAnswer((await run(call(false), false)).parts)
    expect(answer.parts[0]?.text).toBe('Hello.')
    expect((await upstream.nextRequest()).path).toBe('/v1beta/models/gemini-3.5-flash:generateContent')
  })

  it.each([0, 1, 2])('a connection cut after %i events has no finish', async (cutAfter) => {
    upstream.reply(geminiStreamScript(chunks, { cutAfter }))
    const { parts, broken } = await run(call(true), true)
    expect(broken).toBe(true)
    expect(parts.filter((part) => part.type === 'finish')).toEqual([])
  })

  it('an error before the stream, in a list as streaming endpoints send it', async () => {
    upstream.reply(
      geminiErrorScript({ code: 429, status: 'RESOURCE_EXHAUSTED', inList: true, message: 'Please retry in 3s.' }),
    )
    expect((await run(call(true), true)).failure).toMatchObject({ code: 'rate_limited', retryAfterMs: 3_000 })
  })
})
