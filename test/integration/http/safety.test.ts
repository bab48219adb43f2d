import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatBody, controlToken, type Harness, masterKey, send, sendRaw, startHarness, testConfig } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ receiveTimeouts: { headersMs: 300, requestMs: 600, checkEveryMs: 50 } })
})
afterAll(() => harness.close())

const models = (headers: Record<string, string>) => send(harness.port, { path: '/v1/models', key: masterKey, headers })

describe('Host', () => {
  it.each([
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
    '0.0.0.0',
    '[::2]',
    '',
  ])('refuses %j, with a valid key and on every route', async (host) => {
    for (const path of ['/v1/models', '/api/status', '/ui/', '/', '/health/readiness', '/no-such-route']) {
      const answer = await send(harness.port, { path, key: masterKey, headers: { host } })
      expect([path, answer.status, answer.json().error.code]).toEqual([path, 403, 'foreign_host'])
    }
  })

  it.each(['localhost', 'LOCALHOST:9', '127.0.0.1', '127.9.8.7:4000', '[::1]:4000', 'signalbox.localhost'])(
    'takes %s',
    async (host) => {
      expect((await models({ host })).status).toBe(200)
    },
  )

  it('refuses a request without a Host, and one with two', async () => {
    const old = await sendRaw(harness.port, `GET /v1/models HTTP/1.0\r\nauthorization: Bearer ${masterKey}\r\n\r\n`)
    expect([old.status, old.json().error.code]).toEqual([403, 'foreign_host'])
    const none = await sendRaw(harness.port, 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n')
    expect(none.status).toBe(400)
    const two = await sendRaw(
      harness.port,
      'GET /api/hello HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nconnection: close\r\n\r\n',
    )
    expect([two.status, two.json().error.code]).toEqual([403, 'foreign_host'])
  })

  it('judges the authority of an absolute-form target too', async () => {
    const foreign = await send(harness.port, { path: 'http://evil.example/v1/models', key: masterKey })
    expect([foreign.status, foreign.json().error.code]).toEqual([403, 'foreign_host'])
    const own = await send(harness.port, { path: `http://127.0.0.1:${harness.port}/v1/models`, key: masterKey })
    expect(own.status).toBe(200)
  })

  it('takes declared hosts, and host.docker.internal only by its switch, from the configuration in effect', async () => {
    const docker = { host: 'host.docker.internal:4000' }
    expect((await models(docker)).status).toBe(403)
    const before = harness.config
    harness.config = testConfig({
      signalbox: { ...before.signalbox, allowDockerHost: true, allowedHosts: ['box.lan', 'other.lan:8080'] },
    })
    try {
      expect((await models(docker)).status).toBe(200)
      expect((await models({ host: 'box.lan:1234' })).status).toBe(200)
      expect((await models({ host: 'other.lan:8080' })).status).toBe(200)
      expect((await models({ host: 'other.lan' })).status).toBe(403)
    } finally {
      harness.config = before
    }
  })
})

describe('Origin and Sec-Fetch-Site', () => {
  const attempts = ['http://evil.example', 'null', 'http://127.0.0.1:5173', 'https://127.0.0.1', 'file://', 'app://ui']

  it.each(attempts)('refuses the origin %s on every route but the static interface', async (origin) => {
    for (const path of ['/v1/models', '/api/status', '/', '/health/liveliness', '/no-such-route']) {
      const answer = await send(harness.port, { path, key: controlToken, headers: { origin } })
      expect([path, answer.status, answer.json().error.code]).toEqual([path, 403, 'foreign_origin'])
    }
    expect((await send(harness.port, { path: '/ui/', headers: { origin } })).status).not.toBe(403)
  })

  it('takes its own origin', async () => {
    expect((await models({ origin: `http://127.0.0.1:${harness.port}` })).status).toBe(200)
  })

  it('takes no second Origin beside its own', async () => {
    const own = `http://127.0.0.1:${harness.port}`
    const answer = await sendRaw(
      harness.port,
      `GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1:${harness.port}\r\norigin: ${own}\r\norigin: http://evil.example\r\nsec-fetch-site: same-origin\r\nsec-fetch-site: cross-site\r\nauthorization: Bearer ${masterKey}\r\nconnection: close\r\n\r\n`,
    )
    expect(answer.status).toBe(403)
  })

  it.each([
    ['cross-site', 403],
    ['same-site', 403],
    ['anything', 403],
    ['same-origin', 200],
    ['none', 200],
  ])('Sec-Fetch-Site %s gives %i', async (site, status) => {
    expect((await models({ 'sec-fetch-site': site })).status).toBe(status)
    const page = await send(harness.port, { path: '/ui/', headers: { 'sec-fetch-site': site } })
    expect(page.status).not.toBe(403)
  })

  it('answers no preflight', async () => {
    const answer = await send(harness.port, {
      method: 'OPTIONS',
      path: '/v1/chat/completions',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(answer.status).toBe(403)
    const bare = await send(harness.port, { method: 'OPTIONS', path: '/v1/chat/completions' })
    expect([bare.status, bare.headers.allow]).toEqual([405, 'POST'])
    for (const headers of [answer.headers, bare.headers]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(headers['set-cookie']).toBeUndefined()
    }
  })
})

describe('content types', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'application/jsonp',
    '',
  ])('refuses a body of type %j', async (type) => {
    const answer = await send(harness.port, {
      path: '/v1/chat/completions',
      key: masterKey,
      body: chatBody,
      headers: { 'content-type': type },
    })
    expect([answer.status, answer.json().error.code]).toEqual([415, 'unsupported_media_type'])
  })

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/problem+json'])(
    'takes %s',
    async (type) => {
      const answer = await send(harness.port, {
        path: '/v1/chat/completions',
        key: masterKey,
        body: chatBody,
        headers: { 'content-type': type },
      })
      expect(answer.status).toBe(200)
    },
  )

  it('refuses a body without a type, chunked too', async () => {
    const text = JSON.stringify(chatBody)
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${masterKey}\r\nconnection: close\r\n`
    const plain = await sendRaw(harness.port, `${head}content-length: ${text.length}\r\n\r\n${text}`)
    const chunked = await sendRaw(
      harness.port,
      `${head}transfer-encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`,
    )
    expect([plain.status, chunked.status]).toEqual([415, 415])
  })
})

describe('limits', () => {
  const head = () =>
    `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${masterKey}\r\ncontent-type: application/json\r\n`
  const limit = 1024 * 1024

  it('answers a body that is declared too long with 413, without a reset', async () => {
    const answer = await sendRaw(harness.port, [
      `${head()}content-length: ${limit * 8}\r\n\r\n`,
      Buffer.alloc(limit * 8, 0x20),
    ])
    expect([answer.status, answer.json().error.code]).toEqual([413, 'body_too_large'])
    expect(answer.headers.connection).toBe('close')
    expect(answer.json().error.message).toContain('1 MB')
  })

  it('answers a chunked body that grows too long with 413', async () => {
    const chunk = Buffer.concat([Buffer.from('80000\r\n'), Buffer.alloc(0x80000, 0x20), Buffer.from('\r\n')])
    const answer = await sendRaw(harness.port, [
      `${head()}transfer-encoding: chunked\r\n\r\n`,
      chunk,
      chunk,
      chunk,
      '0\r\n\r\n',
    ])
    expect(answer.status).toBe(413)
  })

  it('takes a chunked body up to the limit, byte for byte', async () => {
    const text = JSON.stringify({ ...chatBody, padding: 'é'.repeat(1000) })
    const bytes = Buffer.from(text)
    const half = 700
    const chunk = (part: Buffer) => [`${part.length.toString(16)}\r\n`, part, '\r\n']
    const answer = await sendRaw(harness.port, [
      `${head()}connection: close\r\ntransfer-encoding: chunked\r\n\r\n`,
      ...chunk(bytes.subarray(0, half)),
      ...chunk(bytes.subarray(half)),
      '0\r\n\r\n',
    ])
    expect(answer.status).toBe(200)
    expect(harness.relayed.at(-1)?.body.equals(bytes)).toBe(true)
  })

  it('follows a limit that changes while it runs', async () => {
    const before = harness.config
    harness.config = testConfig({ signalbox: { ...before.signalbox, bodyLimitBytes: 20 } })
    const answer = await send(harness.port, { path: '/v1/chat/completions', key: masterKey, body: chatBody })
    harness.config = before
    expect(answer.status).toBe(413)
  })

  it('takes little from those who show no key', async () => {
    const body = { code: 'x'.repeat(20_000) }
    const answer = await send(harness.port, { path: '/api/session', body })
    expect([answer.status, answer.json().error.code]).toEqual([413, 'body_too_large'])
    expect(answer.json().error.message).toContain('16 kB')
  })

  it('goes on when a client leaves in the middle of its body', async () => {
    const before = harness.relayed.length
    await new Promise<void>((resolve) => {
      const socket = connect(harness.port, '127.0.0.1', () => {
        socket.write(`${head()}content-length: 500\r\n\r\n{"model"`, () => socket.destroy())
      })
      socket.on('close', () => resolve())
    })
    expect((await models({})).status).toBe(200)
    expect(harness.relayed.length).toBe(before)
    expect(harness.logged).toEqual([])
  })

  it('answers headers beyond 64 kB with 431', async () => {
    const answer = await send(harness.port, { headers: { 'x-long': 'x'.repeat(70_000) } })
    expect([answer.status, answer.json().error.code]).toEqual([431, 'headers_too_large'])
  })

  it('takes headers of 50 kB', async () => {
    expect((await models({ 'x-long': 'x'.repeat(50_000) })).status).toBe(200)
  })

  it('ends a request whose headers or body do not arrive', async () => {
    const headers = await sendRaw(harness.port, 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ')
    expect(headers.status).toBe(408)
    const body = await sendRaw(harness.port, `${head()}content-length: 100\r\n\r\n{`)
    expect(body.status).toBe(408)
  })
})

describe('what is not HTTP', () => {
  it('never lands in the midst of another answer', async () => {
    const { carry } = harness
    harness.carry = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: begun\n\n')
    }
    const text = JSON.stringify(chatBody)
    const request = `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${masterKey}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`
    const received = await new Promise<string>((resolve) => {
      let seen = ''
      const socket = connect(harness.port, '127.0.0.1', () => socket.write(request))
      socket.on('data', (chunk) => {
        if (seen === '') socket.write('not http at all\r\n\r\n')
        seen += chunk.toString()
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(seen))
    })
    harness.carry = carry
    expect(received).toContain('data: begun')
    expect(received).not.toContain('400')
  })

  it.each([
    'this is not http\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\r\n\r\n',
    'FOO / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n',
  ])('answers %j with 400 in JSON and goes on', async (text) => {
    const answer = await sendRaw(harness.port, text)
    expect([answer.status, answer.json().error.code]).toEqual([400, 'invalid_http'])
    expect((await models({})).status).toBe(200)
  })

  it('refuses conflicting lengths, the tool of request smuggling', async () => {
    const answer = await sendRaw(
      harness.port,
      'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    )
    expect(answer.status).toBe(400)
  })
})

describe('bound wider than loopback', () => {
  it("takes the machine's own addresses and still no foreign name", async () => {
    const wide = await startHarness({}, { host: '0.0.0.0' })
    try {
      expect(wide.url).toBe(`http://127.0.0.1:${wide.port}`)
      const { networkInterfaces } = await import('node:os')
      const own = Object.values(networkInterfaces())
        .flatMap((entries) => entries ?? [])
        .find((entry) => entry.family === 'IPv4' && !entry.internal)
      if (own !== undefined) {
        const host = { host: `${own.address}:${wide.port}` }
        expect((await send(wide.port, { path: '/v1/models', key: masterKey, headers: host })).status).toBe(200)
        expect((await models(host)).status).toBe(403)
      }
      const foreign = await send(wide.port, { path: '/v1/models', key: masterKey, headers: { host: '192.0.2.77' } })
      expect(foreign.status).toBe(403)
    } finally {
      await wide.close()
    }
  })
})
