import { describe, expect, it, onTestFinished } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import type { DialectCodec } from '../../../gateway/dialects/codec.ts'
import { geminiCodec } from '../../../gateway/dialects/gemini/codec.ts'
import { messagesCodec } from '../../../gateway/dialects/messages/codec.ts'
import { responsesCodec } from '../../../gateway/dialects/responses/codec.ts'
import { carrySettings, deploymentAt, startRelayServer } from '../../doubles/relay-server.ts'
import type { Script } from '../../doubles/upstream-server.ts'
import { geminiStreamScript, textChunks } from '../../doubles/wires/gemini-upstream.ts'
import { messageEvents, streamScript } from '../../doubles/wires/messages-upstream.ts'
import { responseEvents, responsesScript } from '../../doubles/wires/responses-upstream.ts'
import { readStream, useRelay } from './relay-harness.ts'

const relay = useRelay()

const pieces = ['Red, ', 'green ', 'and ', 'blue, ', 'with a "quote" ', 'at the end.']
const whole = pieces.join('')
const messageScript = { blocks: [{ type: 'text', text: pieces }] } as const

interface Wire {
  readonly codec: DialectCodec
  readonly adapter: Deployment['adapter']
  readonly body: object
  readonly events: number
  readonly cut: (cutAfter: number) => Script
  /** Fails where the events are no stream that a client of the dialect would take; gives its text. */
  readonly read: (events: readonly Event[]) => string
}

/** The members of all dialects' events that are looked at. */
interface Event {
  readonly type?: string
  readonly index?: number
  readonly delta?: unknown
  readonly sequence_number?: number
  readonly item?: { readonly id: string }
  readonly response?: {
    readonly id: string
    readonly output: readonly { readonly id: string; readonly content?: readonly { readonly text: string }[] }[]
  }
  readonly responseId?: string
  readonly candidates?: readonly {
    readonly finishReason?: string
    readonly content?: { readonly parts: readonly { readonly text?: string }[] }
  }[]
}

function eventsOf(stream: string): Event[] {
  return stream
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as Event)
}

const wires: Readonly<Record<string, Wire>> = {
  messages: {
    codec: messagesCodec,
    adapter: 'anthropic',
    body: { max_tokens: 100, messages: [{ role: 'user', content: 'Name colours.' }] },
    events: messageEvents(messageScript).length,
    cut: (cutAfter) => streamScript(messageEvents(messageScript), { cutAfter }),
    read: (events) => {
      const types = events.map(({ type }) => type)
      expect([types[0], types.at(-2), types.at(-1)]).toEqual(['message_start', 'message_delta', 'message_stop'])
      const starts = events.filter(({ type }) => type === 'content_block_start').map(({ index }) => index)
      const stops = events.filter(({ type }) => type === 'content_block_stop').map(({ index }) => index)
      expect(starts).toEqual(starts.map((_, place) => place))
      expect(stops).toEqual(starts)
      for (const kind of ['message_start', 'message_delta', 'message_stop'])
        expect(types.filter((type) => type === kind)).toHaveLength(1)
      return events.map(({ delta }) => (delta as { text?: string } | undefined)?.text ?? '').join('')
    },
  },
  responses: {
    codec: responsesCodec,
    adapter: 'openai-responses',
    body: { input: 'Name colours.' },
    events: responseEvents({ text: pieces }).length,
    cut: (cutAfter) => responsesScript({ text: pieces }, { cutAfter, size: 50 }),
    read: (events) => {
      expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, place) => place))
      expect(new Set(events.flatMap(({ response }) => response?.id ?? [])).size).toBe(1)
      const last = events.at(-1)
      expect(last?.type).toBe('response.completed')
      const added = events.filter(({ type }) => type === 'response.output_item.added').map(({ item }) => item?.id)
      expect(last?.response?.output.map(({ id }) => id)).toEqual(added)
      const told = last?.response?.output.flatMap(({ content }) => content ?? []).map(({ text }) => text)
      const streamed = events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta)
      expect(told?.join('')).toBe(streamed.join(''))
      return streamed.join('')
    },
  },
  gemini: {
    codec: geminiCodec,
    adapter: 'gemini',
    body: { contents: [{ role: 'user', parts: [{ text: 'Name colours.' }] }] },
    events: textChunks(pieces).length,
    cut: (cutAfter) => geminiStreamScript(textChunks(pieces), { cutAfter, bytes: 40 }),
    read: (events) => {
      expect(new Set(events.map(({ responseId }) => responseId)).size).toBe(1)
      expect(events.filter(({ candidates }) => candidates?.[0]?.finishReason !== undefined)).toHaveLength(1)
      expect(events.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP')
      return events
        .flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])
        .map(({ text }) => text)
        .join('')
    },
  },
}

describe.each(Object.entries(wires))('a client of %s', (dialect, wire) => {
  it.each([
    ['passed through', wire.adapter],
    ['was translated', 'openai-compatible'],
  ] as const)(
    'reads one answer in one stream when the first one %s and was cut at any event',
    async (_name, adapter) => {
      const server = await startRelayServer({ config: () => carrySettings({ midStream: 'resume' }) })
      onTestFinished(() => server.close())
      server.changeRequests({ codec: wire.codec }, { dialect: wire.codec.dialect })
      server.setDeployments([
        deploymentAt(relay.upstream.url, { id: 'one', adapter }),
        deploymentAt(relay.second.url, { id: 'two', modelName: 'second' }),
      ])
      relay.second.reply(({ json }) => {
        const said = (json?.messages?.findLast(({ role }) => role === 'assistant')?.content ?? '') as string
        expect(whole.startsWith(said)).toBe(true)
        const rest = whole.slice(said.length)
        return { kind: 'stream', text: [rest.slice(0, 3), rest.slice(3)], reasoning: 'Where was I?' }
      })
      const isNative = adapter === wire.adapter
      const events = isNative ? wire.events : pieces.length + 2
      let resumed = 0
      for (let cutAfter = 1; cutAfter <= events; cutAfter += 1) {
        relay.upstream.reply(isNative ? wire.cut(cutAfter) : { kind: 'stream', text: pieces, cutAfter })
        const body = JSON.stringify({ model: 'group', stream: true, ...wire.body })
        const stream = await readStream(await fetch(server.url, { method: 'POST', body }))
        const row = await server.nextRow()
        const context = `${dialect}, cut after ${cutAfter} of ${events}:\n${stream}`
        expect(row.errorCode, context).toBeNull()
        expect(wire.read(eventsOf(stream)), context).toBe(whole)
        if (row.attempts.some(({ seam }) => seam !== undefined)) resumed += 1
      }
      expect(resumed).toBeGreaterThanOrEqual(pieces.length - 1)
    },
  )
})
