import { describe, expect, it, onTestFinished } from 'vitest'
import type { PriceBook } from '../../../gateway/ledger/price-book.ts'
import { carrySettings, deploymentAt, type RelayServer, startRelayServer } from '../../doubles/relay-server.ts'
import { createGate } from '../../doubles/upstream-server.ts'
import { readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()

/** A nano-USD per token of input, a thousand per token of output. */
const prices: PriceBook = {
  price: (_deployment, usage) => ({
    costNanoUsd: usage === null ? null : usage.inputTokens + 1000 * usage.outputTokens,
    source: 'override',
    billing: 'billed',
    provenance: 'config',
  }),
  comparablePrice: () => undefined,
}

async function serve(settings: Parameters<typeof carrySettings>[0] = {}): Promise<RelayServer> {
  const server = await startRelayServer({ prices, config: () => carrySettings(settings) })
  onTestFinished(() => server.close())
  server.setDeployments([
    deploymentAt(relay.upstream.url, { id: 'one', modelName: 'first' }),
    deploymentAt(relay.second.url, { id: 'two', modelName: 'second' }),
  ])
  return server
}

const body = (stream: boolean): string =>
  JSON.stringify({ model: 'group', stream, messages: [{ role: 'user', content: 'x'.repeat(371) }] })
/** Four bytes per token. */
const inputTokens = (text: string): number => Math.ceil(text.length / 4)

describe('tokens that nobody reported', () => {
  it.each([true, false])(
    'of a whole answer are estimated by the size of what went and came (stream: %s)',
    async (stream) => {
      const server = await serve()
      relay.upstream.reply({ kind: stream ? 'stream' : 'completion', text: 'twelve bytes', usage: 'none' })
      await (await fetch(server.url, { method: 'POST', body: body(stream) })).text()
      const tokens = inputTokens(body(stream))
      expect(await server.nextRow()).toMatchObject({
        status: 200,
        usage: null,
        costNanoUsd: null,
        estimatedNanoUsd: tokens + 3000,
        estimatedTokens: tokens + 3,
      })
    },
  )

  it('of a stream that its client cuts are estimated up to there', async () => {
    const server = await serve()
    relay.upstream.reply({ kind: 'stream', text: ['four', 'four', 'four'], stall: { events: 3, gate: createGate() } })
    const leaving = new AbortController()
    const answer = await fetch(server.url, { method: 'POST', body: body(true), signal: leaving.signal })
    const reader = answer.body?.getReader()
    let seen = ''
    while (!seen.includes('fourfour') && (seen.match(/four/g)?.length ?? 0) < 2) {
      seen += Buffer.from((await reader?.read())?.value ?? []).toString()
    }
    leaving.abort()
    expect(await server.nextRow()).toMatchObject({
      errorCode: 'client_closed_request',
      costNanoUsd: null,
      estimatedNanoUsd: inputTokens(body(true)) + 2000,
    })
  })

  it('of a request whose client leaves before the answer are those of its input', async () => {
    const server = await serve()
    relay.upstream.reply({ kind: 'stall', gate: createGate() })
    const leaving = new AbortController()
    const answer = fetch(server.url, { method: 'POST', body: body(false), signal: leaving.signal }).catch(() => {})
    await relay.upstream.nextRequest()
    leaving.abort()
    await answer
    expect(await server.nextRow()).toMatchObject({ estimatedNanoUsd: inputTokens(body(false)) })
  })

  it('of a stream that breaks off are estimated too', async () => {
    const server = await serve()
    relay.upstream.reply({ kind: 'stream', text: ['four', 'four', 'four'], cutAfter: 3 })
    await readStream(await fetch(server.url, { method: 'POST', body: body(true) }))
    expect(await server.nextRow()).toMatchObject({
      errorCode: expect.stringMatching(/^upstream_/),
      estimatedNanoUsd: inputTokens(body(true)) + 2000,
    })
  })

  it('of the first part of a resumed stream stand beside the cost of the rest', async () => {
    const server = await serve({ midStream: 'resume' })
    relay.upstream.reply({ kind: 'stream', text: ['four', 'four', 'four'], cutAfter: 3 })
    relay.second.reply({
      kind: 'stream',
      text: 'rest',
      usage: { prompt: 3, completion: 4 },
      usagePlace: 'every-stream',
    })
    await readStream(await fetch(server.url, { method: 'POST', body: body(true) }))
    const row = await server.nextRow()
    const first = inputTokens(body(true)) + 2000
    expect(row).toMatchObject({ status: 200, costNanoUsd: 4003, estimatedNanoUsd: first })
    expect(row.attempts).toMatchObject([{ costNanoUsd: first, estimated: true }, { outcome: 'answered' }])
  })

  it('of the loser of a hedge stand beside the cost of the winner', async () => {
    const server = await serve({ hedgeAfterMs: 25 })
    relay.upstream.reply({ kind: 'stall', gate: createGate() })
    relay.second.reply({ kind: 'completion', text: 'quick', usage: { prompt: 3, completion: 4 } })
    await (await fetch(server.url, { method: 'POST', body: body(false) })).text()
    expect(await server.nextRow()).toMatchObject({ costNanoUsd: 4003, estimatedNanoUsd: inputTokens(body(false)) })
  })

  it('are none where everything was reported, or refused', async () => {
    const server = await serve()
    relay.upstream.replyOnce({ kind: 'completion', text: 'whole', usage: { prompt: 3, completion: 4 } })
    await (await fetch(server.url, { method: 'POST', body: body(false) })).text()
    expect(await server.nextRow()).not.toHaveProperty('estimatedNanoUsd')
    relay.upstream.reply({ kind: 'error', status: 400, message: 'no' })
    await (await fetch(server.url, { method: 'POST', body: body(false) })).text()
    expect(await server.nextRow()).not.toHaveProperty('estimatedNanoUsd')
  })
})
