import { expect } from 'vitest'
import type { RecordedRequest } from '../../doubles/upstream/recorded-request.ts'
import { createGate } from '../../doubles/upstream-server.ts'
import {
  type Answer,
  type Client,
  type Earlier,
  only,
  type Question,
  splitEvents,
  weatherSchema,
} from './clients/client.ts'
import { type ModelKind, modelOf, type Stage } from './stage.ts'
import type { Seen, Told, Trouble, WireDouble } from './wires/wire.ts'

/** One dialect before one wire. */
export interface Pair {
  readonly stage: Stage
  readonly client: Client
  readonly wire: WireDouble
}

export interface Cell {
  readonly name: string
  /** Throws where the pair fails. */
  check(pair: Pair): Promise<void>
}

export const words = ['Grüß', 'e, ', 'Welt. 🙂']
export const prompt = 'Wie ist das Wetter? 天気'
export const weatherCall = { id: 'call_paris', name: 'weather', fragments: ['{"city":', '"Par', 'is"}'] }
export const secondCall = { id: 'call_oslo', name: 'weather', fragments: ['{"ci', 'ty":"Os', 'lo"}'] }
/** A 1×1 PNG. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
/** Base64, as Gemini's signatures are. */
const opaque = Buffer.from('state that only its maker reads').toString('base64')

/** Where the arguments of a call are a text, and no translation stands between. */
const verbatim: Readonly<Record<string, string>> = {
  'chat completions': 'openai-compatible',
  responses: 'openai-responses',
}

export const cells: readonly Cell[] = [
  {
    name: 'text',
    check: async (pair) => {
      const { answer, seen } = await exchange(pair, { prompt }, { text: words })
      expect(answer).toMatchObject({ text: words.join(''), finish: 'stop', calls: [], reasoning: '' })
      expect(answer.usage).toEqual({ input: 20, cached: 0, output: 5 })
      expect(seen.text).toContain(prompt)
    },
  },
  {
    name: 'stream',
    check: async (pair) => {
      const { answer } = await exchange(pair, { prompt, stream: true }, { text: words })
      expect(answer).toMatchObject({ text: words.join(''), finish: 'stop', complete: true, pieces: words.length })
      expect(answer.usage).toEqual({ input: 20, cached: 0, output: 5 })
    },
  },
  {
    name: 'system',
    check: async (pair) => {
      const system = 'Answer in one word.'
      const { seen } = await exchange(pair, { prompt, system }, { text: words })
      expect(seen.system).toContain(system)
      expect(seen.text).not.toContain(system)
      expect(seen.text).toContain(prompt)
    },
  },
  {
    name: 'image',
    check: async (pair) => {
      const { seen } = await exchange(pair, { prompt, image: picture }, { text: words })
      expect(seen.images).toEqual([picture])
      expect(seen.text).toContain(prompt)
    },
  },
  {
    name: 'file id',
    check: async (pair) => {
      const { request } = await exchange(pair, { prompt, fileId: 'file-0123' }, { text: words })
      expect(request.body.toString('utf8')).toContain('file-0123')
    },
  },
  {
    name: 'tool call',
    check: async (pair) => {
      for (const stream of [false, true]) {
        const { answer, seen } = await exchange(pair, { prompt, tools: true, stream }, { calls: [weatherCall] })
        expect(seen.tools).toEqual(['weather'])
        expect(answer).toMatchObject({ text: '', finish: 'tools', complete: true })
        expect(only(answer.calls)).toMatchObject({ name: 'weather', arguments: { city: 'Paris' } })
      }
    },
  },
  {
    name: 'parallel',
    check: async (pair) => {
      const told = { text: ['One moment.'], calls: [weatherCall, secondCall] }
      const { answer } = await exchange(pair, { prompt, tools: true, stream: true }, told)
      expect(answer).toMatchObject({ text: 'One moment.', finish: 'tools', complete: true })
      expect(answer.calls.map((call) => call.arguments)).toEqual([{ city: 'Paris' }, { city: 'Oslo' }])
      const ids = answer.calls.map((call) => call.id)
      if (pair.client.dialect !== 'gemini' || pair.wire.name !== 'gemini') expect(new Set(ids).size).toBe(2)
    },
  },
  {
    name: 'bare call',
    check: async (pair) => {
      for (const stream of [false, true]) {
        // What passes through is as the upstream wrote it: an empty text would be no JSON to its client.
        const passes = verbatim[pair.client.dialect] === pair.wire.name
        const bare = { id: 'call_bare', name: 'weather', fragments: passes ? ['{}'] : [] }
        const question = { prompt, tools: true, stream }
        const { answer } = await exchange(pair, question, { calls: [bare] })
        expect(only(answer.calls)).toMatchObject({ name: 'weather', arguments: {} })
        const results = [{ id: only(answer.calls).id, name: 'weather', text: 'Sunny.' }]
        const after = await exchange(pair, { ...question, earlier: [{ answer, results }] }, { text: words })
        expect(only(after.seen.calls).arguments ?? {}).toEqual({})
        expect(only(after.seen.results)).toEqual({ id: only(after.seen.calls).id, text: 'Sunny.' })
      }
    },
  },
  {
    name: 'tool result',
    check: async (pair) => {
      for (const stream of [false, true]) {
        const told = { calls: [weatherCall, secondCall] }
        const question = { prompt, tools: true, stream }
        const { answer } = await exchange(pair, question, told)
        const after = await exchange(pair, { ...question, earlier: [backWith(answer)] }, { text: words })
        expect(after.answer).toMatchObject({ text: words.join(''), finish: 'stop' })
        expectPaired(after.seen)
      }
    },
  },
  {
    name: 'schema',
    check: async (pair) => {
      const { answer, seen } = await exchange(
        pair,
        { prompt, schema: weatherSchema },
        { text: ['{"city":', '"Paris"}'] },
      )
      expect(seen.schema).toMatchObject({ type: 'object', properties: { city: { type: 'string' } } })
      expect(JSON.parse(answer.text)).toEqual({ city: 'Paris' })
    },
  },
  {
    name: 'thinking',
    check: async (pair) => {
      for (const stream of [false, true]) {
        const thoughts = 'Two cities, two calls.'
        const question = { prompt, tools: true, thinks: true, stream, kind: 'thinking' } as const
        const { answer } = await exchange(pair, question, {
          reasoning: thoughts,
          opaque,
          calls: [weatherCall, secondCall],
        })
        expect(answer).toMatchObject({ reasoning: thoughts, finish: 'tools', complete: true })
        const after = await exchange(pair, { ...question, earlier: [backWith(answer)] }, { text: words })
        expectPaired(after.seen)
        if (pair.wire.hasState) expect(after.seen.opaque).toEqual([opaque])
        // DeepSeek wants the field, whatever it holds; a client of Gemini has no thoughts in its history.
        else if (pair.client.dialect !== 'gemini') expect(after.seen.reasoning).toEqual([thoughts])
        else expect(after.seen.reasoning).toHaveLength(pair.wire.name === 'ollama' ? 0 : 1)
      }
    },
  },
  {
    name: 'cache usage',
    check: async (pair) => {
      const usage = { input: 100, cached: 60, output: 30, reasoning: 10 }
      for (const stream of [false, true]) {
        const { answer } = await exchange(pair, { prompt, stream }, { text: words, usage })
        expect(answer.usage).toEqual({ input: 100, cached: pair.wire.tellsCache ? 60 : 0, output: 30 })
      }
    },
  },
  {
    name: 'output limit',
    check: async (pair) => {
      for (const stream of [false, true]) {
        const { answer } = await exchange(pair, { prompt, stream }, { text: words, truncated: true })
        expect(answer).toMatchObject({ text: words.join(''), finish: 'length', complete: true })
      }
    },
  },
  {
    name: 'too long',
    check: async ({ stage, client, wire }) => {
      stage.upstream(wire).reply(wire.refuseLength())
      const response = await stage.send(client, { model: modelOf(wire), prompt, stream: true })
      const text = await response.text()
      expect(response.status).toBe(400)
      expect(client.readError(text, 400)).not.toBe('')
      if (!client.saysTooLong(text)) throw new Error(`its clients do not see what this means: ${text}`)
    },
  },
  {
    name: 'error before',
    check: async ({ stage, client, wire }) => {
      for (const stream of [false, true]) {
        for (const status of [400, 429]) {
          stage.upstream(wire).reply(wire.refuse(status, 'The double refuses this.'))
          const response = await stage.send(client, { model: modelOf(wire), prompt, stream })
          expect(response.status).toBe(status)
          expect(response.headers.get('content-type')).toContain('application/json')
          expect(client.readError(await response.text(), status)).toContain('The double refuses this.')
        }
      }
    },
  },
  {
    name: 'error mid-stream',
    check: async (pair) => {
      const broken = await troubled(pair, { kind: 'error-event', message: 'The double is overloaded.' })
      expect(broken).toMatchObject({ complete: false, finish: '', error: expect.stringContaining('overloaded') })
      const cut = await troubled(pair, { kind: 'cut' })
      expect(cut).toMatchObject({ complete: false, finish: '', error: expect.any(String) })
      expect(cut.text).not.toBe('')
    },
  },
  {
    name: 'disconnect',
    check: async (pair) => {
      await leaveBeforeTheHead(pair)
      await leaveInTheStream(pair)
    },
  },
]

interface Exchange {
  readonly answer: Answer
  readonly seen: Seen
  readonly request: RecordedRequest
}

type AnyQuestion = Omit<Question, 'model'> & { readonly kind?: ModelKind }

/** One question and its answer, and what the upstream saw of it. */
export async function exchange({ stage, client, wire }: Pair, question: AnyQuestion, told: Told): Promise<Exchange> {
  const upstream = stage.upstream(wire)
  upstream.reset()
  upstream.reply((request) => wire.say(told, wire.isStream(request)))
  const answer = await stage.ask(client, { ...question, model: modelOf(wire, question.kind) })
  const request = only(upstream.requests)
  return { answer, seen: wire.see(request), request }
}

/** The turn given back with a result for each of its calls. */
export function backWith(answer: Answer): Earlier {
  const results = answer.calls.map((call) => ({
    id: call.id,
    name: call.name,
    text: `Sunny in ${(call.arguments as { city: string }).city}.`,
  }))
  return { answer, results }
}

/** Both calls and both results, each result under the id of its call. */
export function expectPaired(seen: Seen): void {
  expect(seen.calls.map((call) => call.arguments)).toEqual([{ city: 'Paris' }, { city: 'Oslo' }])
  expect(seen.results.map((result) => result.text)).toEqual(['Sunny in Paris.', 'Sunny in Oslo.'])
  expect(seen.results.map((result) => result.id)).toEqual(seen.calls.map((call) => call.id))
}

async function troubled({ stage, client, wire }: Pair, trouble: Trouble): Promise<Answer> {
  stage.upstream(wire).reply(wire.say({ text: words }, true, trouble))
  const response = await stage.send(client, { model: modelOf(wire), prompt, stream: true })
  expect(response.status).toBe(200)
  return client.readStream(splitEvents(await response.text()))
}

async function leaveBeforeTheHead({ stage, client, wire }: Pair): Promise<void> {
  const upstream = stage.upstream(wire)
  upstream.reset()
  upstream.reply({ kind: 'stall', gate: createGate() })
  const leaving = new AbortController()
  const sent = stage.send(client, { model: modelOf(wire), prompt }, leaving.signal).catch(() => 'left')
  const request = await upstream.nextRequest()
  leaving.abort()
  expect(await sent).toBe('left')
  await request.aborted
}

async function leaveInTheStream({ stage, client, wire }: Pair): Promise<void> {
  const upstream = stage.upstream(wire)
  upstream.reset()
  upstream.reply(wire.say({ text: words }, true, { kind: 'stall', gate: createGate() }))
  const leaving = new AbortController()
  const response = await stage.send(client, { model: modelOf(wire), prompt, stream: true }, leaving.signal)
  const request = await upstream.nextRequest()
  await response.body?.getReader().read()
  leaving.abort()
  await request.aborted
}
