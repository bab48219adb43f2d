import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AnswerPart } from '../../../gateway/model/answer-parts.ts'
import { gatherAnswer, type ModelAnswer } from '../../../gateway/model/answer.ts'
import type { GatewayError } from '../../../gateway/model/errors.ts'
import type { ModelRequest } from '../../../gateway/model/model-request.ts'
import { createDemoProvider } from '../../../gateway/providers/demo/demo-provider.ts'
import { createOpenAiCompatibleProvider } from '../../../gateway/providers/openai-compatible/openai-compatible-provider.ts'
import type { ModelCall, Provider } from '../../../gateway/providers/provider.ts'
import { createUpstreamDispatcher } from '../../../gateway/upstream/dispatch.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { startChatUpstream, streamScript, type Upstream } from '../../doubles/wires/chat-upstream.ts'

interface Fixture {
  readonly name: string
  readonly chunks: readonly object[]
  readonly expect: {
    readonly reasoning: string
    readonly text: string
    readonly calls: readonly (readonly string[])[]
    readonly finish: string
    readonly input: number
    readonly output: number
  }
}

const fixtures = JSON.parse(
  readFileSync(new URL('../../fixtures/wires/chat-completions/answers.json', import.meta.url), 'utf8'),
) as { readonly answers: readonly Fixture[] }

const dispatcher = createUpstreamDispatcher()
let upstream: Upstream

beforeAll(async () => {
  upstream = await startChatUpstream()
})
afterEach(() => upstream.reset())
afterAll(async () => {
  await dispatcher.destroy()
  await upstream.close()
})

function callOf(request: Partial<ModelRequest> = {}): ModelCall {
  return {
    deployment: deploymentDouble({ provider: 'custom_openai', upstreamModel: 'double-1', baseUrl: upstream.url }),
    request: {
      dialect: 'messages',
      stream: true,
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
      tools: [],
      extensions: {},
      warnings: [],
      ...request,
    },
    scope: 'here',
    defaults: {},
  }
}

interface Outcome {
  readonly parts: readonly AnswerPart[]
  readonly failure: GatewayError | undefined
  readonly cut: boolean
}

/** Sends a translated call and gathers what comes of it. */
function run(
  call: ModelCall,
  provider: Provider = createOpenAiCompatibleProvider({ upstream: dispatcher, userAgent: 'test' }),
): Promise<Outcome> {
  const prepared = provider.prepareModel(call)
  const reader = prepared.openReader()
  const parts: AnswerPart[] = []
  const body: Buffer[] = []
  let status = 0
  let headers = {}
  return new Promise((resolve) => {
    prepared.send({
      onHead: (seenStatus, seenHeaders) => {
        status = seenStatus
        headers = seenHeaders
      },
      onData: (chunk) => {
        if (call.request.stream && status < 400) parts.push(...reader.feed(chunk))
        else body.push(chunk)
      },
      onEnd: () => {
        const bytes = Buffer.concat(body)
        if (status >= 400) resolve({ parts, failure: prepared.readFailure(status, headers, bytes), cut: false })
        else {
          const rest = call.request.stream ? reader.finish() : prepared.readAnswer(bytes)
          resolve({ parts: [...parts, ...rest], failure: undefined, cut: false })
        }
      },
      onError: () => resolve({ parts, failure: undefined, cut: true }),
    })
  })
}

const textOf = (answer: ModelAnswer, type: string): string =>
  answer.parts.map(({ part, text }) => (part.type === type ? text : '')).join('')

describe('a translated call over a socket', () => {
  it.each(fixtures.answers.map((fixture) => [fixture.name, fixture] as const))(
    'reads the answer of %s',
    async (_name, fixture) => {
      for (const framing of [{}, { lineEnd: '\r\n' as const }, { comments: true, done: false, lastBlankLine: false }]) {
        upstream.replyOnce(streamScript(fixture.chunks, framing))
        const { parts } = await run(callOf())
        const answer = gatherAnswer(parts)
        expect({
          reasoning: textOf(answer, 'reasoning'),
          text: textOf(answer, 'text'),
          calls: answer.parts.flatMap(({ part, text }) => (part.type === 'tool-call' ? [[part.name, text]] : [])),
          finish: answer.finish,
          input: answer.usage?.inputTokens,
          output: answer.usage?.outputTokens,
        }).toEqual(fixture.expect)
      }
    },
  )

  it('asks on the chat wire, one byte at a time back', async () => {
    upstream.replyOnce({ kind: 'stream', text: ['🚦 ', 'ok'], writes: 1, framing: 'crlf' })
    const { parts } = await run(callOf({ maxOutputTokens: 7 }))
    expect(textOf(gatherAnswer(parts), 'text')).toBe('🚦 ok')
    expect(upstream.requests[0]).toMatchObject({ path: '/v1/chat/completions' })
    expect(JSON.parse(upstream.requests[0]?.body.toString() ?? '')).toEqual({
      model: 'double-1',
      messages: [{ role: 'user', content: 'hi' }],
      max_tokens: 7,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('reads a whole answer', async () => {
    upstream.replyOnce({ kind: 'completion', text: 'Hello.', usage: { prompt: 8, completion: 2, cached: 3 } })
    const answer = gatherAnswer((await run(callOf({ stream: false }))).parts)
    expect(answer).toMatchObject({ finish: 'stop', usage: { inputTokens: 8, cachedTokens: 3, outputTokens: 2 } })
  })

  it('an error before the stream is a failure with the class of its status', async () => {
    upstream.replyOnce({ kind: 'error', status: 429, message: 'Slow down', headers: { 'retry-after': '3' } })
    expect((await run(callOf())).failure).toMatchObject({ code: 'rate_limited', retryAfterMs: 3_000 })
  })

  it('an error in the stream ends it', async () => {
    upstream.replyOnce({ kind: 'stream', text: ['a', 'b'], errorAfter: { events: 2, message: 'broke' } })
    expect((await run(callOf())).parts.at(-1)).toMatchObject({ type: 'error' })
  })

  it('a cut stream has no finish, wherever it is cut', async () => {
    for (const cutAfter of [1, 2, 3]) {
      upstream.replyOnce({ kind: 'stream', text: ['a', 'b'], cutAfter })
      const { parts, cut } = await run(callOf())
      expect(cut).toBe(true)
      expect(parts.some((part) => part.type === 'finish')).toBe(false)
    }
  })
})

describe('the pretend provider', () => {
  it.each([true, false])('answers a translated call (stream: %s)', async (stream) => {
    const answer = gatherAnswer((await run(callOf({ stream }), createDemoProvider())).parts)
    expect(textOf(answer, 'text')).toContain('pretend model')
    expect(answer.usage?.outputTokens).toBeGreaterThan(0)
  })
})
