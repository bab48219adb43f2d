import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RequestView } from '../../../gateway/contract/requests.ts'
import { createGate, type Gate, type ScriptSource } from '../../doubles/upstream-server.ts'
import { type CachedGateway, helloInKind, startCachedGateway } from './cached-gateway.ts'

/** The gateway that is asked. */
let double: CachedGateway

const ask = (stream: boolean, signal?: AbortSignal) =>
  double.gateway.request('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'chat-completions', stream, messages: [{ role: 'user', content: 'same' }] }),
    ...(signal === undefined ? {} : { signal }),
  })

/** The answer in the form asked for, once the gate opens. */
const held =
  (before: Gate): ScriptSource =>
  ({ json }) =>
    json?.stream === true
      ? { kind: 'stream', text: ['Hel', 'lo.'], before }
      : { kind: 'completion', text: 'Hello.', before }

const heldRefusal = (gate: Gate): ScriptSource => ({
  kind: 'raw',
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: ['{"error":', '{"message":"only this one"}}'],
  stall: { blocks: 1, gate },
})

/** Waits until so many requests are under way in the gateway, those that wait for another one included. */
async function untilInFlight(count: number): Promise<void> {
  for (;;) {
    const response = await double.gateway.request('/api/status')
    if (((await response.json()) as { inFlight: number }).inFlight === count) return
  }
}

const byNumber = (left: number, right: number): number => left - right

const shared = 'signalbox:\n  cache: { coalesce: true }'

describe('identical requests of the same moment', () => {
  let earlier: ReadonlySet<string>

  beforeAll(async () => {
    double = await startCachedGateway(shared)
  })
  beforeEach(async () => {
    double.upstream.reset()
    await untilInFlight(0)
    earlier = new Set((await double.gateway.recorded()).map(({ id }) => id))
  })
  afterAll(() => double.stop())

  const recordedNow = async (): Promise<RequestView[]> =>
    (await double.gateway.recorded()).filter(({ id }) => !earlier.has(id))

  it.each([false, true])('share one upstream call, and none of the answers is kept; streamed: %s', async (stream) => {
    const gate = createGate()
    double.upstream.reply(held(gate))
    const asked = Array.from({ length: 50 }, () => ask(stream))
    await untilInFlight(50)
    expect(double.upstream.requests).toHaveLength(1)
    gate.open()
    const answers = await Promise.all(asked)
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    expect(new Set(bodies).size).toBe(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(double.upstream.requests).toHaveLength(1)
    const rows = await recordedNow()
    expect(rows).toHaveLength(50)
    expect(rows.filter(({ priceSource, costNanoUsd }) => priceSource === 'cache' && costNanoUsd === 0)).toHaveLength(49)
    await (await ask(stream)).text()
    expect(double.upstream.requests).toHaveLength(2)
  })

  it('go on by themselves when the one they waited for fails', async () => {
    const gate = createGate()
    double.upstream.reply(helloInKind)
    double.upstream.replyOnce(heldRefusal(gate))
    const asked = Array.from({ length: 5 }, () => ask(false))
    await untilInFlight(5)
    gate.open()
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.toSorted(byNumber)).toEqual([200, 200, 200, 200, 400])
    expect(double.upstream.requests).toHaveLength(5)
  })

  it('elect another one when the client of the first goes away', async () => {
    const gate = createGate()
    double.upstream.reply(held(gate))
    const leaving = new AbortController()
    const first = ask(false, leaving.signal).catch(() => undefined)
    await double.upstream.nextRequest()
    const others = Array.from({ length: 5 }, () => ask(false))
    await untilInFlight(6)
    leaving.abort()
    await first
    await double.upstream.nextRequest()
    await untilInFlight(5)
    gate.open()
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(double.upstream.requests).toHaveLength(2)
  })

  it('a client that stops waiting is recorded as gone, and the others are not held up', async () => {
    const gate = createGate()
    double.upstream.reply(held(gate))
    const first = ask(false)
    await double.upstream.nextRequest()
    const leaving = new AbortController()
    const second = ask(false, leaving.signal).catch(() => undefined)
    await untilInFlight(2)
    leaving.abort()
    await second
    await untilInFlight(1)
    gate.open()
    expect((await first).status).toBe(200)
    const rows = await recordedNow()
    expect(rows.map(({ status }) => status ?? 0).toSorted(byNumber)).toEqual([200, 499])
    expect(double.upstream.requests).toHaveLength(1)
  })
})

describe('identical requests of the same moment, of a gateway of their own', () => {
  afterEach(() => double.stop())

  it('each make their own call unless that was asked for', async () => {
    double = await startCachedGateway('litellm_settings:\n  cache: true')
    const gate = createGate()
    double.upstream.reply(held(gate))
    const asked = Array.from({ length: 3 }, () => ask(false))
    await untilInFlight(3)
    gate.open()
    await Promise.all(asked)
    expect(double.upstream.requests).toHaveLength(3)
  })

  it('those that wait are ended with the one they wait for when the gateway stops', async () => {
    double = await startCachedGateway(shared)
    const gate = createGate()
    double.upstream.reply(held(gate))
    const asked = Array.from({ length: 3 }, () => ask(false))
    await untilInFlight(3)
    const exit = double.gateway.kill('SIGTERM')
    const stopping = new Promise((resolve) => setTimeout(resolve, 100))
    await stopping
    gate.open()
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await exit).code).toBe(0)
  })
})
