import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { MediaPart, Part } from '../../../../gateway/model/parts.ts'
import { assistant, bodyFor, call, readTool, result, scope, system, unsupported, user } from './model-call-double.ts'

const image: MediaPart = {
  type: 'media',
  kind: 'image',
  source: { kind: 'base64', data: 'iVBORw0K' },
  mimeType: 'image/png',
}
const imageUrl: MediaPart = { ...image, source: { kind: 'url', url: 'https://example.com/a.png' }, mimeType: undefined }
const pdf: MediaPart = { ...image, kind: 'document', mimeType: 'application/pdf', filename: 'a.pdf' }
const pdfUrl: MediaPart = { ...pdf, source: { kind: 'url', url: 'https://example.com/a.pdf' } }
const thought = (text: string, data?: string): Part => ({
  type: 'reasoning',
  text,
  opaque:
    data === undefined ? [] : [{ scope, kind: 'reasoning_details', data: [{ type: 'reasoning.encrypted', data }] }],
})
const roles = (messages: readonly JsonObject[]): unknown[] => messages.map((message) => message.role)

describe('messages towards chat completions (rows of the translation matrix)', () => {
  it('row 1: a leading system prompt is a system message, developer for OpenAI reasoning models (pitfall 39)', () => {
    const turns = [system('Be brief.'), user('hi')]
    expect(roles(bodyFor('groq', { turns }).messages)).toEqual(['system', 'user'])
    expect(roles(bodyFor('openai', { turns }).messages)).toEqual(['system', 'user'])
    expect(roles(bodyFor('openai', { turns }, { upstreamModel: 'gpt-5.2' }).messages)).toEqual(['developer', 'user'])
  })

  it('row 2, pitfall 38, 84: a late system message keeps its place, or goes to the top where templates demand it', () => {
    const turns = [system('one'), user('hi'), system('two'), user('go')]
    expect(roles(bodyFor('openai', { turns }).messages)).toEqual(['system', 'user', 'system', 'user'])
    const local = bodyFor('hosted_vllm', { turns })
    expect(local.messages).toEqual([
      { role: 'system', content: 'one\n\ntwo' },
      { role: 'user', content: 'hi\n\ngo' },
    ])
    expect(local.warnings).toContain('late system messages were moved to the top')
  })

  it('row 4, pitfall 35: empty texts and empty turns are left out', () => {
    const turns = [user('', 'hi'), assistant(''), assistant('', call('a')), user(result('a'), '')]
    expect(bodyFor('openai', { turns, tools: [readTool] }).messages).toMatchObject([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'a' }] },
      { role: 'tool', tool_call_id: 'a', content: 'done' },
    ])
  })

  it('row 5: a trailing assistant message is continued where the upstream can, and told of where not', () => {
    const turns = [user('hi'), assistant('{')]
    expect(bodyFor('mistral', { turns }).messages.at(-1)).toEqual({ role: 'assistant', content: '{', prefix: true })
    expect(bodyFor('hosted_vllm', { turns }).body).toMatchObject({ continue_final_message: true })
    expect(bodyFor('openai', { turns }).warnings.join()).toContain('last assistant message')
  })

  it('row 6, pitfall 58: an image as base64 is a data URL with its type', () => {
    expect(bodyFor('openai', { turns: [user('see', image)] }).messages[0]?.content).toEqual([
      { type: 'text', text: 'see' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0K' } },
    ])
  })

  it('row 7: an image by URL goes on, and is refused where only base64 is taken', () => {
    const turns = [user(imageUrl)]
    expect(JSON.stringify(bodyFor('openai', { turns }).messages)).toContain('https://example.com/a.png')
    expect(() => bodyFor('ollama', { turns })).toThrow(unsupported('messages', 'ollama'))
  })

  it('row 8: a file id of another account is refused', () => {
    const file: MediaPart = { ...pdf, source: { kind: 'file_id', id: 'file_1', dialect: 'messages' } }
    expect(() => bodyFor('openai', { turns: [user(file)] })).toThrow(unsupported('messages', 'openai'))
  })

  it('row 9, pitfall 32: an image of a tool result stands behind all results', () => {
    const seen: Part = { type: 'tool-result', callId: 'a', content: [image], isError: false, kind: 'function' }
    const turns = [user('go'), assistant(call('a'), call('b')), user(seen, result('b'), 'and now?')]
    const { messages, warnings } = bodyFor('openai', { turns, tools: [readTool] })
    expect(roles(messages)).toEqual(['user', 'assistant', 'tool', 'tool', 'user'])
    expect(messages[4]?.content).toMatchObject([
      { type: 'text' },
      { type: 'image_url' },
      { type: 'text', text: 'and now?' },
    ])
    expect(warnings.join()).toContain('media of a tool result')
  })

  it('row 10, 11: a PDF goes where files are taken; one by URL is not fetched', () => {
    expect(bodyFor('openai', { turns: [user(pdf)] }).messages[0]?.content).toEqual([
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,iVBORw0K' } },
    ])
    expect(bodyFor('mistral', { turns: [user(pdfUrl)] }).messages[0]?.content).toMatchObject([
      { type: 'document_url', document_url: 'https://example.com/a.pdf' },
    ])
    expect(() => bodyFor('openai', { turns: [user(pdfUrl)] })).toThrow(unsupported('messages', 'openai'))
    expect(() => bodyFor('groq', { turns: [user(pdf)] })).toThrow(unsupported('messages', 'groq'))
  })

  it('row 12: a text document is text under its title', () => {
    const notes: MediaPart = { ...pdf, source: { kind: 'text', text: 'body' }, title: 'Notes', context: 'of May' }
    const { messages, warnings } = bodyFor('groq', { turns: [user(notes)] })
    expect(messages[0]?.content).toBe('Notes\n\nof May\n\nbody')
    expect(warnings).toContain('a text document was sent as plain text')
  })

  it('row 14: audio goes where it is heard', () => {
    const sound: MediaPart = { ...image, kind: 'audio', mimeType: 'audio/mpeg' }
    expect(JSON.stringify(bodyFor('openai', { turns: [user(sound)] }).messages)).toContain('"format":"mp3"')
    expect(() => bodyFor('groq', { turns: [user(sound)] })).toThrow(unsupported('messages', 'groq'))
  })

  it('row 15: a wish for audio is refused', () => {
    const request: Partial<ModelRequest> = {
      dialect: 'chat-completions',
      extensions: { modalities: ['text', 'audio'] },
    }
    expect(() => bodyFor('openai', request)).toThrow(unsupported('modalities', 'openai'))
  })

  it('row 16: video is refused', () => {
    expect(() => bodyFor('openai', { turns: [user({ ...image, kind: 'video' })] })).toThrow(
      unsupported('messages', 'openai'),
    )
  })

  it('row 28: an error of a tool is told in words', () => {
    const failed: Part = { ...result('a', 'no file'), isError: true } as Part
    const { messages, warnings } = bodyFor('groq', { turns: [user('go'), assistant(call('a')), user(failed)] })
    expect(messages[2]?.content).toBe('Error: no file')
    expect(warnings.join()).toContain('error flag')
  })

  it('pitfall 41: text-only content is one string where lists are not known', () => {
    expect(bodyFor('deepseek', { turns: [user('a', 'b')] }).messages[0]?.content).toBe('a\nb')
  })

  it('pitfall 33: calls without a result get one, results without a call go', () => {
    const turns = [user('go', result('ghost')), assistant(call('a'), call('b')), user(result('b')), user('next')]
    const { messages, warnings } = bodyFor('openai', { turns, tools: [readTool] })
    expect(messages.slice(1)).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'a', content: 'No result was recorded for this call.' },
      { role: 'tool', tool_call_id: 'b', content: 'done' },
      { role: 'user', content: 'next' },
    ])
    expect(warnings).toEqual([
      'dropped a tool result that answers no call',
      'added an empty result for a tool call without one',
    ])
  })

  it('results that come late stand behind their call', () => {
    const turns = [user('go'), assistant(call('a')), user('wait'), user(result('a'))]
    expect(roles(bodyFor('openai', { turns }).messages)).toEqual(['user', 'assistant', 'tool', 'user'])
  })

  it('pitfall 30: Mistral gets ids of nine letters, the same in every turn and for call and result', () => {
    const turns = [user('go'), assistant(call('toolu_01ABCDEFG'), call('abc123XYZ')), user(result('abc123XYZ'))]
    const longer = [...turns, user(result('toolu_01ABCDEFG')), user('next')]
    const idsOf = (messages: readonly JsonObject[]): string[] =>
      ((messages.find((message) => message.role === 'assistant')?.tool_calls ?? []) as JsonObject[]).map((entry) =>
        JSON.stringify(entry.id).slice(1, -1),
      )
    const { messages } = bodyFor('mistral', { turns: longer })
    expect(idsOf(messages)).toEqual([expect.stringMatching(/^[A-Za-z0-9]{9}$/), 'abc123XYZ'])
    expect(idsOf(messages)).toEqual(idsOf(bodyFor('mistral', { turns }).messages))
    expect(messages.filter((message) => message.role === 'tool').map((message) => message.tool_call_id)).toEqual(
      idsOf(messages),
    )
  })

  it('pitfall 31: Mistral has an assistant between tool and user', () => {
    const turns = [user('go'), assistant(call('a')), user(result('a'), 'and?')]
    expect(roles(bodyFor('mistral', { turns }).messages)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user'])
  })

  it('pitfall 29: ids are at most 40 characters', () => {
    const { messages } = bodyFor('openai', {
      turns: [user('go'), assistant(call('x'.repeat(83))), user(result('x'.repeat(83)))],
    })
    const [made] = (messages[1]?.tool_calls ?? []) as JsonObject[]
    expect(JSON.stringify(made?.id).length - 2).toBeLessThanOrEqual(40)
    expect(messages[2]?.tool_call_id).toBe(made?.id)
  })

  it('pitfall 47, 83: DeepSeek gets reasoning back, and an empty text where there is none', () => {
    const turns = [user('go'), assistant(thought('why'), call('a')), user(result('a')), assistant('ok'), user('next')]
    const { messages } = bodyFor('deepseek', { turns })
    expect(messages.filter((message) => message.role === 'assistant')).toMatchObject([
      { reasoning_content: 'why' },
      { reasoning_content: '' },
    ])
  })

  it('pitfall 82: a turn of thinking alone stays where its text is wanted', () => {
    const turns = [user('go'), assistant(thought('why')), user('next')]
    expect(bodyFor('deepseek', { turns }).messages[1]).toMatchObject({ role: 'assistant', reasoning_content: 'why' })
    expect(roles(bodyFor('groq', { turns }).messages)).not.toContain('assistant')
  })

  it('pitfall 48: nobody else gets fields of reasoning or cache marks', () => {
    const marked: Part = { type: 'text', text: 'hi', cacheMark: { ttl: '5m' } }
    const turns = [user(marked), assistant(thought('why'), 'ok'), user('next')]
    for (const provider of ['groq', 'openai', 'custom_openai', 'xai']) {
      const { messages, warnings } = bodyFor(provider, { turns })
      expect(JSON.stringify(messages)).not.toMatch(/reasoning|cache_control|why/)
      expect(warnings.join()).toContain('cache marks')
    }
  })

  it('row 44, pitfall 44: opaque state goes back to its maker only', () => {
    const turns = [user('go'), assistant(thought('why', 'secret'), 'ok'), user('next')]
    expect(bodyFor('openrouter', { turns }).messages[1]?.reasoning_details).toEqual([
      { type: 'reasoning.encrypted', data: 'secret' },
    ])
    const elsewhere: Part = {
      type: 'reasoning',
      text: '',
      opaque: [{ scope: 'anthropic:there', kind: 'signature', data: 'secret' }],
    }
    const foreign = bodyFor('openrouter', { turns: [user('go'), assistant(elsewhere, 'ok'), user('next')] })
    expect(JSON.stringify(foreign.body)).not.toContain('secret')
  })

  it('a signature of a call goes back where it came from', () => {
    const signed: Part = { ...call('a'), opaque: [{ scope, kind: 'thought_signature', data: 'sig' }] } as Part
    const { messages } = bodyFor('gemini', { turns: [user('go'), assistant(signed), user(result('a'))] })
    expect(messages[1]?.tool_calls).toMatchObject([{ extra_content: { google: { thought_signature: 'sig' } } }])
  })

  it('Mistral has reasoning as a thinking part', () => {
    const turns = [user('go'), assistant(thought('why'), 'ok'), user('next')]
    expect(bodyFor('mistral', { turns }).messages[1]?.content).toEqual([
      { type: 'thinking', thinking: [{ type: 'text', text: 'why' }] },
      { type: 'text', text: 'ok' },
    ])
  })

  it('row 47: cache marks go where they are known', () => {
    const marked: Part = { type: 'text', text: 'hi', cacheMark: { ttl: '1h' } }
    const turns = [user(marked)]
    expect(bodyFor('openrouter', { turns }).messages[0]?.content).toMatchObject([
      { cache_control: { type: 'ephemeral', ttl: '1h' } },
    ])
    expect(bodyFor('openai', { turns }, { upstreamModel: 'gpt-5.6-sol' }).messages[0]?.content).toMatchObject([
      { prompt_cache_breakpoint: { mode: 'explicit' } },
    ])
  })

  it('a part of another API is refused', () => {
    const foreign: Part = { type: 'foreign', dialect: 'messages', value: { type: 'server_tool_use' } }
    expect(() => bodyFor('openai', { turns: [user(foreign)] })).toThrow(unsupported('messages', 'openai'))
    expect(() => bodyFor('openai', { turns: [user('a'), assistant(foreign)] })).toThrow(
      unsupported('messages', 'openai'),
    )
  })
})
