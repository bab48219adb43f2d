import { describe, expect, it } from 'vitest'
import type { Part } from '../../../../gateway/model/parts.ts'
import { assistant, callPart, png, resultPart, scope, system, user, written } from './model-call.ts'

const mine = { scope, kind: 'thought_signature', data: 'SIGNED' }
const foreign = { scope: 'anthropic:there', kind: 'signature', data: 'OTHER' }

describe('order towards Gemini', () => {
  it('pitfall 34: three parallel results, in turns of their own, become one content in the order of the calls', () => {
    const { contents } = written({
      turns: [
        user('a'),
        assistant(callPart('1'), callPart('2'), callPart('3')),
        user(resultPart('3', 'c')),
        user(resultPart('1', 'a')),
        user(resultPart('2', 'b'), 'and now'),
      ],
    })
    expect(contents.map((content) => content.role)).toEqual(['user', 'model', 'user', 'user'])
    expect(contents[2]?.parts).toMatchObject([
      { functionResponse: { id: '1', response: { output: 'a' } } },
      { functionResponse: { id: '2', response: { output: 'b' } } },
      { functionResponse: { id: '3', response: { output: 'c' } } },
    ])
    expect(contents[3]?.parts).toEqual([{ text: 'and now' }])
  })

  it('pitfall 32, 77: a picture in one of two results of an older model does not break their count', () => {
    const withPicture = { ...resultPart('1', 'see'), content: [{ type: 'text', text: 'see' } as const, png] }
    const { contents } = written(
      { turns: [user('a'), assistant(callPart('1'), callPart('2')), user(withPicture, resultPart('2'))] },
      'gemini-2.5-flash',
    )
    expect(contents[2]?.parts.map((part) => Object.keys(part))).toEqual([['functionResponse'], ['functionResponse']])
    expect(contents[3]?.parts.map((part) => Object.keys(part))).toEqual([['text'], ['inlineData']])
  })

  it('pitfall 33: a call without a result gets one that says so, a result without a call is left out', () => {
    const { contents, warnings } = written({
      turns: [user(resultPart('gone')), assistant(callPart('1'), callPart('2')), user(resultPart('2'))],
    })
    expect(contents[0]).toMatchObject({ role: 'user' })
    expect(JSON.stringify(contents)).not.toContain('gone')
    expect(contents[2]?.parts).toMatchObject([
      { functionResponse: { id: '1', response: { error: expect.any(String) } } },
      { functionResponse: { id: '2', response: { output: 'done' } } },
    ])
    expect(warnings).toHaveLength(2)
  })

  it('pitfall 35: calls with empty text have no text part', () => {
    const { contents } = written({ turns: [user('a'), assistant('', callPart('1')), user(resultPart('1'))] })
    expect(contents[1]?.parts).toHaveLength(1)
  })

  it('a conversation without a user’s turn at its start gets one', () => {
    expect(written({ turns: [assistant('hi'), user('a')] }).contents[0]).toEqual({
      role: 'user',
      parts: [{ text: 'Begin.' }],
    })
    expect(written({ turns: [system('rule')] }).contents).toEqual([{ role: 'user', parts: [{ text: 'Begin.' }] }])
  })

  it('the same id in two turns is answered in each', () => {
    const { contents } = written({
      turns: [
        user('a'),
        assistant(callPart('1')),
        user(resultPart('1', 'first')),
        assistant(callPart('1')),
        user(resultPart('1', 'second')),
      ],
    })
    expect(contents[2]?.parts).toMatchObject([{ functionResponse: { response: { output: 'first' } } }])
    expect(contents[4]?.parts).toMatchObject([{ functionResponse: { response: { output: 'second' } } }])
  })

  it('pitfall 69: arguments that a cut answer left behind are wrapped and told', () => {
    const { contents, warnings } = written({
      turns: [user('a'), assistant(callPart('1', 'read', '{"path":')), user(resultPart('1'))],
    })
    expect(contents[1]?.parts[0]).toMatchObject({ functionCall: { args: { _raw: '{"path":' } } })
    expect(warnings).toHaveLength(1)
  })

  it.each(['', ' ', 'null', '{}'])('pitfall 9: arguments %j are none', (given) => {
    const { contents } = written({ turns: [user('a'), assistant(callPart('1', 'now', given)), user(resultPart('1'))] })
    expect(contents[1]?.parts[0]).toMatchObject({ functionCall: { name: 'now', args: {} } })
  })

  it('pitfall 58: a data URL with parameters becomes inline data', () => {
    const source = { kind: 'url', url: 'data:image/png;charset=utf-8;base64,AAAA' } as const
    const part: Part = { type: 'media', kind: 'image', mimeType: undefined, source }
    expect(written({ turns: [user(part)] }).contents[0]?.parts).toEqual([
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    ])
  })
})

describe('thought signatures', () => {
  const loop = (first: Part, second: Part) =>
    written({ turns: [user('a'), assistant(first, second), user(resultPart('1'), resultPart('2'))] }).contents[1]?.parts

  it('pitfall 45: in parallel calls only the first carries one', () => {
    const parts = loop({ ...callPart('1'), opaque: [mine] }, callPart('2'))
    expect(parts?.map((part) => part.thoughtSignature)).toEqual(['SIGNED', undefined])
  })

  it('pitfall 44: the state of another upstream never goes out; the documented placeholder stands in its place', () => {
    const parts = loop({ ...callPart('1'), opaque: [foreign] }, callPart('2'))
    expect(parts?.map((part) => part.thoughtSignature)).toEqual(['skip_thought_signature_validator', undefined])
    expect(JSON.stringify(parts)).not.toContain('OTHER')
  })

  it('pitfall 78: parallel calls replayed one by one get the placeholder each', () => {
    const { contents } = written({
      turns: [
        user('a'),
        assistant({ ...callPart('1'), opaque: [mine] }),
        user(resultPart('1')),
        assistant(callPart('2')),
        user(resultPart('2')),
      ],
    })
    expect([contents[1], contents[3]].map((content) => content?.parts[0]?.thoughtSignature)).toEqual([
      'SIGNED',
      'skip_thought_signature_validator',
    ])
  })

  it('older models get no placeholder', () => {
    const { contents } = written(
      { turns: [user('a'), assistant(callPart('1')), user(resultPart('1'))] },
      'gemini-2.5-pro',
    )
    expect(contents[1]?.parts[0]).not.toHaveProperty('thoughtSignature')
  })

  it('state that a client carried with the reasoning goes to the part that follows', () => {
    const parts = loop({ type: 'reasoning', text: 'hm', opaque: [mine] }, callPart('1'))
    expect(parts).toMatchObject([{ functionCall: { id: '1' }, thoughtSignature: 'SIGNED' }])
    expect(JSON.stringify(parts)).not.toContain('hm')
  })

  it('state that a client carried behind a text goes to that text', () => {
    const behind: Part = { type: 'reasoning', text: '', opaque: [mine] }
    const { contents } = written({ turns: [user('a'), assistant('b', behind), user('c')] })
    expect(contents[1]?.parts).toEqual([{ text: 'b', thoughtSignature: 'SIGNED' }])
  })

  it('state of a text stays with it', () => {
    const { contents } = written({
      turns: [user('a'), assistant({ type: 'text', text: 'b', opaque: [mine] }), user('c')],
    })
    expect(contents[1]?.parts).toEqual([{ text: 'b', thoughtSignature: 'SIGNED' }])
  })
})
