import { describe, expect, it, onTestFinished } from 'vitest'
import type { CarrySettings } from '../../../gateway/relay/carrier-dependencies.ts'
import { carrySettings, deploymentAt, type RelayServer, startRelayServer } from '../../doubles/relay-server.ts'
import { createGate } from '../../doubles/upstream-server.ts'
import { contentOf, readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()
const hedgeAfterMs = 25

async function serve(settings: Partial<CarrySettings['signalbox']> = { hedgeAfterMs }): Promise<RelayServer> {
  const server = await startRelayServer({ config: () => carrySettings(settings) })
  onTestFinished(() => server.close())
  server.setDeployments([
    deploymentAt(relay.upstream.url, { id: 'slow', modelName: 'slow' }),
    deploymentAt(relay.second.url, { id: 'quick', modelName: 'quick' }),
  ])
  return server
}

const ask = (server: RelayServer, body: object = {}, signal?: AbortSignal): Promise<Response> =>
  fetch(server.url, {
    method: 'POST',
    body: JSON.stringify({ model: 'group', messages: [], ...body }),
    ...(signal === undefined ? {} : { signal }),
  })

describe('a stalled first token', () => {
  it('starts the next candidate beside it; the first to speak wins, and the loser’s connection is closed before the answer ends', async () => {
    const server = await serve()
    const rest = createGate()
    const happened: string[] = []
    relay.upstream.reply({ kind: 'stall', gate: createGate() })
    relay.second.reply({ kind: 'stream', text: ['from ', 'the second'], stall: { events: 2, gate: rest } })
    const lose = async (): Promise<void> => {
      await (await relay.upstream.nextRequest()).aborted
      happened.push('loser closed')
      // Only now may the winner say the rest.
      rest.open()
    }
    const loser = lose()
    const response = await ask(server, { stream: true })
    const text = await readStream(response)
    happened.push('answer complete')
    await loser
    expect(happened).toEqual(['loser closed', 'answer complete'])
    expect(contentOf(text)).toBe('from the second')
    expect(response.headers.get('x-signalbox-model')).toBe('quick')
    const { attempts, deploymentId } = await server.nextRow()
    expect(deploymentId).toBe('quick')
    expect(attempts).toMatchObject([
      { deploymentId: 'slow', outcome: 'aborted', reason: 'quick was first', estimated: true },
      { deploymentId: 'quick', outcome: 'answered', reason: 'beside slow, which had no output after 25 ms' },
    ])
    expect(attempts[0]?.costNanoUsd).toBeTypeOf('number')
  })

  it('may still win itself', async () => {
    const server = await serve()
    const first = createGate()
    relay.upstream.reply({ kind: 'stream', text: 'from the first', before: first })
    relay.second.reply({ kind: 'stall', gate: createGate() })
    const answer = ask(server, { stream: true }).then(readStream)
    const { aborted } = await relay.second.nextRequest()
    first.open()
    expect(contentOf(await answer)).toBe('from the first')
    await aborted
    expect(await server.nextRow()).toMatchObject({ deploymentId: 'slow', fallbacks: 0 })
  })

  it('works for JSON answers too', async () => {
    const server = await serve()
    relay.upstream.reply({ kind: 'stall', gate: createGate() })
    const response = await ask(server)
    expect([response.status, response.headers.get('x-signalbox-model')]).toEqual([200, 'quick'])
    await (await relay.upstream.nextRequest()).aborted
  })

  it('goes on with the one that is left when the other fails', async () => {
    const server = await serve()
    const first = createGate()
    relay.upstream.reply({ kind: 'stream', text: 'late', before: first })
    relay.second.reply(() => {
      setImmediate(() => first.open())
      return { kind: 'error', status: 500 }
    })
    expect(contentOf(await readStream(await ask(server, { stream: true })))).toBe('late')
    expect((await server.nextRow()).attempts.map(({ outcome }) => outcome)).toEqual(['answered', 'upstream_error'])
  })

  it.each([
    ['without leave', {}, 0],
    ['with leave', { hedgeTools: true }, 1],
  ])('with tools starts another one only %s', async (_name, changes, expected) => {
    const server = await serve({ hedgeAfterMs: 1, ...changes })
    const first = createGate()
    relay.upstream.reply({ kind: 'stream', text: 'x', before: first })
    relay.second.reply({ kind: 'stall', gate: createGate() })
    server.changeRequests({}, { toolCount: 1 })
    const answer = ask(server, { stream: true }).then(readStream)
    await relay.upstream.nextRequest()
    if (expected > 0) await relay.second.nextRequest()
    else await new Promise((resolve) => setTimeout(resolve, 20))
    first.open()
    await answer
    expect(relay.second.requests).toHaveLength(expected)
  })
})

describe('a client that leaves', () => {
  it('ends both attempts of a hedge, and nothing is left behind', async () => {
    const server = await serve()
    relay.upstream.reply({ kind: 'stall', gate: createGate() })
    relay.second.reply({ kind: 'stall', gate: createGate() })
    const controller = new AbortController()
    const answer = ask(server, { stream: true }, controller.signal).catch(() => undefined)
    const seen = [await relay.upstream.nextRequest(), await relay.second.nextRequest()]
    controller.abort()
    await Promise.all([answer, ...seen.map(({ aborted }) => aborted)])
    const row = await server.nextRow()
    expect(row.attempts.map(({ outcome }) => outcome)).toEqual(['aborted', 'aborted'])
    expect(row.status).toBe(499)
    expect(server.relay.inFlight).toBe(0)
  })

  it('ends a wait for a repeat and a wait in the queue', async () => {
    let waiting: AbortSignal | undefined
    const queued = Promise.withResolvers<void>()
    const server = await startRelayServer({
      config: () => carrySettings({ queueMs: 60_000 }),
      queue: {
        wait: (_request, signal) => {
          waiting = signal
          queued.resolve()
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)))
        },
      },
    })
    onTestFinished(() => server.close())
    server.setDeployments([deploymentAt(relay.upstream.url)])
    relay.upstream.reply({ kind: 'error', status: 429, headers: { 'retry-after': '30' } })
    const controller = new AbortController()
    const answer = ask(server, {}, controller.signal).catch(() => undefined)
    await queued.promise
    controller.abort()
    await answer
    expect(await server.nextRow()).toMatchObject({ status: 499, errorCode: 'client_closed_request' })
    expect(waiting?.aborted).toBe(true)
    expect(server.rows).toHaveLength(1)
  })

  it('leaves no timer behind, whatever was under way', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const server = await serve({ hedgeAfterMs: 60_000 })
    relay.upstream.reply({ kind: 'stall', gate: createGate() })
    const before = timers()
    const controller = new AbortController()
    const answer = ask(server, { stream: true }, controller.signal).catch(() => undefined)
    const { aborted } = await relay.upstream.nextRequest()
    expect(timers()).toBeGreaterThan(before)
    controller.abort()
    await Promise.all([answer, aborted, server.nextRow()])
    expect(timers()).toBeLessThanOrEqual(before)
  })
})
