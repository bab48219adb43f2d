import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../gateway/model/errors.ts'
import { inClientWords } from '../../../gateway/relay/client-words.ts'

const refusal = (param: string): GatewayError =>
  new GatewayError('unsupported_field', `It takes no "${param}".`, { param, retryAfterMs: 5 })

describe('a refusal in the words of the client', () => {
  it.each([
    ['messages', 'gemini', {}, 'contents'],
    ['messages', 'responses', { input: 'x' }, 'input'],
    ['messages[0].content', 'gemini', { contents: [] }, 'contents'],
    ['messages', 'messages', { messages: [] }, 'messages'],
    ['messages', 'chat-completions', { prompt: 'x' }, 'prompt'],
    ['file_id', 'chat-completions', { messages: [] }, 'messages'],
    ['n', 'gemini', { contents: [] }, 'generationConfig.candidateCount'],
    ['max_tokens', 'responses', { input: 'x' }, 'max_output_tokens'],
    // It stands in the request under this very name.
    ['audio', 'chat-completions', { audio: {} }, 'audio'],
    ['hologram', 'gemini', { contents: [] }, 'contents'],
    ['a part', 'messages', { messages: [] }, 'messages'],
    ['seed', 'gemini', { generationConfig: { seed: 1 } }, 'generationConfig.seed'],
    ['top_k', 'gemini', { generationConfig: { topK: 1 } }, 'generationConfig.topK'],
    ['verbosity', 'responses', { input: 'x', text: { verbosity: 'low' } }, 'text.verbosity'],
  ] as const)('%s to %s is %s', (param, dialect, body, expected) => {
    const told = inClientWords(refusal(param), dialect, body as never)
    expect(told).toMatchObject({ param: expected, code: 'unsupported_field', status: 400, retryAfterMs: 5 })
    // Words that stand nowhere in the request, such as a kind of part, stay as they are.
    const isKind = ['file_id', 'hologram', 'a part'].includes(param)
    const isPath = param.includes('[')
    expect(told.message).toBe(`It takes no "${isKind || isPath ? param : expected}".`)
  })

  it('an error about no field stays as it is', () => {
    const error = new GatewayError('upstream_error', 'x')
    expect(inClientWords(error, 'gemini', {})).toBe(error)
  })
})
