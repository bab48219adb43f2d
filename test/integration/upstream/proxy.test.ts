import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createUpstreamDispatcher, type UpstreamDispatcher } from '../../../gateway/upstream/dispatch.ts'
import { readProxySettings } from '../../../gateway/upstream/proxy-settings.ts'
import { type ProxyDouble, startProxy } from '../../doubles/proxy-server.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

// A self-signed certificate for `upstream.example`, of use to nobody but this test.
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'tls')
const certificate = readFileSync(join(fixtures, 'upstream-certificate.pem'), 'utf8')
const key = readFileSync(join(fixtures, 'upstream-key.pem'), 'utf8')

let upstream: Upstream
let proxy: ProxyDouble
let dispatcher: UpstreamDispatcher

beforeEach(async () => {
  upstream = await startUpstream()
  proxy = await startProxy(Number(new URL(upstream.origin).port))
  dispatcher = dispatcherThrough(proxy.host)
})

afterEach(async () => {
  await dispatcher.destroy()
  await proxy.close()
  await upstream.close()
})

function dispatcherThrough(host: string, trustSystem?: () => boolean): UpstreamDispatcher {
  const address = `http://someone:s3cret@${host}`
  const proxies = readProxySettings({ HTTPS_PROXY: address, HTTP_PROXY: address })
  return createUpstreamDispatcher(trustSystem === undefined ? { proxies } : { proxies, trustSystem })
}

/** `200 body`, or the sentence of the failure. */
function ask(url: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const headers = { 'content-type': 'application/json' }
    const body = Buffer.from('{"model":"m","messages":[]}')
    dispatcher.send(
      { method: 'POST', url, headers, body, connectMs: 5_000 },
      {
        onHead: (status) => (text += `${status} `),
        onData: (chunk) => (text += chunk.toString()),
        onEnd: () => resolve(text),
        onError: ({ kind, message }) => resolve(`${kind}: ${message}`),
      },
    )
  })
}

const credentials = `Basic ${Buffer.from('someone:s3cret').toString('base64')}`

describe('through a proxy', () => {
  test('plain HTTP is asked for by its whole address', async () => {
    expect(await ask('http://upstream.example/v1/chat/completions')).toContain('200 ')
    expect(proxy.asked).toEqual([
      { line: 'POST http://upstream.example/v1/chat/completions', authorization: credentials },
    ])
    expect(upstream.requests).toHaveLength(1)
  })

  test('TLS is tunnelled, and an authority that only the system knows is trusted when it is needed', async () => {
    const secure = createServer({ cert: certificate, key }, (_request, response) => response.end('from afar'))
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
    const before = tls.getCACertificates('default')
    const tunnel = await startProxy((secure.address() as AddressInfo).port)
    let trusted = 0
    dispatcher = dispatcherThrough(tunnel.host, () => {
      trusted += 1
      tls.setDefaultCACertificates([...before, certificate])
      return true
    })
    try {
      expect(await ask('https://upstream.example/v1/chat/completions')).toBe('200 from afar')
      expect(await ask('https://upstream.example/v1/chat/completions')).toBe('200 from afar')
      expect(trusted).toBe(1)
      expect(tunnel.asked[0]).toEqual({ line: 'CONNECT upstream.example:443', authorization: credentials })
    } finally {
      tls.setDefaultCACertificates(before)
      await dispatcher.destroy()
      await tunnel.close()
      secure.closeAllConnections()
      secure.close()
    }
  })

  test('this machine is asked straight', async () => {
    expect(await ask(`${upstream.url}/chat/completions`)).toContain('200 ')
    expect(proxy.asked).toEqual([])
  })
})

describe('a proxy that refuses is named without its credentials', () => {
  test.each([
    ['https', 403, 'refuses to connect to upstream.example (status 403)'],
    ['https', 407, 'asks for a user name and password'],
    ['http', 407, 'asks for a user name and password'],
  ])('%s, status %i', async (scheme, status, words) => {
    proxy.refuseWith(status)
    const failure = await ask(`${scheme}://upstream.example/v1/models`)
    expect(failure).toContain(`proxy: upstream.example: the proxy ${proxy.host} ${words}`)
    expect(failure).not.toContain('s3cret')
  })

  test('or that is not there', async () => {
    await proxy.close()
    const failure = await ask('https://upstream.example/v1/models')
    expect(failure).toBe(`proxy: upstream.example: the proxy ${proxy.host} refused the connection`)
  })
})
