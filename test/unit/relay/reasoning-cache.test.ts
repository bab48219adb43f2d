import { describe, expect, it } from 'vitest'
import type { CompletePart, ModelAnswer } from '../../../gateway/model/answer.ts'
import type { ModelRequest } from '../../../gateway/model/model-request.ts'
import type { OpaqueState, Part } from '../../../gateway/model/parts.ts'
import { createReasoningCache } from '../../../gateway/relay/reasoning-cache.ts'

const state = (data: string): OpaqueState => ({ scope: 'anthropic:1', kind: 'signature', data })
const reasoning: CompletePart = { part: { type: 'reasoning' }, text: 'Let me see.', opaque: [state('sig')] }
const call = (id: string, opaque: readonly OpaqueState[] = []): CompletePart => ({
  part: { type: 'tool-call', id, name: 'look', kind: 'function' },
  text: '{}',
  opaque,
})
const text = (value: string, opaque: readonly OpaqueState[] = []): CompletePart => ({
  part: { type: 'text' },
  text: value,
  opaque,
})

function answerOf(...parts: readonly CompletePart[]): ModelAnswer {
  return {
    id: undefined,
    model: undefined,
    parts,
    finish: 'stop',
    rawFinish: null,
    stopSequence: undefined,
    usage: null,
  }
}

function requestWith(...parts: readonly Part[]): ModelRequest {
  const turns = [{ role: 'assistant' as const, parts }]
  return { dialect: 'chat-completions', stream: false, turns, tools: [], extensions: {}, warnings: [] }
}

const sentCall = (id: string): Part => ({ type: 'tool-call', id, name: 'look', kind: 'function', arguments: '{}' })

function cacheAt(clock = { now: 0 }) {
  return createReasoningCache({ now: () => clock.now })
}

describe('reasoning state of chat clients', () => {
  it('comes back before the tool call it led to, in place of text that was sent back unsigned', () => {
    const cache = cacheAt()
    cache.remember('key', answerOf(reasoning, call('call_1', [state('own')])))
    const sent = requestWith({ type: 'reasoning', text: 'Let me', opaque: [] }, sentCall('call_1'))
    expect(cache.recall('key', sent).turns[0]?.parts).toEqual([
      { type: 'reasoning', text: 'Let me see.', opaque: [state('sig')] },
      { ...sentCall('call_1'), opaque: [state('own')] },
    ])
  })

  it('comes back with a text, found by the whole text', () => {
    const cache = cacheAt()
    cache.remember('key', answerOf(reasoning, text('Done.', [state('on-text')])))
    expect(cache.recall('key', requestWith({ type: 'text', text: 'Done.' })).turns[0]?.parts).toEqual([
      { type: 'reasoning', text: 'Let me see.', opaque: [state('sig')] },
      { type: 'text', text: 'Done.', opaque: [state('on-text')] },
    ])
    const other = requestWith({ type: 'text', text: 'Done!' })
    expect(cache.recall('key', other)).toEqual(other)
  })

  it('is added to no turn that carries state itself', () => {
    const cache = cacheAt()
    cache.remember('key', answerOf(reasoning, call('call_1')))
    const sent = requestWith({ type: 'reasoning', text: 'mine', opaque: [state('mine')] }, sentCall('call_1'))
    expect(cache.recall('key', sent)).toEqual(sent)
  })

  it('is not given to another key', () => {
    const cache = cacheAt()
    cache.remember('key', answerOf(reasoning, call('call_1')))
    const sent = requestWith(sentCall('call_1'))
    expect(cache.recall('other', sent)).toEqual(sent)
  })

  it('is forgotten after six hours', () => {
    const clock = { now: 0 }
    const cache = cacheAt(clock)
    cache.remember('key', answerOf(reasoning, call('call_1')))
    const sent = requestWith(sentCall('call_1'))
    clock.now = 6 * 60 * 60 * 1000 - 1
    expect(cache.recall('key', sent)).not.toEqual(sent)
    clock.now += 1
    expect(cache.recall('key', sent)).toEqual(sent)
  })

  it('keeps the newest 5,000 calls, and nothing without state', () => {
    const cache = cacheAt()
    cache.remember('key', answerOf(call('plain')))
    for (let index = 0; index <= 5_000; index += 1) cache.remember('key', answerOf(reasoning, call(`call_${index}`)))
    const holds = (id: string): boolean => cache.recall('key', requestWith(sentCall(id))).turns[0]?.parts.length === 2
    expect([holds('plain'), holds('call_0'), holds('call_1'), holds('call_5000')]).toEqual([false, false, true, true])
  })

  it('keeps no single state of more than 4 MB', () => {
    const cache = cacheAt()
    cache.remember('key', answerOf({ ...reasoning, text: 'x'.repeat(5 * 1024 * 1024) }, call('call_1')))
    const sent = requestWith(sentCall('call_1'))
    expect(cache.recall('key', sent)).toEqual(sent)
  })
})
