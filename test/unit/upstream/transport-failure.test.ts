import { describe, expect, it } from 'vitest'
import { describeTransportFailure } from '../../../gateway/upstream/transport-failure.ts'

const coded = (code: string): Error => Object.assign(new Error('connect to https://user:secret@host failed'), { code })

describe('describeTransportFailure', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect_timeout'],
    ['ECONNRESET', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['HPE_INVALID_CONSTANT', 'invalid_response'],
    ['ESOMETHING', 'other'],
  ])('%s is %s', (code, kind) => {
    expect(describeTransportFailure(coded(code), 'host:1').kind).toBe(kind)
  })

  it('reads the first cause of a connection tried on several addresses, and nested causes', () => {
    expect(describeTransportFailure(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]), 'h').kind).toBe(
      'refused',
    )
    expect(describeTransportFailure(new Error('x', { cause: coded('ECONNRESET') }), 'h').kind).toBe('reset')
    expect(describeTransportFailure('text', 'h').kind).toBe('other')
  })

  it('shows the host and never the original message', () => {
    const { message } = describeTransportFailure(coded('ECONNREFUSED'), 'gpu-node:8000')
    expect(message).toBe('gpu-node:8000 refused the connection')
  })
})
