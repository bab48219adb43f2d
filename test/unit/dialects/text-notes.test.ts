import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatCodec } from '../../../gateway/dialects/chat-completions/codec.ts'
import type { DialectCodec, WriteContext } from '../../../gateway/dialects/codec.ts'
import { createGeminiCodec } from '../../../gateway/dialects/gemini/codec.ts'
import { messagesCodec } from '../../../gateway/dialects/messages/codec.ts'
import { responsesCodec } from '../../../gateway/dialects/responses/codec.ts'
import { gatherAnswer, type ModelAnswer } from '../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../gateway/model/answer-parts.ts'
import { flattenToolNames } from '../../../gateway/model/flatten-tools.ts'
import { readCitations, type TextNotes } from '../../../gateway/model/text-notes.ts'
import { tellLostNotes } from '../../../gateway/relay/lost-notes.ts'
import { parseResponse } from '../../../gateway/providers/openai-responses/response-object.ts'
import { readResponseObject } from '../../../gateway/providers/openai-responses/responses-reader.ts'
import { readChatAnswerParts, ChatReader } from '../../../gateway/providers/chat-wire/chat-reader.ts'
import { readAll as readChat } from '../../doubles/wires/chat-upstream.ts'
import { reading } from '../providers/openai-compatible/chat-stream-double.ts'
import { readAll as readResponses } from '../providers/openai-responses/call-double.ts'

const upstream = { provider: 'double', upstreamModel: 'double-1' }
const token = (word: string) => ({
  token: word,
  logprob: -0.5,
  bytes: null,
  top_logprobs: [{ token: 'x', logprob: -1 }],
})
const notes: TextNotes = {
  citations: [{ url: 'https://example.org/a', title: 'A', start: 1, end: 4 }],
  logprobs: [token('Hel'), token('lo')],
}

function said(texts: readonly { readonly text: string; readonly notes?: TextNotes | undefined }[]): AnswerPart[] {
  const parts = texts.flatMap(({ text, notes: own }, index): AnswerPart[] => [
    { type: 'part-start', index, part: { type: 'text' } },
    { type: 'part-delta', index, text },
    { type: 'part-end', index, ...(own === undefined ? {} : { notes: own }) },
  ])
  return [...parts, { type: 'finish', reason: 'stop', raw: null }]
}

function contextOf({ dialect }: DialectCodec): WriteContext {
  const request = { dialect, stream: true, turns: [], tools: [], extensions: {}, warnings: [] }
  return { callId: 'call-1', model: 'router', createdAt: 1, request }
}

function streamed(codec: DialectCodec, parts: readonly AnswerPart[]): Buffer {
  const writer = codec.openWriter(contextOf(codec))
  return Buffer.concat([...parts.flatMap((part) => [...writer.write(part)]), writer.end()])
}

const whole = (codec: DialectCodec, parts: readonly AnswerPart[]): Buffer =>
  codec.writeAnswer(gatherAnswer(parts), contextOf(codec))

/** What a dialect's own reader makes of what its writer wrote. */
const roundTrips: readonly (readonly [string, (parts: readonly AnswerPart[]) => ModelAnswer])[] = [
  [
    'chat completions, streamed',
    (parts) => gatherAnswer(readChat(new ChatReader(reading()), streamed(chatCodec, parts))),
  ],
  ['chat completions, whole', (parts) => gatherAnswer(readChatAnswerParts(reading(), whole(chatCodec, parts)))],
  ['responses, streamed', (parts) => gatherAnswer(readResponses(streamed(responsesCodec, parts)))],
  [
    'responses, whole',
    (parts) => {
      const response = parseResponse(upstream, whole(responsesCodec, parts))
      const how = { name: upstream, scope: 's', names: flattenToolNames([]), stops: [] }
      return gatherAnswer(readResponseObject(response, how))
    },
  ],
]

describe.each(roundTrips)('what stands beside a text of %s', (_name, through) => {
  it('survives writing and reading: citations and logprobs (rows 13 and 36)', () => {
    expect(through(said([{ text: 'Hello', notes }])).parts).toMatchObject([{ text: 'Hello', notes }])
  })

  it('is nothing where nothing was said', () => {
    expect(through(said([{ text: 'Hello' }])).parts[0]).not.toHaveProperty('notes')
  })

  it('points at the same characters, however many texts there are', () => {
    const piece = fc.record({ before: fc.string({ maxLength: 5 }), cited: fc.string({ minLength: 1, maxLength: 5 }) })
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
        const texts = pieces.map(({ before, cited }) => {
          const place = { start: before.length, end: before.length + cited.length }
          return { text: before + cited, notes: { citations: [{ url: 'https://e.org', title: '', ...place }] } }
        })
        const cited = through(said(texts)).parts.flatMap(({ text, notes: own }) =>
          (own?.citations ?? []).map(({ start, end }) => text.slice(start, end)),
        )
        expect(cited).toEqual(pieces.map((entry) => entry.cited))
      }),
      { numRuns: 40 },
    )
  })
})

describe('citations of an answer', () => {
  it('are read in both forms; those without an address are told of', () => {
    const place = { start_index: 1, end_index: 4, url: 'https://example.org/a', title: 'A' }
    const expected = { citations: notes.citations, lost: false }
    expect(readCitations([{ type: 'url_citation', url_citation: place }])).toEqual(expected)
    expect(readCitations([{ type: 'url_citation', ...place }])).toEqual(expected)
    expect(readCitations([{ type: 'file_citation', file_id: 'f' }])).toEqual({ citations: [], lost: true })
    expect(readCitations(null)).toEqual({ citations: [], lost: false })
  })

  it('are named where a dialect has no place for them, and only there', () => {
    const parts = said([{ text: 'Hello', notes }])
    for (const dialect of ['messages', 'gemini'] as const) {
      expect(tellLostNotes(parts, dialect)).toContainEqual({
        type: 'warning',
        text: 'dropped the citations of the answer: this API has no place for them',
      })
      expect(tellLostNotes(said([{ text: 'Hello' }]), dialect)).toEqual(said([{ text: 'Hello' }]))
    }
    for (const dialect of ['chat-completions', 'responses'] as const) expect(tellLostNotes(parts, dialect)).toBe(parts)
  })

  it('do not disturb the writers of other dialects', () => {
    for (const codec of [messagesCodec, createGeminiCodec({ framing: 'sse' })]) {
      const plain = said([{ text: 'Hello' }])
      const noted = said([{ text: 'Hello', notes: { citations: notes.citations ?? [] } }])
      expect(streamed(codec, noted)).toEqual(streamed(codec, plain))
      expect(whole(codec, noted)).toEqual(whole(codec, plain))
    }
  })
})

it('logprobs stand in Gemini’s own form', () => {
  const codec = createGeminiCodec({ framing: 'sse' })
  const { candidates } = JSON.parse(whole(codec, said([{ text: 'Hello', notes }])).toString()) as {
    candidates: object[]
  }
  expect(candidates[0]).toMatchObject({
    logprobsResult: {
      chosenCandidates: [
        { token: 'Hel', logProbability: -0.5 },
        { token: 'lo', logProbability: -0.5 },
      ],
      topCandidates: [
        { candidates: [{ token: 'x', logProbability: -1 }] },
        { candidates: [{ token: 'x', logProbability: -1 }] },
      ],
    },
  })
  expect(streamed(codec, said([{ text: 'Hello', notes }])).toString()).toContain('"logprobsResult"')
})
