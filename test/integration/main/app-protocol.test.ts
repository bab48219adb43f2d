import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answerAppRequest } from '../../../main/security/app-protocol.ts'
import { contentSecurityPolicy } from '../../../gateway/contract/content-security-policy.ts'
import type { GatewayAddress } from '../../../main/security/forward-to-gateway.ts'

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => void

let folder: string
let server: Server
let handler: Handler
let gateway: GatewayAddress | undefined

const ask = (path: string, init: RequestInit & { initiatorOrigin?: string | null } = {}) => {
  const { initiatorOrigin, ...rest } = init
  const request = new Request(`app://ui${path}`, rest)
  if (initiatorOrigin !== undefined) Object.assign(request, { initiatorOrigin })
  return answerAppRequest(request, { uiDirectory: join(folder, 'ui'), gateway: () => gateway, fetch })
}
const errorOf = async (response: Response) => ((await response.json()) as { error: Record<string, unknown> }).error

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-ui-'))
  mkdirSync(join(folder, 'ui', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'ui', 'index.html'), '<!doctype html><title>Signalbox</title>')
  writeFileSync(join(folder, 'ui', 'assets', 'app.js'), 'export {}')
  writeFileSync(join(folder, 'ui', 'assets', 'app.js.map'), '{}')
  writeFileSync(join(folder, 'secret.txt'), 'not yours')
  writeFileSync(join(folder, 'ui-other.txt'), 'a neighbour whose name begins alike')
  server = createServer((incoming, outgoing) => handler(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  gateway = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, controlToken: 'control-1' }
})
afterEach(() => {
  handler = (_incoming, outgoing) => outgoing.end()
})

describe('the API through app://ui', () => {
  it('adds the control token and carries method, query and body, but nothing of the page', async () => {
    let seen: IncomingMessage | undefined
    let body = ''
    handler = (incoming, outgoing) => {
      seen = incoming
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
      incoming.on('end', () => {
        outgoing.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'a=b' })
        outgoing.end('{"ok":true}')
      })
    }
    const response = await ask('/api/routers/my%2Frouter/switch?x=1', {
      method: 'PUT',
      body: '{"mode":"off"}',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer from-the-page',
        cookie: 'c=d',
        'x-other': '1',
      },
      initiatorOrigin: 'app://ui',
    })
    expect(await response.json()).toEqual({ ok: true })
    expect(seen?.method).toBe('PUT')
    expect(seen?.url).toBe('/api/routers/my%2Frouter/switch?x=1')
    expect(body).toBe('{"mode":"off"}')
    expect(seen?.headers.authorization).toBe('Bearer control-1')
    expect(seen?.headers['content-type']).toBe('application/json')
    for (const name of ['cookie', 'origin', 'x-other', 'referer']) expect(seen?.headers[name]).toBeUndefined()
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
  })

  it('keeps the status and the error of the gateway', async () => {
    handler = (_incoming, outgoing) => outgoing.writeHead(404).end('{"error":{"code":"not_found"}}')
    const response = await ask('/api/requests/none')
    expect(response.status).toBe(404)
    expect(await errorOf(response)).toEqual({ code: 'not_found' })
  })

  it('gives each event to the page when it comes, not at the end', async () => {
    let finish: () => void = () => undefined
    handler = (_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
      outgoing.write('data: 1\n\n')
      finish = () => outgoing.end('data: 2\n\n')
    }
    const response = await ask('/api/events')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const first = await reader.read()
    expect(Buffer.from(first.value as Uint8Array).toString()).toBe('data: 1\n\n')
    finish()
    const second = await reader.read()
    expect(Buffer.from(second.value as Uint8Array).toString()).toBe('data: 2\n\n')
    expect((await reader.read()).done).toBe(true)
  })

  const endless = () => {
    const closed = Promise.withResolvers<void>()
    handler = (_incoming, outgoing) => {
      outgoing.on('close', () => closed.resolve())
      outgoing.writeHead(200).write('x')
    }
    return closed.promise
  }

  it('ends the stream at the gateway when the page aborts', async () => {
    const closed = endless()
    const abort = new AbortController()
    await ask('/api/events', { signal: abort.signal })
    abort.abort()
    await closed
  })

  it('ends the stream at the gateway when the page drops the body', async () => {
    const closed = endless()
    const response = await ask('/api/events')
    await response.body?.cancel()
    await closed
  })

  it('answers 503 in our shape while the gateway is not running, and when it does not answer', async () => {
    gateway = undefined
    const stopped = await ask('/api/status')
    expect(stopped.status).toBe(503)
    expect(await errorOf(stopped)).toEqual({
      message: 'The gateway is not running. Start it in the tray menu.',
      type: 'service_unavailable',
      param: null,
      code: 'backend_unavailable',
    })
    gateway = { url: 'http://127.0.0.1:1', controlToken: 'x' }
    expect((await ask('/api/status')).status).toBe(503)
  })

  it('does not follow a redirect: the token goes to the gateway only', async () => {
    let calls = 0
    handler = (_incoming, outgoing) => {
      calls += 1
      outgoing.writeHead(302, { location: '/api/elsewhere' }).end()
    }
    expect((await ask('/api/status')).status).toBe(302)
    expect(calls).toBe(1)
  })

  it('cannot be led to another host by the path', async () => {
    const asked: string[] = []
    handler = (incoming, outgoing) => {
      asked.push(incoming.url ?? '')
      outgoing.end()
    }
    await ask('/api/..//evil.example/x')
    await ask('/api/@evil.example/')
    expect(asked).toEqual(['/api/@evil.example/'])
  })

  it.each(['https://evil.example', 'null', 'app://other'])('refuses a request made by %s', async (origin) => {
    let calls = 0
    handler = (_incoming, outgoing) => {
      calls += 1
      outgoing.end()
    }
    expect((await ask('/api/status', { initiatorOrigin: origin })).status).toBe(403)
    expect(calls).toBe(0)
  })
})

describe('the interface through app://ui', () => {
  it('serves the page and its files with the policy', async () => {
    const page = await ask('/')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(await page.text()).toContain('Signalbox')
    const script = await ask('/assets/app.js')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await (await ask('/', { method: 'HEAD' })).text()).toBe('')
  })

  it('opens while the gateway is down', async () => {
    gateway = undefined
    expect((await ask('/')).status).toBe(200)
  })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%2e%2e%2fui-other.txt',
    '/%00',
    '/%E0%A4%A',
    '/assets',
    '/assets/',
    '/assets/app.js.map',
    '/missing.js',
  ])('does not serve %s', async (path) => {
    const response = await ask(path)
    expect(response.status).toBe(404)
    expect(await response.text()).not.toContain('not yours')
  })

  it('takes no other method on a file and no other host', async () => {
    expect((await ask('/', { method: 'POST', body: 'x' })).status).toBe(405)
    const options = { uiDirectory: join(folder, 'ui'), gateway: () => gateway, fetch }
    expect((await answerAppRequest(new Request('app://other/'), options)).status).toBe(404)
  })
})
