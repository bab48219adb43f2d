import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../../gateway/model/dialect.ts'
import type { JsonObject } from '../../../gateway/model/json.ts'
import { refuseForeignWishes } from '../../../gateway/providers/foreign-wishes.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

const deployment = deploymentDouble({ provider: 'mine', upstreamModel: 'm' })
const anyRequest = { stream: false, turns: [], tools: [], warnings: [] }

function refuse(dialect: Dialect, extensions: JsonObject, wire: Dialect | undefined): () => void {
  return () => refuseForeignWishes({ ...anyRequest, dialect, extensions }, deployment, wire)
}

describe('wishes that only one API fulfils', () => {
  it.each<[Dialect, JsonObject, string]>([
    ['chat-completions', { modalities: ['text', 'audio'] }, 'modalities'],
    ['chat-completions', { audio: { voice: 'alloy' } }, 'modalities'],
    ['gemini', { generationConfig: { responseModalities: ['IMAGE'] } }, 'modalities'],
    ['gemini', { generation_config: { response_modalities: ['TEXT', 'AUDIO'] } }, 'modalities'],
    ['gemini', { cachedContent: 'cachedContents/1' }, 'cachedContent'],
    ['gemini', { cached_content: 'cachedContents/1' }, 'cached_content'],
    ['messages', { mcp_servers: [{ url: 'x' }] }, 'mcp_servers'],
    ['messages', { context_management: { edits: [{ type: 'compact_20260112' }] } }, 'context_management'],
    ['responses', { context_management: [{ type: 'compaction' }] }, 'context_management'],
  ])('of %s, %j: %s is refused elsewhere', (dialect, extensions, field) => {
    expect(refuse(dialect, extensions, undefined)).toThrow(`mine (model m) cannot take "${field}"`)
    expect(refuse(dialect, extensions, dialect)).not.toThrow()
  })

  it.each<[Dialect, JsonObject]>([
    ['chat-completions', { modalities: ['text'], audio: null }],
    ['gemini', { generationConfig: { responseModalities: ['Text'] }, cachedContent: '' }],
    // What Claude Code sends with every request.
    [
      'messages',
      { mcp_servers: [], context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } },
    ],
    ['responses', { context_management: null }],
  ])('of %s, %j: nothing is asked for', (dialect, extensions) => {
    expect(refuse(dialect, extensions, undefined)).not.toThrow()
  })

  it('Responses do without the compaction of Messages', () => {
    const extensions = { context_management: { edits: [{ type: 'compact_20260112' }] } }
    expect(refuse('messages', extensions, 'responses')).not.toThrow()
  })
})
