import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import { sealState } from '../../../../gateway/model/sealed-state.ts'
import { needsTranslation } from '../../../../gateway/providers/openai-compatible/needs-translation.ts'
import { modelCall } from './model-call-double.ts'

const needs = (provider: string, body: JsonObject, upstreamModel?: string): boolean =>
  needsTranslation(modelCall(provider, {}, upstreamModel === undefined ? {} : { upstreamModel }).deployment, body)

const user: JsonObject = { role: 'user', content: 'go' }
const called = (id: string, more: JsonObject = {}): JsonObject => ({
  role: 'assistant',
  content: '',
  tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
  ...more,
})
const tool: JsonObject = { role: 'tool', tool_call_id: 'abcdefghi', content: 'done' }

describe('a chat completion that its own wire would refuse', () => {
  it.each<[string, string, JsonObject, boolean]>([
    ['an ordinary one', 'mistral', { messages: [user] }, false],
    ['pitfall 30: an id that is not nine letters', 'mistral', { messages: [user, called('toolu_1')] }, true],
    ['an id that fits', 'mistral', { messages: [user, called('abcdefghi'), tool] }, false],
    ['pitfall 31: user after tool', 'mistral', { messages: [user, called('abcdefghi'), tool, user] }, true],
    ['user after tool elsewhere', 'openai', { messages: [user, called('abcdefghi'), tool, user] }, false],
    ['pitfall 29: an id of 83 characters', 'openai', { messages: [user, called('x'.repeat(83))] }, true],
    ['an odd id at a server of which nothing is known', 'custom_openai', { messages: [user, called('a:1')] }, false],
    ['pitfall 47: a call without reasoning', 'deepseek', { messages: [user, called('a')] }, true],
    ['a call with reasoning', 'deepseek', { messages: [user, called('a', { reasoning_content: '' })] }, false],
    ['pitfall 48: reasoning sent back', 'groq', { messages: [user, called('a', { reasoning_content: 'x' })] }, true],
    ['pitfall 39: developer', 'hosted_vllm', { messages: [{ role: 'developer', content: 'x' }, user] }, true],
    ['developer at OpenAI', 'openai', { messages: [{ role: 'developer', content: 'x' }, user] }, false],
    ['several answers, whatever else', 'mistral', { n: 2, messages: [user, called('toolu_1')] }, false],
  ])('%s', (_case, provider, body, expected) => {
    expect(needs(provider, body)).toBe(expected)
  })

  it('pitfall 52: sampling at a model that refuses it', () => {
    const body = { messages: [user], temperature: 0.7 }
    expect(needs('openai', body, 'gpt-5')).toBe(true)
    expect(needs('openai', body, 'gpt-4o')).toBe(false)
    expect(needs('openai', { ...body, reasoning_effort: 'none' }, 'gpt-5.2')).toBe(false)
  })

  it('pitfall 66, 71: state that we sealed is never sent on', () => {
    const sealed = sealState([{ scope: 'x', kind: 'signature', data: 's' }])
    const details = called('a', { reasoning_details: [{ type: 'reasoning.encrypted', data: sealed }] })
    const call = { id: 'a', function: { name: 'f' }, extra_content: { google: { thought_signature: sealed } } }
    expect(needs('custom_openai', { messages: [user, details] })).toBe(true)
    expect(needs('custom_openai', { messages: [user, { role: 'assistant', tool_calls: [call] }] })).toBe(true)
  })

  it.each([null, 'x', [], [null, 1, 'x', {}]])('messages of %j are left to the upstream', (messages) => {
    expect(needs('mistral', { messages })).toBe(false)
  })
})
