import { afterEach, describe, expect, it } from 'vitest'
import { gatherAnswer } from '../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../gateway/model/answer-parts.ts'
import { createAnthropicProvider } from '../../../gateway/providers/anthropic/anthropic-provider.ts'
import { createUpstreamDispatcher } from '../../../gateway/upstream/dispatch.ts'
import { deploymentDouble } from '../deployment.ts'
import { createGate, type Upstream } from '../upstream-server.ts'
import { messageError, messageEvents, messageReply, startMessagesUpstream, streamScript } from './messages-upstream.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function open(): Promise<{
  upstream: Upstream
  ask: (onParts?: (parts: readonly AnswerPart[]) => void) => Promise<AnswerPart[] | Error>
}> {
  const upstream = await startMessagesUpstream()
  const dispatcher = createUpstreamDispatcher()
  stops.push(
    () => dispatcher.destroy(),
    () => upstream.close(),
  )
  const deployment = deploymentDouble({
    adapter: 'anthropic',
    provider: 'anthropic',
    upstreamModel: 'claude-opus-4-8',
    baseUrl: upstream.url,
  })
  const ask = (onParts: (parts: readonly AnswerPart[]) => void = () => {}): Promise<AnswerPart[] | Error> =>
    new Promise((resolve) => {
      const request = {
        dialect: 'messages' as const,
        stream: true,
        turns: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'hi' }] }],
        tools: [],
        extensions: {},
        warnings: [],
      }
      const call = createAnthropicProvider({ upstream: dispatcher, userAgent: 'test' }).prepareModel({
        deployment,
        request,
        scope: 's',
        defaults: {},
      })
      const reader = call.openReader()
      const parts: AnswerPart[] = []
      let status = 0
      const take = (given: readonly AnswerPart[]): void => {
        parts.push(...given)
        onParts(parts)
      }
      call.send({
        onHead: (seen) => void (status = seen),
        onData: (chunk) => (status >= 400 ? resolve(call.readFailure(status, {}, chunk)) : take(reader.feed(chunk))),
        onEnd: () => {
          take(reader.finish())
          resolve(parts)
        },
        onError: (failure) => resolve(new Error(failure.kind)),
      })
    })
  return { upstream, ask }
}

describe('the Messages upstream over a socket', () => {
  it('is asked at the right place and answers in the form that was asked for', async () => {
    const { upstream, ask } = await open()
    const parts = await ask()
    expect(gatherAnswer(parts as AnswerPart[])).toMatchObject({ finish: 'stop', parts: [{ text: 'Hello.' }] })
    expect(upstream.requests[0]).toMatchObject({ method: 'POST', path: '/v1/messages' })
    expect(upstream.requests[0]?.headers).toMatchObject({
      'anthropic-version': '2023-06-01',
      accept: 'text/event-stream',
    })
  })

  it('refuses in its own shape', async () => {
    const { upstream, ask } = await open()
    upstream.replyOnce(messageError(529, { type: 'overloaded_error', message: 'Overloaded' }))
    expect(await ask()).toMatchObject({ code: 'upstream_error', upstream: { status: 529, type: 'overloaded_error' } })
  })

  it('fails in the stream, and cuts it', async () => {
    const { upstream, ask } = await open()
    const script = { blocks: [{ type: 'text', text: ['a', 'b'] }] } as const
    upstream.replyOnce(messageReply(script, { errorAfter: { events: 3, type: 'api_error', message: 'broken' } }))
    expect((await ask()) as AnswerPart[]).toContainEqual(expect.objectContaining({ type: 'error' }))
    upstream.replyOnce(messageReply(script, { cutAfter: 3 }))
    expect(await ask()).toBeInstanceOf(Error)
  })

  it('stalls until it is let go on', async () => {
    const { upstream, ask } = await open()
    const gate = createGate()
    upstream.replyOnce(
      streamScript(messageEvents({ blocks: [{ type: 'text', text: ['a', 'b'] }] }), { stall: { writes: 3, gate } }),
    )
    const seen: number[] = []
    const parts = await ask((given) => {
      seen.push(given.length)
      if (given.some((part) => part.type === 'part-delta')) gate.open()
    })
    expect(gatherAnswer(parts as AnswerPart[]).parts).toMatchObject([{ text: 'ab' }])
    expect(seen.length).toBeGreaterThan(1)
  })
})
