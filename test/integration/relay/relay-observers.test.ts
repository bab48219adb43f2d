import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import type { AnswerRecorder } from '../../../gateway/relay/answer-recorder.ts'
import { createGate } from '../../doubles/upstream-server.ts'
import { readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()

interface Recording extends AnswerRecorder {
  readonly heads: number[]
  readonly ends: boolean[]
  readonly ended: Promise<void>
  text(): string
}

function createRecording(): Recording {
  const heads: number[] = []
  const ends: boolean[] = []
  const pieces: Buffer[] = []
  const ended = Promise.withResolvers<void>()
  return {
    heads,
    ends,
    ended: ended.promise,
    text: () => Buffer.concat(pieces).toString(),
    head: (status) => heads.push(status),
    piece: (bytes) => pieces.push(bytes),
    end: (complete) => {
      ends.push(complete)
      ended.resolve()
    },
  }
}

describe('a recorder', () => {
  it.each([
    ['a stream', true],
    ['a JSON answer', false],
  ])('sees %s as the client does, and that it is complete', async (_name, stream) => {
    const recording = createRecording()
    relay.server.changeRequests({ recorder: recording })
    const text = await readStream(await relay.post({ stream }))
    expect(recording.text()).toBe(text)
    expect([recording.heads, recording.ends]).toEqual([[200], [true]])
  })

  it.each([
    ['a refusal', { kind: 'error', status: 500 }, [500]],
    ['a stream that breaks', { kind: 'stream', text: ['a', 'b', 'c'], cutAfter: 3 }, [200]],
  ] as const)('sees %s, and that it is not complete', async (_name, script, heads) => {
    const recording = createRecording()
    relay.server.changeRequests({ recorder: recording })
    relay.upstream.reply(script)
    const text = await readStream(await relay.post({ stream: true }))
    expect(recording.text()).toBe(text)
    expect([recording.heads, recording.ends]).toEqual([heads, [false]])
  })

  it('hears of a client that left', async () => {
    const recording = createRecording()
    relay.server.changeRequests({ recorder: recording })
    relay.upstream.reply({ kind: 'stall', gate: createGate() })
    const controller = new AbortController()
    const answer = fetch(relay.server.url, {
      method: 'POST',
      body: '{"model":"group","messages":[]}',
      signal: controller.signal,
    }).catch(() => undefined)
    await relay.upstream.nextRequest()
    controller.abort()
    await Promise.all([answer, recording.ended])
    expect([recording.heads, recording.ends]).toEqual([[], [false]])
  })
})

it('what was reserved for a request hears exactly once of its end, after the commit', async () => {
  const finished: RequestRecord[] = []
  relay.server.changeRequests({ onFinished: (record) => finished.push(record) })
  const release = relay.server.holdCommits()
  const answer = relay.post({})
  await relay.server.nextRow()
  expect(finished).toEqual([])
  release()
  await (await answer).text()
  expect(finished.map(({ status }) => status)).toEqual([200])
})
