import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatCodec } from '../../../gateway/dialects/chat-completions/codec.ts'
import { gatherAnswer } from '../../../gateway/model/answer.ts'
import type { AnswerPart } from '../../../gateway/model/answer-parts.ts'
import { continuationRequest } from '../../../gateway/relay/resume/continuation-request.ts'
import { ContinuedParts } from '../../../gateway/relay/resume/continued-reader.ts'
import { isStitchable, resumePoint } from '../../../gateway/relay/resume/resume-point.ts'

const start: AnswerPart = { type: 'start', id: 'x', model: 'm' }
const finish: AnswerPart = { type: 'finish', reason: 'stop', raw: 'stop' }
const text = (index: number, ...pieces: string[]): AnswerPart[] => [
  { type: 'part-start', index, part: { type: 'text' } },
  ...pieces.map((piece): AnswerPart => ({ type: 'part-delta', index, text: piece })),
]
const call: AnswerPart = {
  type: 'part-start',
  index: 3,
  part: { type: 'tool-call', id: 'c', name: 'n', kind: 'function' },
}
const thought = (index: number): AnswerPart[] => [
  { type: 'part-start', index, part: { type: 'reasoning' } },
  { type: 'part-delta', index, text: 'hm' },
]
const end = (index: number): AnswerPart => ({ type: 'part-end', index })

describe('resumePoint', () => {
  it('is where the text ends', () => {
    expect(resumePoint([start, ...text(0, 'a', 'b')])).toEqual({ text: 'ab', openIndex: 0, nextIndex: 1 })
    expect(resumePoint([start, ...thought(0), end(0), ...text(1, 'a'), end(1)])).toEqual({
      text: 'a',
      openIndex: undefined,
      nextIndex: 2,
    })
    expect(resumePoint([start])).toEqual({ text: '', openIndex: undefined, nextIndex: 0 })
  })

  it.each([
    ['a tool call', [start, ...text(0, 'a'), end(0), call]],
    ['a whole tool call', [start, call, { type: 'part-delta', index: 3, text: '{}' }, end(3)]],
    ['reasoning', [start, ...thought(0)]],
    ['a refusal', [{ type: 'part-start', index: 0, part: { type: 'refusal' } }]],
    ['the end', [start, ...text(0, 'a'), end(0), finish]],
  ] as [string, AnswerPart[]][])('is nowhere within or after %s', (_name, parts) => {
    expect(resumePoint(parts)).toBeUndefined()
  })

  it('is only for one answer in plain text', () => {
    expect([isStitchable(undefined, undefined), isStitchable({ type: 'text' }, 1)]).toEqual([true, true])
    expect([isStitchable({ type: 'json_object' }, undefined), isStitchable(undefined, 2)]).toEqual([false, false])
  })
})

describe('ContinuedParts', () => {
  const secondAnswer = (words: string[], withThought: boolean, withCall: boolean): AnswerPart[] => [
    start,
    ...(withThought ? [...thought(0), end(0)] : []),
    ...text(1, ...words),
    end(1),
    ...(withCall ? [call, { type: 'part-delta', index: 3, text: '{}' } as const, end(3)] : []),
    {
      type: 'usage',
      usage: { inputTokens: 1, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 },
    },
    finish,
  ]
  const words = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 })

  it('make one answer of two, however both are cut', () => {
    fc.assert(
      fc.property(words, words, fc.boolean(), fc.boolean(), fc.nat(20), (said, rest, withThought, withCall, cut) => {
        const before = [start, ...text(0, ...said)]
        const point = resumePoint(before)
        if (point === undefined) throw new Error('a text can be gone on from')
        const continued = new ContinuedParts(point)
        const second = secondAnswer(rest, withThought, withCall)
        const all = [...before, ...continued.take(second.slice(0, cut)), ...continued.take(second.slice(cut))]
        const { parts, finish: reason } = gatherAnswer(all)
        expect(parts.map(({ part }) => part.type)).toEqual(withCall ? ['text', 'tool-call'] : ['text'])
        expect(parts[0]?.text).toBe([...said, ...rest].join(''))
        expect(reason).toBe('stop')
        expect(all.filter(({ type }) => type === 'start')).toHaveLength(1)
        // Every part is opened once and closed once.
        const opened = all.flatMap((part) => (part.type === 'part-start' ? part.index : []))
        const closed = all.flatMap((part) => (part.type === 'part-end' ? part.index : []))
        expect(new Set(closed)).toEqual(new Set(opened))
        expect(closed).toHaveLength(opened.length)
        expect(new Set(opened).size).toBe(opened.length)
      }),
    )
  })

  it('give nothing before the first output, and only the error of one that fails before it', () => {
    const continued = new ContinuedParts({ text: 'a', openIndex: 0, nextIndex: 1 })
    expect(continued.take([start, ...text(0)])).toEqual([])
    const failure = { type: 'error', error: new Error('x') } as unknown as AnswerPart
    expect(continued.take([failure])).toEqual([failure])
  })

  it('close the first text where the second answer has none', () => {
    const continued = new ContinuedParts({ text: 'a', openIndex: 0, nextIndex: 1 })
    expect(continued.take([start, finish])).toEqual([end(0), finish])
  })
})

describe('continuationRequest', () => {
  const request = chatCodec.readRequest({
    body: { model: 'm', messages: [{ role: 'user', content: 'hi' }] },
    headers: {},
    url: {},
  })

  it('ends in the text where the model goes on from it, else in the order to go on', () => {
    const prefilled = continuationRequest(request, 'so far', true)
    expect(prefilled.turns.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(prefilled.continuesLastTurn).toBe(true)
    const ordered = continuationRequest(request, 'so far', false)
    expect(ordered.turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    expect(ordered.turns[1]?.parts).toEqual([{ type: 'text', text: 'so far' }])
  })

  it('is the request itself where nothing was said yet', () => {
    expect(continuationRequest(request, '', false)).toBe(request)
  })
})
