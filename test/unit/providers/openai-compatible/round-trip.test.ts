import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatCodec } from '../../../../gateway/dialects/chat-completions/codec.ts'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import { gatherAnswer, type ModelAnswer } from '../../../../gateway/model/answer.ts'
import { flattenToolNames } from '../../../../gateway/model/flatten-tools.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part, Turn } from '../../../../gateway/model/parts.ts'
import {
  ChatReader,
  readChatAnswerParts,
  type ChatReading,
} from '../../../../gateway/providers/chat-wire/chat-reader.ts'
import { readAll } from '../../../doubles/wires/chat-upstream.ts'
import { writeContext } from '../../dialects/chat-completions/write-context-double.ts'
import { bodyFor, readTool } from './model-call-double.ts'

const reading: ChatReading = {
  upstream: { provider: 'double', upstreamModel: 'double-1' },
  names: flattenToolNames([]),
  scope: 'here',
  isWrapped: () => false,
  unwrap: (written) => written,
}

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const jsonObject = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, maxKeys: 3 })

describe('a conversation towards chat completions, read back', () => {
  const callIds = fc.uniqueArray(fc.stringMatching(/^[a-z:|]{1,60}$/), { minLength: 1, maxLength: 3 })
  /** A user turn, an assistant turn that may call, and the results of its calls. */
  const exchange = fc
    .record({ asked: words, answered: words, ids: fc.option(callIds), given: jsonObject })
    .map(({ asked, answered, ids, given }): Turn[] => {
      const calls = (ids ?? []).map(
        (id): Part => ({ type: 'tool-call', id, name: 'read', kind: 'function', arguments: JSON.stringify(given) }),
      )
      const results = (ids ?? []).map(
        (id): Part => ({
          type: 'tool-result',
          callId: id,
          content: [{ type: 'text', text: `of ${id}` }],
          isError: false,
          kind: 'function',
        }),
      )
      const turns: Turn[] = [
        { role: 'user', parts: [{ type: 'text', text: asked }] },
        { role: 'assistant', parts: [{ type: 'text', text: answered }, ...calls] },
      ]
      return results.length === 0 ? turns : [...turns, { role: 'user', parts: results }]
    })
  const conversation = fc.array(exchange, { minLength: 1, maxLength: 4 }).map((list) => list.flat())

  /** Roles, texts and calls, with results named by the place of their call. */
  function outline(turns: readonly Turn[]): unknown[] {
    const places = new Map<string, number>()
    return turns.flatMap(({ role, parts }) =>
      parts.map((part) => {
        if (part.type === 'text') return [role, part.text]
        if (part.type === 'tool-call') {
          places.set(part.id, places.size)
          return [role, part.name, JSON.parse(part.arguments) as unknown]
        }
        if (part.type !== 'tool-result') return [role, part.type]
        return [role, places.has(part.callId), part.content.map((entry) => (entry.type === 'text' ? entry.text : ''))]
      }),
    )
  }

  it.each(['openai', 'groq', 'deepseek', 'openrouter', 'ollama'])(
    'keeps roles, texts, calls and their results: %s',
    (provider) => {
      fc.assert(
        fc.property(conversation, (turns) => {
          const { messages } = bodyFor(provider, {
            turns: [...turns, { role: 'user', parts: [{ type: 'text', text: 'end' }] }],
            tools: [readTool],
          })
          const back: ModelRequest = chatCodec.readRequest({ body: { model: 'm', messages }, headers: {}, url: {} })
          const withoutEmpty = back.turns.map((turn) => ({
            ...turn,
            parts: turn.parts.filter((part) => part.type !== 'reasoning'),
          }))
          expect(outline(withoutEmpty)).toEqual([...outline(turns), ['user', 'end']])
        }),
        { numRuns: 60 },
      )
    },
  )

  it('Mistral: ids are valid, distinct, and each result follows its call', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const { messages } = bodyFor('mistral', { turns, tools: [readTool] })
        for (const [position, message] of messages.entries()) {
          const ids = ((message.tool_calls ?? []) as JsonObject[]).map((call) => JSON.stringify(call.id).slice(1, -1))
          expect(new Set(ids).size).toBe(ids.length)
          for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{9}$/)
          const answered = messages.slice(position + 1, position + 1 + ids.length).map((next) => next.tool_call_id)
          expect(answered).toEqual(ids)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('an answer written as chat completion and read by the same wire', () => {
  const textPart = fc.record({ kind: fc.constantFrom('text' as const, 'reasoning' as const), text: words })
  const callPart = fc.record({
    kind: fc.constant('call' as const),
    text: jsonObject.map((value) => JSON.stringify(value)),
  })
  const answerParts = fc.record({
    texts: fc.array(textPart, { maxLength: 3 }),
    calls: fc.array(callPart, { maxLength: 3 }),
  })

  function listOf(
    given: typeof answerParts extends fc.Arbitrary<infer Shape> ? Shape : never,
    cuts: number,
  ): AnswerPart[] {
    const all = [...given.texts, ...given.calls]
    const list: AnswerPart[] = [{ type: 'start', id: 'x', model: 'y' }]
    for (const [index, { kind, text }] of all.entries()) {
      const part =
        kind === 'call'
          ? { type: 'tool-call' as const, id: `call_${index}`, name: 'read', kind: 'function' as const }
          : { type: kind }
      const middle = Math.min(cuts, text.length - 1)
      list.push({ type: 'part-start', index, part })
      for (const piece of [text.slice(0, middle), text.slice(middle)]) {
        if (piece !== '') list.push({ type: 'part-delta', index, text: piece })
      }
      list.push({ type: 'part-end', index })
    }
    const usage = { inputTokens: 9, cachedTokens: 2, cacheWriteTokens: 1, outputTokens: 5, reasoningTokens: 3 }
    const reason = given.calls.length > 0 ? 'tools' : 'stop'
    return [...list, { type: 'usage', usage }, { type: 'finish', reason, raw: null }]
  }

  /** Neighbouring parts of one kind are one on this wire. */
  function outline({ parts, finish, usage }: ModelAnswer): unknown {
    const merged: { type: string; id: string; text: string }[] = []
    for (const { part, text } of parts) {
      const last = merged.at(-1)
      if (last?.type === part.type && part.type !== 'tool-call') last.text += text
      else merged.push({ type: part.type, id: part.type === 'tool-call' ? part.id : '', text })
    }
    return { merged, finish, usage }
  }

  it('gives the same parts back from a stream, however it is cut', () => {
    fc.assert(
      fc.property(answerParts, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 50 }), (given, cuts, size) => {
        // Cuts fall between code units: a piece of half a character cannot be written as UTF-8.
        fc.pre(listOf(given, cuts).every((part) => part.type !== 'part-delta' || part.text.isWellFormed()))
        const list = listOf(given, cuts)
        const writer = chatCodec.openWriter(writeContext({ wantsUsageChunk: true }))
        const bytes = Buffer.concat([...list.flatMap((part) => writer.write(part)), writer.end()])
        const back = readAll(new ChatReader(reading), bytes, [size])
        expect(outline(gatherAnswer(back))).toEqual(outline(gatherAnswer(list)))
      }),
      { numRuns: 100 },
    )
  })

  it('gives the same texts and calls back from a whole answer', () => {
    fc.assert(
      fc.property(answerParts, (given) => {
        const answer = gatherAnswer(listOf(given, 1))
        const back = gatherAnswer(readChatAnswerParts(reading, chatCodec.writeAnswer(answer, writeContext())))
        const textOf = (whole: ModelAnswer, type: string): string =>
          whole.parts.map(({ part, text }) => (part.type === type ? text : '')).join('')
        for (const type of ['text', 'reasoning']) expect(textOf(back, type)).toBe(textOf(answer, type))
        const calls = (whole: ModelAnswer): unknown => whole.parts.filter(({ part }) => part.type === 'tool-call')
        expect(calls(back)).toEqual(calls(answer))
        expect(back.usage).toEqual(answer.usage)
      }),
      { numRuns: 100 },
    )
  })
})
