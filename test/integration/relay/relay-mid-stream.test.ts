import { describe, expect, it, onTestFinished } from 'vitest'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import { carrySettings, deploymentAt, type RelayServer, startRelayServer } from '../../doubles/relay-server.ts'
import type { Script } from '../../doubles/upstream-server.ts'
import { chunksOf, contentOf, readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()

/** Role chunk, 38 pieces, finish chunk: forty chunks. */
const pieces = Array.from({ length: 38 }, (_, index) => ` w${index}`)
const whole = pieces.join('')
const argumentPieces = ['{"path":"', ...Array.from({ length: 36 }, (_, index) => `d${index}/`), '"}']
const everyChunk = Array.from({ length: 40 }, (_, index) => index + 1)

async function serve(midStream: 'error' | 'resume'): Promise<RelayServer> {
  const server = await startRelayServer({ config: () => carrySettings({ midStream }) })
  onTestFinished(() => server.close())
  server.setDeployments([
    deploymentAt(relay.upstream.url, { id: 'one', modelName: 'first' }),
    deploymentAt(relay.second.url, { id: 'two', modelName: 'second' }),
  ])
  return server
}

interface Cut {
  readonly text: string
  readonly row: RequestRecord
}

async function ask(server: RelayServer, script: Script): Promise<Cut> {
  relay.upstream.reply(script)
  const body = JSON.stringify({ model: 'group', stream: true, messages: [{ role: 'user', content: 'Count.' }] })
  const text = await readStream(await fetch(server.url, { method: 'POST', body }))
  return { text, row: await server.nextRow() }
}

/** The second upstream goes on from the text in its request, as a model that was told to would. */
function goOn(): void {
  relay.second.reply(({ json }) => {
    const messages = json?.messages as { role: string; content: string }[]
    const said = messages.findLast(({ role }) => role === 'assistant')?.content ?? ''
    const rest = whole.slice(said.length)
    return { kind: 'stream', text: [rest.slice(0, 9), rest.slice(9)], usage: { prompt: 3, completion: 4 } }
  })
}

function endsProperly(text: string): void {
  const chunks = chunksOf(text)
  expect(chunks.filter(({ choices }) => typeof choices?.[0]?.finish_reason === 'string')).toHaveLength(1)
  expect(chunks.filter(({ choices }) => choices?.[0]?.delta?.role !== undefined)).toHaveLength(1)
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  expect(new Set(chunks.map(({ model }) => model)).size).toBe(1)
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  expect(text).not.toContain('"error"')
}

describe('mid_stream: error', () => {
  it('text cut at any chunk ends with an error, never with a success', async () => {
    const server = await serve('error')
    for (const cutAfter of everyChunk) {
      const { text, row } = await ask(server, { kind: 'stream', text: pieces, cutAfter })
      if (cutAfter === 1) {
        // Nothing but the role came: the next candidate answers as if nothing had been.
        expect(contentOf(text)).toBe('Hello.')
        continue
      }
      expect(whole.startsWith(contentOf(text))).toBe(true)
      expect(chunksOf(text).at(-1)?.error?.code).toBe('upstream_error')
      expect(text).not.toContain('[DONE]')
      expect(row).toMatchObject({ errorCode: 'upstream_error', status: 200 })
    }
    expect(relay.second.requests).toHaveLength(1)
  })

  it('a tool call cut at any chunk ends with an error', async () => {
    const server = await serve('error')
    const toolCalls = [{ id: 'call_1', name: 'read', arguments: argumentPieces }]
    for (const cutAfter of everyChunk.slice(1)) {
      const { text } = await ask(server, { kind: 'stream', toolCalls, cutAfter })
      expect(chunksOf(text).at(-1)?.error?.code).toBe('upstream_error')
      expect(text).not.toContain('[DONE]')
    }
  })
})

describe('mid_stream: resume', () => {
  it('text cut at any chunk is one whole answer in one stream', async () => {
    const server = await serve('resume')
    goOn()
    for (const cutAfter of everyChunk) {
      const { text, row } = await ask(server, { kind: 'stream', text: pieces, cutAfter })
      expect(contentOf(text), `cut after ${cutAfter}`).toBe(whole)
      endsProperly(text)
      expect(row).toMatchObject({ status: 200, errorCode: null })
      if (cutAfter === 1 || cutAfter === 40) continue
      const [first, second] = row.attempts
      expect(first).toMatchObject({ outcome: 'upstream_error', estimated: true })
      expect(second).toMatchObject({ outcome: 'answered', seam: pieces.slice(0, cutAfter - 1).join('').length })
      expect(second?.reason).toBe('goes on after upstream_error of first')
      expect(text).toContain(': signalbox: the stream broke; second goes on\n\n')
    }
  })

  it('half a tool call is never stitched, at whatever chunk it was cut', async () => {
    const server = await serve('resume')
    const toolCalls = [{ id: 'call_1', name: 'read', arguments: argumentPieces }]
    for (const cutAfter of everyChunk.slice(1, 39)) {
      const { text } = await ask(server, { kind: 'stream', toolCalls, cutAfter })
      expect(chunksOf(text).at(-1)?.error?.code).toBe('upstream_error')
      expect(text).not.toContain('[DONE]')
    }
    expect(relay.second.requests).toHaveLength(0)
  })

  it('tells a model that takes its last turn for history to go on', async () => {
    const server = await serve('resume')
    goOn()
    await ask(server, { kind: 'stream', text: pieces, cutAfter: 4 })
    const { messages } = (await relay.second.nextRequest()).json as { messages: { role: string; content: string }[] }
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    expect(messages[1]?.content).toBe(pieces.slice(0, 3).join(''))
    expect(messages[2]?.content).toMatch(/go on/i)
  })

  it('ends with an error where nobody is left, where the next one fails, and where JSON was wanted', async () => {
    const server = await serve('resume')
    relay.second.reply({ kind: 'error', status: 500 })
    const failed = await ask(server, { kind: 'stream', text: pieces, cutAfter: 9 })
    expect(chunksOf(failed.text).at(-1)).toHaveProperty('error')
    expect(failed.text).not.toContain('[DONE]')
    expect(failed.row.errorCode).not.toBeNull()

    goOn()
    relay.upstream.reply({ kind: 'stream', text: pieces, cutAfter: 9 })
    const body = { model: 'group', stream: true, messages: [], response_format: { type: 'json_object' } }
    const text = await readStream(await fetch(server.url, { method: 'POST', body: JSON.stringify(body) }))
    expect(chunksOf(text).at(-1)).toHaveProperty('error')

    server.setDeployments([deploymentAt(relay.upstream.url)])
    const alone = await ask(server, { kind: 'stream', text: pieces, cutAfter: 9 })
    expect(chunksOf(alone.text).at(-1)).toHaveProperty('error')
  })

  it('goes on as often as it takes, each deployment once', async () => {
    const server = await serve('resume')
    const third = deploymentAt(relay.second.url, { id: 'three', upstreamModel: 'third', modelName: 'third' })
    server.setDeployments([
      deploymentAt(relay.upstream.url, { id: 'one', modelName: 'first' }),
      deploymentAt(relay.second.url, { id: 'two', modelName: 'second' }),
      third,
    ])
    relay.second.replyOnce({ kind: 'stream', text: pieces.slice(9, 29), cutAfter: 11 })
    relay.second.replyFor('third', ({ json }) => {
      const messages = json?.messages as { role: string; content: string }[]
      const said = messages.findLast(({ role }) => role === 'assistant')?.content ?? ''
      return { kind: 'stream', text: [whole.slice(said.length)] }
    })
    const { text, row } = await ask(server, { kind: 'stream', text: pieces, cutAfter: 10 })
    expect(contentOf(text)).toBe(whole)
    endsProperly(text)
    expect(row.attempts.map(({ deploymentId }) => deploymentId)).toEqual(['one', 'two', 'three'])
  })

  it('may end in a tool call of its own', async () => {
    const server = await serve('resume')
    relay.second.reply({ kind: 'stream', text: ' more', toolCalls: [{ id: 'c', name: 'read', arguments: ['{}'] }] })
    const { text } = await ask(server, { kind: 'stream', text: pieces, cutAfter: 3 })
    expect(contentOf(text)).toBe(`${pieces.slice(0, 2).join('')} more`)
    expect(chunksOf(text).some(({ choices }) => choices?.[0]?.delta?.tool_calls !== undefined)).toBe(true)
    endsProperly(text)
  })
})
