import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deploymentAt } from '../../doubles/relay-server.ts'
import { createGate } from '../../doubles/upstream-server.ts'
import { chunksOf, contentOf, readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()

beforeEach(() => {
  // Only the clock of the signs is ours; sockets and deadlines run on.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A stream whose first upstream keeps silent for half a minute, then fails. */
async function silentThenFailing(): Promise<Response> {
  const gate = createGate()
  relay.upstream.reply({ kind: 'stall', gate })
  const answer = relay.post({ stream: true })
  await relay.upstream.nextRequest()
  vi.advanceTimersByTime(30_000)
  // The head is here although nobody has answered yet.
  const response = await answer
  gate.open()
  return response
}

describe('a head that went out for the sake of a life sign', () => {
  it('still lets another candidate answer', async () => {
    relay.second.reply({ kind: 'stream', text: ['from ', 'the second'] })
    relay.server.setDeployments([deploymentAt(relay.upstream.url), deploymentAt(relay.second.url)])
    const response = await silentThenFailing()
    expect([response.status, response.headers.get('x-signalbox-model')]).toEqual([200, null])
    const text = await readStream(response)
    expect(text.startsWith(': keep-alive\n\n')).toBe(true)
    expect(contentOf(text)).toBe('from the second')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('turns the status of an error into an event', async () => {
    const response = await silentThenFailing()
    const text = await readStream(response)
    expect(response.status).toBe(200)
    expect(chunksOf(text).at(-1)).toHaveProperty('error')
    expect(text).not.toContain('[DONE]')
  })

  it('is never sent for a JSON answer', async () => {
    const gate = createGate()
    relay.upstream.reply({ kind: 'stall', gate })
    const answer = relay.post({})
    await relay.upstream.nextRequest()
    vi.advanceTimersByTime(60_000)
    gate.open()
    expect((await answer).status).toBe(502)
  })
})
