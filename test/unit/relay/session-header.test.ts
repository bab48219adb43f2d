import { describe, expect, it } from 'vitest'
import { withSession } from '../../../gateway/relay/session-header.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

const wire = deploymentDouble({ sessionHeader: 'x-opencode-session' })

function request(turns: readonly string[], sessionId: string | null = null, keyId = 'key') {
  const facts = { userText: turns[0] ?? '', userTurns: turns, systemText: 'be brief' }
  return { callId: 'call', caller: { keyId, keyAlias: null, agent: null, sessionId }, facts } as never
}

const session = (...given: Parameters<typeof request>): string | undefined =>
  withSession(wire, request(...given)).headers['x-opencode-session']

describe('pitfall 62: the session header of OpenCode', () => {
  it('is what the catalogue says, for both plans', () => {
    const { providers } = readCatalogue()
    for (const id of ['opencode', 'opencode_go', 'opencode-go']) {
      expect(providers.get(id)?.sessionHeader).toBe('x-opencode-session')
    }
    expect(providers.get('openai')?.sessionHeader).toBeUndefined()
  })

  it('holds for all turns of a conversation, and no longer', () => {
    const first = session(['hello'])
    expect(first).toMatch(/^ses_[0-9a-f]{26}$/)
    expect(session(['and now?', 'hello'])).toBe(first)
    expect(session(['and now?', 'good day'])).not.toBe(first)
    expect(session(['hello'], null, 'another key')).not.toBe(first)
  })

  it('follows the session of the client, without telling its id', () => {
    const told = session(['hello'], 'ses_client')
    expect(session(['something else'], 'ses_client')).toBe(told)
    expect(told).not.toContain('client')
  })

  it('is not sent elsewhere, and a header of the configuration wins', () => {
    const plain = deploymentDouble({})
    expect(withSession(plain, request(['hello']))).toBe(plain)
    const fixed = { ...wire, headers: { 'x-opencode-session': 'mine' } }
    expect(withSession(fixed, request(['hello']))).toBe(fixed)
  })
})
