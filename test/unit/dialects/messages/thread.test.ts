import { describe, expect, test } from 'vitest'
import { messagesErrorBody } from '../../../../gateway/dialects/messages/error-body.ts'
import { readMessagesRequest } from '../../../../gateway/dialects/messages/read-request.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import type { JsonObject } from '../../../../gateway/model/json.ts'

const read = (more: JsonObject) => {
  const body = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hello' }], ...more }
  return readMessagesRequest({ body, url: {} } as unknown as Parameters<typeof readMessagesRequest>[0])
}

function refusalOf(more: JsonObject): GatewayError {
  try {
    read(more)
  } catch (error) {
    if (error instanceof GatewayError) return error
  }
  throw new Error('No refusal.')
}

describe('a conversation that Anthropic is to keep', () => {
  test.each([{ type: 'create' }, { type: 'continue', previous_message_id: 'msg_1' }])('%j is refused', (thread) => {
    expect(refusalOf({ thread })).toMatchObject({ code: 'unsupported_field', param: 'thread', status: 400 })
  })

  test("the refusal makes Anthropic's SDK send the whole conversation", () => {
    expect(messagesErrorBody(refusalOf({ thread: { type: 'create' } }), 'call')).toMatchObject({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
      },
    })
  })

  test('no thread is no thread', () => {
    expect(read({ thread: null }).turns).toHaveLength(1)
    const other = new GatewayError('unsupported_field', 'Another field.', { param: 'container' })
    expect(JSON.stringify(messagesErrorBody(other, 'call'))).not.toContain('thread_unsupported_request')
  })
})
