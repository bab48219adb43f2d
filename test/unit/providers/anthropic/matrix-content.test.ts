import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../gateway/model/json.ts'
import type { ModelRequest } from '../../../../gateway/model/model-request.ts'
import type { MediaPart, Part } from '../../../../gateway/model/parts.ts'
import { assistant, call, image, messagesOf, png, refusal, say, send, user } from './call-double.ts'

const content = (given: Partial<ModelRequest>, deployment: object = {}): JsonObject[] =>
  messagesOf(send(given, deployment).body)[0]?.content ?? []

describe('turns (rows 1 to 5)', () => {
  it('row 1: leading system turns become the system field', () => {
    const { body } = send({ turns: [say('system', 'be brief'), say('system', 'be kind'), say('user', 'hi')] })
    expect(body.system).toEqual([
      { type: 'text', text: 'be brief' },
      { type: 'text', text: 'be kind' },
    ])
    expect(body.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'hi' }] }])
  })

  it('row 2: a late system turn keeps its place on new models', () => {
    const turns = [say('user', 'hi'), say('system', 'now in French'), say('assistant', 'salut'), say('user', 'bye')]
    expect(messagesOf(send({ turns }).body).map(({ role }) => role)).toEqual(['user', 'system', 'assistant', 'user'])
  })

  it.each([
    [
      'an older model',
      [say('user', 'hi'), say('system', 'now in French'), say('assistant', 'salut'), say('user', 'x')],
      { upstreamModel: 'claude-haiku-4-5' },
    ],
    [
      'a user turn follows',
      [say('user', 'hi'), say('assistant', 'ho'), say('system', 'now in French'), say('user', 'x')],
      {},
    ],
  ])('row 2: a late system turn is an instruction of the user when %s', (_name, turns, deployment) => {
    const { body, call: prepared } = send({ turns }, deployment)
    expect(messagesOf(body).map(({ role }) => role)).not.toContain('system')
    expect(body.system).toBeUndefined()
    expect(JSON.stringify(body.messages)).toContain('<system>\\nnow in French\\n</system>')
    expect(prepared.warnings.join()).toContain('late system message')
  })

  it('row 3: neighbours of one role are merged', () => {
    const { body } = send({
      turns: [say('user', 'a'), say('user', 'b'), say('assistant', 'c'), say('assistant', 'd'), say('user', 'e')],
    })
    expect(messagesOf(body).map(({ role, content: blocks }) => [role, blocks.length])).toEqual([
      ['user', 2],
      ['assistant', 2],
      ['user', 1],
    ])
  })

  it('row 4: empty texts are left out, and turns of nothing else with them', () => {
    const { body } = send({
      turns: [say('user', 'a'), say('assistant', ''), user({ type: 'text', text: ' \n' }), say('user', 'b')],
    })
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ])
  })

  it('row 5: an older model continues a last turn of the assistant, without space at its end', () => {
    const { body } = send(
      { turns: [say('user', 'a'), say('assistant', 'So: \n')] },
      { upstreamModel: 'claude-haiku-4-5' },
    )
    expect(messagesOf(body).at(-1)).toEqual({ role: 'assistant', content: [{ type: 'text', text: 'So:' }] })
  })

  it.each(['chat-completions', 'responses', 'gemini'] as const)(
    'row 5: history of %s that ends with the assistant gets a user turn',
    (dialect) => {
      const sent = send({ dialect, turns: [say('user', 'a'), say('assistant', 'b')] })
      expect(messagesOf(sent.body).at(-1)?.role).toBe('user')
      expect(sent.call.warnings.join()).toContain('added a user message')
    },
  )

  it('row 5: a beginning that a new model cannot continue is refused for a Messages client', () => {
    expect(refusal({ dialect: 'messages', turns: [say('user', 'a'), say('assistant', 'b')] })).toMatchObject({
      code: 'unsupported_field',
      status: 400,
      param: 'messages',
    })
  })

  it('puts a user first where the conversation begins with the assistant', () => {
    expect(messagesOf(send({ turns: [say('assistant', 'a'), say('user', 'b')] }).body)[0]?.role).toBe('user')
  })
})

describe('media (rows 6 to 16)', () => {
  const media = (given: Partial<MediaPart>): Part => ({ ...image, ...given })
  it.each([
    ['6: image in base64', image, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }],
    [
      '7: image by URL',
      media({ source: { kind: 'url', url: 'https://x.test/a.png' }, mimeType: undefined }),
      { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } },
    ],
    [
      '10: PDF in base64',
      media({ kind: 'document', mimeType: 'application/pdf', filename: 'a.pdf' }),
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: png }, title: 'a.pdf' },
    ],
    [
      '11: PDF by URL',
      media({ kind: 'document', source: { kind: 'url', url: 'https://x.test/a.pdf' } }),
      { type: 'document', source: { type: 'url', url: 'https://x.test/a.pdf' } },
    ],
    [
      '12: text document',
      media({ kind: 'document', source: { kind: 'text', text: 'words' }, title: 'T', context: 'C' }),
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' }, title: 'T', context: 'C' },
    ],
  ])('row %s', (_name, part, block) => {
    expect(content({ turns: [user(part)] })).toEqual([block])
  })

  it('row 12: a text document in base64 goes as text', () => {
    const data = Buffer.from('größer').toString('base64')
    const part = media({ kind: 'document', mimeType: 'text/markdown', source: { kind: 'base64', data } })
    expect(content({ turns: [user(part)] })).toMatchObject([{ source: { type: 'text', data: 'größer' } }])
  })

  it.each([
    ["8: another provider's file id", media({ source: { kind: 'file_id', id: 'f', dialect: 'responses' } })],
    ['14: audio', media({ kind: 'audio', mimeType: 'audio/wav' })],
    ['16: video', media({ kind: 'video', mimeType: 'video/mp4' })],
    ['an image type that the API does not read', media({ mimeType: 'image/tiff' })],
    ['a document type that it does not read', media({ kind: 'document', mimeType: 'application/msword' })],
  ])('row %s is refused naming field and provider', (_name, part) => {
    const error = refusal({ turns: [user(part)] })
    expect(error).toMatchObject({ code: 'unsupported_field', status: 400, param: 'messages' })
    expect((error as Error).message).toContain('anthropic')
  })

  it('row 9: an image in a tool result stays there', () => {
    const answer: Part = {
      type: 'tool-result',
      callId: 'c',
      content: [{ type: 'text', text: 't' }, image],
      isError: false,
      kind: 'function',
    }
    const { body } = send({ turns: [say('user', 'a'), assistant(call('c')), user(answer)] })
    expect(messagesOf(body).at(-1)?.content[0]).toMatchObject({
      type: 'tool_result',
      content: [{ type: 'text' }, { type: 'image' }],
    })
  })

  it.each([
    ['modalities', { modalities: ['text', 'audio'], audio: { voice: 'x' } }],
    ['responseModalities', { responseModalities: ['IMAGE'] }],
  ])('row 15: sound or images back (%s) are refused', (param, extensions) => {
    expect(refusal({ extensions })).toMatchObject({ code: 'unsupported_field', param })
  })
})
