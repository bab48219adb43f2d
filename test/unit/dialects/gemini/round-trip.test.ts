import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WriteContext } from '../../../../gateway/dialects/codec.ts'
import { createGeminiCodec, geminiCodec } from '../../../../gateway/dialects/gemini/codec.ts'
import { type CompletePart, gatherAnswer } from '../../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../../gateway/model/answer-parts.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { Part, Turn } from '../../../../gateway/model/parts.ts'
import { GeminiReader, readGeminiAnswer } from '../../../../gateway/providers/gemini/gemini-reader.ts'
import { readAll } from '../../../doubles/wires/gemini-upstream.ts'
import { readerOptions, scope, written } from '../../providers/gemini/model-call.ts'

const text = fc.string({ minLength: 1, unit: 'grapheme' })
const args = fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
  maxKeys: 3,
})
const toolName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,20}$/)

const request: ModelRequest = {
  dialect: 'gemini',
  stream: true,
  turns: [],
  tools: [],
  reasoning: { visible: true },
  extensions: {},
  warnings: [],
}
const context: WriteContext = { callId: 'call-1', model: 'router', createdAt: 1, request }

/** Parts of an answer as this wire can give them: one after the other, no two texts side by side. */
const answerParts = fc
  .array(
    fc.oneof(
      fc.record({
        type: fc.constantFrom('text' as const, 'reasoning' as const),
        pieces: fc.array(text, { minLength: 1, maxLength: 4 }),
      }),
      fc.record({ type: fc.constant('tool-call' as const), name: toolName, args }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((entries) =>
    entries.filter((entry, index) => entry.type === 'tool-call' || entry.type !== entries[index - 1]?.type),
  )
  .map((entries): AnswerPart[] => [
    { type: 'start', id: 'call-1', model: 'router' },
    ...entries.flatMap((entry, index): AnswerPart[] => {
      if (entry.type === 'tool-call') {
        const part = { type: 'tool-call', id: `call_${index}`, name: entry.name, kind: 'function' } as const
        return [
          { type: 'part-start', index, part },
          { type: 'part-delta', index, text: JSON.stringify(entry.args) },
          { type: 'part-end', index },
        ]
      }
      return [
        { type: 'part-start', index, part: { type: entry.type } },
        ...entry.pieces.map((piece): AnswerPart => ({ type: 'part-delta', index, text: piece })),
        { type: 'part-end', index },
      ]
    }),
    {
      type: 'usage',
      usage: { inputTokens: 9, cachedTokens: 4, cacheWriteTokens: 0, outputTokens: 7, reasoningTokens: 2 },
    },
    { type: 'finish', reason: entries.some((entry) => entry.type === 'tool-call') ? 'tools' : 'stop', raw: 'STOP' },
  ])

/** Neighbouring texts of one kind are one text on this wire. */
function joined(parts: readonly CompletePart[]): CompletePart[] {
  return parts.reduce<CompletePart[]>((list, part) => {
    const last = list.at(-1)
    if (last !== undefined && last.part.type === part.part.type && part.part.type !== 'tool-call') {
      list[list.length - 1] = { ...last, text: last.text + part.text }
    } else list.push(part)
    return list
  }, [])
}

describe('what the dialect writes, the wire’s own reader reads', () => {
  it.each(['sse', 'json-array'] as const)('as a stream in form %s', (framing) => {
    fc.assert(
      fc.property(answerParts, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (parts, sizes) => {
        const writer = createGeminiCodec({ framing }).openWriter(context)
        const bytes = Buffer.concat([...parts.flatMap((part) => [...writer.write(part)]), writer.end()])
        const back = gatherAnswer(readAll(new GeminiReader(readerOptions()), bytes, sizes))
        const sent = gatherAnswer(parts)
        expect(back).toEqual({ ...sent, parts: joined(sent.parts) })
      }),
    )
  })

  it('as a whole answer', () => {
    fc.assert(
      fc.property(answerParts, (parts) => {
        const sent = gatherAnswer(parts)
        const back = gatherAnswer(readGeminiAnswer(readerOptions(), geminiCodec.writeAnswer(sent, context)))
        expect(back).toEqual({ ...sent, parts: joined(sent.parts) })
      }),
    )
  })
})

/** A conversation as any dialect may read it: calls with results, in one turn or several, some without. */
const conversation = fc
  .array(
    fc.record({
      user: fc.array(text, { maxLength: 2 }),
      say: fc.option(text, { nil: undefined }),
      calls: fc.array(fc.record({ name: toolName, args, output: text, isError: fc.boolean() }), { maxLength: 3 }),
      oneByOne: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((rounds) => rounds.flatMap((round, at) => roundTurns(round, at)))

interface Round {
  readonly user: readonly string[]
  readonly say: string | undefined
  readonly calls: readonly {
    readonly name: string
    readonly args: object
    readonly output: string
    readonly isError: boolean
  }[]
  readonly oneByOne: boolean
}

function roundTurns({ user, say, calls, oneByOne }: Round, at: number): Turn[] {
  const id = (index: number): string => `id_${at}_${index}`
  const callParts = calls.map((call, index): Part => {
    return { type: 'tool-call', id: id(index), name: call.name, kind: 'function', arguments: JSON.stringify(call.args) }
  })
  const results = calls.map((call, index): Part => {
    const content = [{ type: 'text' as const, text: call.output }]
    return { type: 'tool-result', callId: id(index), content, isError: call.isError, kind: 'function' }
  })
  const resultTurns = oneByOne ? results.toReversed().map((part) => [part]) : [results]
  return [
    {
      role: 'user',
      parts: [{ type: 'text', text: `round ${at}` }, ...user.map((entry): Part => ({ type: 'text', text: entry }))],
    },
    { role: 'assistant', parts: [...(say === undefined ? [] : [{ type: 'text', text: say } as const]), ...callParts] },
    ...resultTurns.map((parts): Turn => ({ role: 'user', parts })),
  ]
}

/** Who said what in order, and which call each result answers. */
function essence(turns: readonly Turn[]): string[] {
  const lines = turns.flatMap((turn) =>
    turn.parts.flatMap((part) => {
      if (part.type === 'text') return [`${turn.role}: ${part.text}`]
      if (part.type === 'tool-call')
        return [`call ${part.id} ${part.name} ${JSON.stringify(JSON.parse(part.arguments))}`]
      if (part.type !== 'tool-result') return []
      const said = part.content.map((entry) => (entry.type === 'text' ? entry.text : ''))
      return [`result ${part.callId} ${part.isError} ${said.join()}`]
    }),
  )
  return lines
}

describe('what goes to the upstream, the dialect reads back', () => {
  it('keeps roles, texts, calls, ids and results of any conversation', () => {
    fc.assert(
      fc.property(
        conversation,
        fc.constantFrom('gemini-3.5-flash', 'gemini-2.5-pro', 'gemma-4-31b-it'),
        (turns, model) => {
          const { body } = written({ turns }, model)
          const back = geminiCodec.readRequest({
            body: JSON.parse(JSON.stringify(body)) as JsonObject,
            headers: {},
            url: {},
          })
          expect(essence(back.turns).toSorted()).toEqual(essence(turns).toSorted())
          const spoken = (list: readonly Turn[]) => essence(list).filter((line) => !line.startsWith('result'))
          expect(spoken(back.turns)).toEqual(spoken(turns))
        },
      ),
    )
  })

  it('answers every call straight after it, as often as there are calls and in their order', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const { contents } = written({ turns })
        for (const [index, content] of contents.entries()) {
          const calls = content.parts.flatMap((part) =>
            part.functionCall === undefined ? [] : [part.functionCall as JsonObject],
          )
          if (calls.length === 0) continue
          const answers = contents[index + 1]?.parts.map((part) => part.functionResponse as JsonObject)
          expect(answers?.map((answer) => [answer.id, answer.name])).toEqual(calls.map((call) => [call.id, call.name]))
        }
      }),
    )
  })

  it('pitfall 44: no state of another scope ever goes out', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const opaque = [{ scope: 'elsewhere', kind: 'thought_signature', data: 'FOREIGN' }]
        const marked = turns.map((turn) => ({
          ...turn,
          parts: turn.parts.map((part) =>
            part.type === 'tool-call' || part.type === 'text' ? { ...part, opaque } : part,
          ),
        }))
        expect(JSON.stringify(written({ turns: marked }).body)).not.toContain('FOREIGN')
        const own = marked.map((turn) => ({
          ...turn,
          parts: turn.parts.map((part) =>
            part.type === 'tool-call'
              ? { ...part, opaque: [{ ...opaque[0], scope, kind: 'thought_signature', data: 'OWN' }] }
              : part,
          ),
        }))
        const calls = JSON.stringify(written({ turns: own }).body)
        expect(calls.includes('OWN')).toBe(turns.some((turn) => turn.parts.some((part) => part.type === 'tool-call')))
      }),
    )
  })
})
