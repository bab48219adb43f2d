import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GuardedRequest, type GuardSettings, judgeRequest } from '../../../gateway/http/guard.ts'
import { isAddress, isLoopbackName, parseHost } from '../../../gateway/http/host-name.ts'

const closed: GuardSettings = {
  signalbox: { allowedHosts: [], allowDockerHost: false },
  boundWider: false,
  isOwnAddress: () => true,
}

function judge(request: Partial<GuardedRequest>, settings: GuardSettings = closed) {
  const full = { method: 'GET', target: '/v1/models', headers: { host: '127.0.0.1:4000' }, hostCount: 1, ...request }
  return judgeRequest(full, 'llm', settings)?.code
}

describe('parseHost', () => {
  it.each([
    ['localhost', { name: 'localhost', port: undefined }],
    ['LocalHost:4000', { name: 'localhost', port: 4000 }],
    ['[::1]:80', { name: '::1', port: 80 }],
    ['[::1]', { name: '::1', port: undefined }],
    ['a-b.example_c:65535', { name: 'a-b.example_c', port: 65_535 }],
  ])('%s', (text, expected) => expect(parseHost(text)).toEqual(expected))

  it.each([
    '',
    ' ',
    ':80',
    'a b',
    'a:b',
    'a:99999',
    'a:1:2',
    '::1',
    'user@127.0.0.1',
    '127.0.0.1/x',
    '[::1',
    'a\t',
    'ä',
  ])('refuses %j', (text) => expect(parseHost(text)).toBeUndefined())

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseHost(text) !== 'string'))
  })
})

describe('isLoopbackName', () => {
  it('holds for all of 127.0.0.0/8 and nothing beside it', () => {
    const byte = fc.nat(255)
    fc.assert(
      fc.property(byte, byte, byte, byte, (first, second, third, fourth) => {
        expect(isLoopbackName(`${first}.${second}.${third}.${fourth}`)).toBe(first === 127)
      }),
    )
  })

  it.each([
    '127.0.0.256',
    '127.0.0',
    '127.1',
    '127.0.0.01x',
    '127.0.0.1.',
    '127.0.0.1.evil',
    'localhost.evil',
    'xlocalhost',
    '::2',
    '',
  ])('not for %j', (name) => expect(isLoopbackName(name)).toBe(false))

  it('tells addresses from names', () => {
    expect(['10.0.0.1', 'fe80::1', 'box.lan', 'localhost'].map(isAddress)).toEqual([true, true, false, false])
  })
})

describe('judgeRequest', () => {
  it('refuses every host that is no loopback name, whatever else the request says', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,12}$/u)
    fc.assert(
      fc.property(label, label, (first, second) => {
        fc.pre(second !== 'localhost')
        expect(judge({ headers: { host: `${first}.${second}` } })).toBe('foreign_host')
      }),
    )
  })

  it('refuses every origin but its own', () => {
    fc.assert(
      fc.property(fc.webUrl(), (origin) => {
        fc.pre(origin !== 'http://127.0.0.1:4000')
        expect(judge({ headers: { host: '127.0.0.1:4000', origin } })).toBe('foreign_origin')
      }),
    )
    expect(judge({ headers: { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000' } })).toBeUndefined()
  })

  it('takes https of its own name only behind a declared host', () => {
    const headers = { host: 'box.lan', origin: 'https://box.lan' }
    const declared = { ...closed, signalbox: { allowedHosts: ['box.lan'], allowDockerHost: false } }
    expect(judge({ headers }, declared)).toBeUndefined()
    expect(judge({ headers: { host: '127.0.0.1:4000', origin: 'https://127.0.0.1:4000' } }, declared)).toBe(
      'foreign_origin',
    )
  })

  it('asks for own addresses only when bound wider, and for addresses only', () => {
    const asked: string[] = []
    const wide: GuardSettings = {
      ...closed,
      boundWider: true,
      isOwnAddress: (address) => {
        asked.push(address)
        return address === '10.1.2.3'
      },
    }
    expect(judge({ headers: { host: '10.1.2.3:4000' } }, wide)).toBeUndefined()
    expect(judge({ headers: { host: '10.9.9.9:4000' } }, wide)).toBe('foreign_host')
    expect(judge({ headers: { host: 'box.lan' } }, wide)).toBe('foreign_host')
    expect(judge({ headers: { host: '10.1.2.3:4000' } })).toBe('foreign_host')
    expect(asked).toEqual(['10.1.2.3', '10.9.9.9'])
  })

  it.each([
    'http://evil.example/v1/models',
    'https://evil.example',
    'evil.example:80',
    '*',
    'http://user@127.0.0.1/',
    'ftp://127.0.0.1/',
  ])('refuses the target %s', (target) => expect(judge({ target })).toBe('foreign_host'))

  it('lets only GET and HEAD of the static interface past the origin', () => {
    const headers = { host: 'localhost', origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }
    const request = { target: '/ui/', headers, hostCount: 1 }
    expect(judgeRequest({ ...request, method: 'GET' }, 'ui', closed)).toBeUndefined()
    expect(judgeRequest({ ...request, method: 'POST' }, 'ui', closed)?.code).toBe('foreign_origin')
  })

  it.each([
    ['application/json', undefined],
    ['application/json;charset=utf-8', undefined],
    ['application/vnd.api+json ; v=1', undefined],
    ['application/jsonx', 'unsupported_media_type'],
    ['text/plain; a=application/json', 'unsupported_media_type'],
    ['application/x+xml', 'unsupported_media_type'],
    ['text/plain, application/json', 'unsupported_media_type'],
  ])('judges the content type %s of a body', (type, code) => {
    const headers = { host: 'localhost', 'content-type': type, 'content-length': '2' }
    expect(judge({ method: 'POST', headers })).toBe(code)
  })

  it.each([
    ['multipart/form-data; boundary=x', undefined],
    ['application/json', undefined],
    ['multipart/mixed; boundary=x', 'unsupported_media_type'],
    ['application/x-www-form-urlencoded', 'unsupported_media_type'],
    ['text/plain', 'unsupported_media_type'],
  ])('judges the content type %s of an upload', (type, code) => {
    const headers = { host: 'localhost', 'content-type': type, 'content-length': '2' }
    const request = { method: 'POST', target: '/v1/files', headers, hostCount: 1 }
    expect(judgeRequest(request, 'llm', closed, true)?.code).toBe(code)
    expect(judgeRequest(request, 'llm', closed)?.code).toBe(
      type === 'application/json' ? undefined : 'unsupported_media_type',
    )
    const foreign = { ...request, headers: { ...headers, origin: 'http://evil.example' } }
    expect(judgeRequest(foreign, 'llm', closed, true)?.code).toBe('foreign_origin')
    const ownPort = { ...request, headers: { ...headers, 'sec-fetch-site': 'same-site' } }
    expect(judgeRequest(ownPort, 'llm', closed, true)?.code).toBe('foreign_origin')
  })

  it.each([
    ['gzip', 'unsupported_media_type'],
    ['zstd', 'unsupported_media_type'],
    ['identity', undefined],
  ])('judges the encoding %s of a body', (encoding, code) => {
    const body = { 'content-type': 'application/json', 'content-length': '2', 'content-encoding': encoding }
    expect(judge({ method: 'POST', headers: { host: 'localhost', ...body } })).toBe(code)
  })

  it('needs no content type without a body', () => {
    expect(judge({ method: 'POST', headers: { host: 'localhost', 'content-length': '0' } })).toBeUndefined()
    expect(judge({ method: 'POST', headers: { host: 'localhost' } })).toBeUndefined()
  })

  it('quotes nothing unprintable and nothing long from the request', () => {
    const host = `${'x'.repeat(500)}\u0007`
    const refusal = judgeRequest({ method: 'GET', target: '/', headers: { host }, hostCount: 1 }, 'open', closed)
    expect(refusal?.message.length).toBeLessThan(300)
    expect(refusal?.message).not.toContain('\u0007')
  })
})
