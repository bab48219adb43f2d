import { describe, expect, it } from 'vitest'
import { dialectOfPath, errorBody, errorHeaders } from '../../../gateway/http/error-body.ts'
import { type ErrorCode, errorCatalogue, GatewayError } from '../../../gateway/model/errors.ts'

describe('the dialect of a path', () => {
  it.each([
    ['/v1/messages', 'messages'],
    ['/v1/messages/count_tokens', 'messages'],
    ['/v1/v1/messages', 'messages'],
    ['/v1/messagesx', 'chat-completions'],
    ['/v1beta/models/x:generateContent', 'gemini'],
    ['/v1/responses', 'responses'],
    ['/responses', 'responses'],
    ['/v1/chat/completions', 'chat-completions'],
    ['/anything', 'chat-completions'],
  ])('%s is %s', (path, dialect) => expect(dialectOfPath(path)).toBe(dialect))
})

describe('error bodies', () => {
  const error = new GatewayError('rate_limited', 'Wait.', { retryAfterMs: 1200, param: 'model' })

  it('speak OpenAI', () => {
    expect(errorBody(error, 'chat-completions', 'id')).toEqual({
      error: { message: 'Wait.', type: 'rate_limit_error', param: 'model', code: 'rate_limited' },
    })
  })

  it('speak Anthropic', () => {
    expect(errorBody(error, 'messages', 'id')).toEqual({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'Wait.', code: 'rate_limited', param: 'model' },
      request_id: 'id',
    })
  })

  it('speak Google', () => {
    expect(errorBody(error, 'gemini', 'id')).toMatchObject({
      error: {
        code: 429,
        message: 'Wait.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ reason: 'rate_limited' }, { retryDelay: '2s' }],
      },
    })
  })
})

describe('error headers', () => {
  it('tell how long to wait, seconds rounded up', () => {
    const error = new GatewayError('rate_limited', 'Wait.', { retryAfterMs: 1200 })
    expect(errorHeaders(error)).toEqual({ 'retry-after': '2', 'retry-after-ms': '1200' })
  })

  it('say for every code whether waiting can cure it', () => {
    for (const code of Object.keys(errorCatalogue) as ErrorCode[]) {
      const headers = errorHeaders(new GatewayError(code, 'x'))
      expect([code, headers['x-should-retry']]).toEqual([code, errorCatalogue[code].retry ? undefined : 'false'])
      expect([code, headers['www-authenticate']]).toEqual([
        code,
        errorCatalogue[code].status === 401 ? 'Bearer' : undefined,
      ])
    }
  })
})
