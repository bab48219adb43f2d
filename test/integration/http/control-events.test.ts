import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createParser } from 'eventsource-parser'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { GatewayEvent } from '../../../gateway/contract/events.ts'
import type { RunningRequest } from '../../../gateway/relay/activity.ts'
import { controlToken, type Harness, send, startHarness, testConfig } from './harness.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'

let harness: Harness

beforeAll(async () => {
  harness = await startHarness()
})

afterEach(() => {
  harness.switches.clear()
  harness.config = testConfig()
})

afterAll(() => harness.close())

const get = (path: string) => send(harness.port, { path, key: controlToken })

describe('the event stream', () => {
  it('begins with a snapshot, then tells changes in batches, each request whole', async () => {
    harness.dependencies.feed.finished(recordDouble({ id: 'before' }))
    const reader = await openEvents(harness.port)
    const snapshot = await reader.next('snapshot')
    expect(snapshot).toMatchObject({ type: 'snapshot', status: { version: '0.0.0-test' } })
    expect(snapshot.type === 'snapshot' && snapshot.requests.map((request) => request.id)).toEqual(['before'])

    harness.dependencies.feed.started(running('live'))
    harness.dependencies.feed.firstToken('live', 12)
    const event = await reader.next('request')
    expect(event).toMatchObject({ request: { id: 'live', phase: 'running', firstTokenMs: 12, tier: null } })
    harness.dependencies.feed.finished(recordDouble({ id: 'live' }))
    expect(await reader.next('request')).toMatchObject({ request: { id: 'live', phase: 'finished', status: 200 } })
    expect(await reader.next('status')).toMatchObject({ status: { phase: 'running' } })
    reader.close()
  })

  it('tells every reader of a switch', async () => {
    const readers = [await openEvents(harness.port), await openEvents(harness.port)]
    for (const reader of readers) await reader.next('snapshot')
    await send(harness.port, {
      method: 'PUT',
      path: '/api/routers/smart/switch',
      key: controlToken,
      body: { mode: 'off' },
    })
    for (const reader of readers) {
      const event = await reader.next('routers')
      expect(event.type === 'routers' && event.routers.find((router) => router.name === 'smart')?.position).toEqual({
        mode: 'off',
      })
      reader.close()
    }
  })

  it('cuts off a reader that does not read, and goes on', async () => {
    const stuck = await openEvents(harness.port)
    await stuck.next('snapshot')
    stuck.response.pause()
    const closed = new Promise((resolve) => stuck.response.once('close', resolve))
    const { feed } = harness.dependencies
    const batches = watchBatches(feed)
    // More than the system's own buffers take; what follows finds it unread.
    feed.finished({ ...recordDouble({ id: 'long' }), warnings: ['w'.repeat(32 * 1024 * 1024)] })
    await batches.next()
    feed.finished(recordDouble({ id: 'one-too-many' }))
    await batches.next()
    batches.stop()
    stuck.response.resume()
    await closed
    expect((await get('/api/status')).status).toBe(200)
  })

  it('ends when the gateway closes', async () => {
    const closing = await startHarness()
    const reader = await openEvents(closing.port)
    await reader.next('snapshot')
    const ended = new Promise((resolve) => reader.response.once('end', resolve))
    await closing.close(0)
    await ended
  })
})

/** Waits for the batches of the feed: the hub has written each before this hears of it. */
function watchBatches(feed: Harness['dependencies']['feed']) {
  let wake = (): void => {}
  const stop = feed.subscribe(() => wake())
  return { stop, next: () => new Promise<void>((resolve) => (wake = resolve)) }
}

interface EventReader {
  readonly response: IncomingMessage
  /** The next event of this type; others before it are passed over. */
  next(type: GatewayEvent['type']): Promise<GatewayEvent>
  close(): void
}

function openEvents(port: number): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${controlToken}` }
    const outgoing = httpRequest({ port, host: '127.0.0.1', path: '/api/events', headers }, (response) => {
      const events: GatewayEvent[] = []
      let wake = (): void => {}
      const parser = createParser({
        onEvent(event) {
          events.push(JSON.parse(event.data) as GatewayEvent)
          wake()
        },
      })
      response.setEncoding('utf8').on('data', (text: string) => parser.feed(text))
      response.on('error', () => {})
      resolve({
        response,
        async next(type) {
          for (;;) {
            const index = events.findIndex((event) => event.type === type)
            const [found] = index === -1 ? [] : events.splice(0, index + 1).slice(-1)
            if (found !== undefined) return found
            await new Promise<void>((awake) => (wake = awake))
          }
        },
        close: () => outgoing.destroy(),
      })
    })
    outgoing.on('error', reject).end()
  })
}

function running(id: string): RunningRequest {
  return {
    id,
    startedAt: Date.now(),
    askedModel: 'cheap',
    role: null,
    purpose: null,
    model: 'cheap',
    provider: 'openai',
    decision: undefined,
    agent: 'curl',
    sessionId: null,
    keyAlias: 'master',
    stream: false,
  }
}
