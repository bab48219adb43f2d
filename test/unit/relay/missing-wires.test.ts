import { describe, expect, it } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { MissingWires } from '../../../gateway/relay/missing-wires.ts'
import { refusesState } from '../../../gateway/relay/state-refusal.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

const chat: Deployment = deploymentDouble({ adapter: 'openai-compatible' })
const anthropic: Deployment = { ...chat, adapter: 'anthropic', alternatives: [chat] }
const openai: Deployment = { ...chat, alternatives: [{ ...chat, adapter: 'openai-responses' }] }
const absent = new GatewayError('upstream_not_found', 'x')
const otherWire = new GatewayError('upstream_invalid_answer', 'x')
const isWire = (adapter: Deployment['adapter']) => (wire: Deployment) => wire.adapter === adapter

describe('the wire of a deployment', () => {
  it('is the preferred one for chat clients, though another would pass their bytes through', () => {
    expect(new MissingWires().choose(anthropic, isWire('openai-compatible')).adapter).toBe('anthropic')
  })

  it('is the one that passes the bytes of other dialects through', () => {
    expect(new MissingWires().choose(openai, isWire('openai-responses')).adapter).toBe('openai-responses')
  })

  it.each([
    ['404', 404, absent],
    ['405', 405, absent],
    ['an answer of another wire', 200, otherWire],
  ])('is left for the next after %s, for good', (_name, status, error) => {
    const wires = new MissingWires()
    expect(wires.note(anthropic, anthropic, status, error)).toBe(true)
    expect(wires.choose(anthropic, () => false).adapter).toBe('openai-compatible')
  })

  it('is kept once it has answered: a 404 then means the model', () => {
    const wires = new MissingWires()
    wires.prove(anthropic, anthropic)
    expect(wires.note(anthropic, anthropic, 404, absent)).toBe(false)
  })

  it('is asked again after all of them gave 404, which then meant the model', () => {
    const wires = new MissingWires()
    wires.note(anthropic, anthropic, 404, absent)
    expect(wires.note(anthropic, chat, 404, absent)).toBe(false)
    expect(wires.choose(anthropic, () => false).adapter).toBe('anthropic')
  })

  it.each([[null], [400], [500], [503]])('is kept after status %s', (status) => {
    expect(new MissingWires().note(anthropic, anthropic, status, new GatewayError('upstream_error', 'x'))).toBe(false)
  })

  it('is the only one where there is no other', () => {
    expect(new MissingWires().note(chat, chat, 404, absent)).toBe(false)
  })
})

describe('refusesState', () => {
  const refusal = (status: number, message: string, code?: string) =>
    new GatewayError('upstream_bad_request', message, { upstream: { status, ...(code === undefined ? {} : { code }) } })

  it.each([
    ['OpenAI', refusal(400, 'The encrypted content could not be verified.', 'invalid_encrypted_content')],
    ['Anthropic', refusal(400, 'messages.1.content.0: Invalid `signature` in `thinking` block')],
    ['Gemini', refusal(400, 'Function call is missing a thought_signature in functionCall parts.')],
  ])('knows the words of %s', (_name, error) => {
    expect(refusesState(error)).toBe(true)
  })

  it.each([
    refusal(400, 'temperature is wrong'),
    refusal(401, 'invalid signature'),
    new GatewayError('upstream_error', 'invalid signature'),
  ])('is not fooled by others', (error) => {
    expect(refusesState(error)).toBe(false)
  })
})
