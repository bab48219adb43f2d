import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readClientIdentity } from '../../../gateway/http/client-identity.ts'

/** User agents as seen on the wire from real clients. */
const agents: readonly (readonly [Record<string, string>, string | null])[] = [
  [{ 'user-agent': 'opencode/1.18.33 ai-sdk/provider-utils/4.0.1 runtime/bun/1.3.1' }, 'opencode'],
  [{ 'user-agent': 'claude-cli/2.1.328 (external, sdk-cli)', 'x-app': 'cli' }, 'claude-code'],
  [{ 'user-agent': 'claude-code/2.1.328' }, 'claude-code'],
  [{ 'user-agent': 'codex_exec/0.169.0 (Debian 12)', originator: 'codex_exec' }, 'codex'],
  [{ 'user-agent': 'anything', originator: 'codex_cli_rs' }, 'codex'],
  [{ 'user-agent': 'GeminiCLI/0.61.0/gemini-3.8-flash (linux; x64)' }, 'gemini-cli'],
  [{ 'user-agent': 'QwenCode/0.24.4 (linux; x64)', 'x-stainless-lang': 'js' }, 'qwen-code'],
  [{ 'user-agent': 'ai-sdk/openai-compatible/3.0.37 runtime/node.js/v24' }, 'ai-sdk'],
  [{ 'user-agent': 'OpenAI/JS 7.55.0' }, 'openai-node'],
  [{ 'user-agent': 'OpenAI/Python 2.1.0' }, 'openai-python'],
  [{ 'user-agent': 'AsyncOpenAI/Python 2.1.0' }, 'openai-python'],
  [{ 'user-agent': 'curl/8.5.0' }, 'curl'],
  [{ 'user-agent': 'node', 'x-initiator': 'user', 'x-interaction-type': 'conversation' }, 'copilot'],
  [{ 'user-agent': 'node' }, 'node'],
  [{ 'user-agent': 'my-nodetool/1' }, 'my-nodetool'],
  [{ 'user-agent': 'My-Tool/1.2 (linux)' }, 'my-tool'],
  [{ 'user-agent': '???' }, null],
  [{}, null],
]

describe('agent', () => {
  it.each(agents)('%j is %s', (headers, agent) => expect(readClientIdentity(headers).agent).toBe(agent))

  it('is the agent of the key where only a library or nothing is named', () => {
    const agentOf = (userAgent: string) => readClientIdentity({ 'user-agent': userAgent }, 'cline').agent
    expect(agentOf('ai-sdk/openai-compatible/3.0.37')).toBe('cline')
    expect(agentOf('Ls/JS 6.45')).toBe('cline')
    expect(agentOf('')).toBe('cline')
    expect(agentOf('opencode/1.18.33 ai-sdk/provider-utils/4')).toBe('opencode')
  })
})

describe('session', () => {
  it.each([
    [{ 'x-litellm-session-id': 'a', 'x-session-id': 'b' }, 'a'],
    [{ 'x-litellm-trace-id': 't' }, 't'],
    [{ 'x-session-id': 'ses_01', 'x-session-affinity': 'ses_01' }, 'ses_01'],
    [{ 'x-claude-code-session-id': '3b6c8b8e-0000-4000-8000-000000000000' }, '3b6c8b8e-0000-4000-8000-000000000000'],
    [{ 'session-id': 'thread-1', 'thread-id': 'thread-2' }, 'thread-1'],
    [{ session_id: 'old-codex' }, 'old-codex'],
    [{ 'x-newtool-session-id': 'abcd_1234' }, 'abcd_1234'],
    [{ 'x-newtool-session-id': 'short' }, null],
    [{ 'x-newtool-session-id': 'has space in it' }, null],
    [{ 'newtool-session-id': 'abcd_1234' }, null],
    [{ 'x-session-id': '' }, null],
    [{ 'x-session-id': 'x'.repeat(201) }, null],
  ])('%j gives %s', (headers, session) => expect(readClientIdentity(headers).sessionId).toBe(session))

  it('is bounded and printable whatever the headers', () => {
    const names = fc.constantFrom('user-agent', 'x-session-id', 'session-id', 'x-any-session-id', 'originator')
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ maxLength: 600 })), (headers) => {
        for (const value of Object.values(readClientIdentity(headers))) {
          expect(value === null || /^[\x21-\x7e]{1,200}$/u.test(value)).toBe(true)
        }
      }),
    )
  })
})
