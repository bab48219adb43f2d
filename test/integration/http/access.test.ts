import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatBody, controlToken, type Harness, masterKey, send, startHarness } from './harness.ts'

let harness: Harness
const keys: Record<string, string | undefined> = { none: undefined, master: masterKey, control: controlToken }

beforeAll(async () => {
  harness = await startHarness()
  const store = harness.dependencies.keys
  keys.virtual = (await store.create({ alias: 'v' })).key
  keys.management = (await store.create({ alias: 'm', kind: 'management' })).key
  keys.session = harness.dependencies.sessions.exchange(harness.dependencies.sessions.issueCode())
})
afterAll(() => harness.close())

const kinds = ['none', 'virtual', 'management', 'master', 'control', 'session'] as const

/** Expected status by kind of key, in the order of `kinds`. Missing key: 401; wrong kind: 403. */
const table: readonly [string, number, number, number, number, number, number, unknown?][] = [
  ['GET /', 200, 200, 200, 200, 200, 200],
  ['GET /api/hello', 200, 200, 200, 200, 200, 200],
  ['GET /health/liveliness', 200, 200, 200, 200, 200, 200],
  ['GET /health/liveness', 200, 200, 200, 200, 200, 200],
  ['GET /health/readiness', 200, 200, 200, 200, 200, 200],
  ['POST /v1/chat/completions', 401, 200, 200, 200, 403, 403, chatBody],
  ['POST /chat/completions', 401, 200, 200, 200, 403, 403, chatBody],
  ['GET /v1/models', 401, 200, 200, 200, 403, 403],
  ['GET /models', 401, 200, 200, 200, 403, 403],
  ['POST /v1/embeddings', 401, 400, 400, 400, 403, 403, {}],
  ['GET /key/list', 401, 403, 200, 200, 200, 200],
  ['POST /key/generate', 401, 403, 200, 200, 200, 200, {}],
  ['GET /spend/logs', 401, 403, 200, 200, 200, 200],
  ['GET /model/info', 401, 403, 200, 200, 200, 200],
  ['GET /v1/model/info', 401, 403, 200, 200, 200, 200],
  ['GET /health', 401, 403, 200, 200, 200, 200],
  ['GET /api/status', 401, 403, 200, 200, 200, 200],
  ['GET /api/requests', 401, 403, 200, 200, 200, 200],
  ['GET /api/routers', 401, 403, 200, 200, 200, 200],
  ['GET /api/keys', 401, 403, 200, 200, 200, 200],
  ['GET /api/spend', 401, 403, 200, 200, 200, 200],
  ['POST /api/route/explain', 401, 403, 200, 200, 200, 200, { body: chatBody }],
  ['PUT /api/routers/smart/switch', 401, 403, 403, 403, 200, 200, { mode: 'auto' }],
  ['POST /api/ui-link', 401, 403, 403, 403, 200, 200],
  ['GET /api/master-key', 401, 403, 403, 403, 200, 200],
  ['POST /api/keys', 401, 403, 403, 403, 200, 200, {}],
  ['DELETE /api/keys/none', 401, 403, 403, 403, 404, 404],
  ['GET /openapi.json', 401, 200, 200, 200, 200, 200],
]

describe('every kind of key on every class of route', () => {
  it.each(table)('%s', async (route, ...expected) => {
    const [method = 'GET', path = '/'] = route.split(' ')
    const body = expected[6]
    for (const [index, kind] of kinds.entries()) {
      const key = keys[kind]
      const answer = await send(harness.port, {
        method,
        path,
        ...(key && { key }),
        ...(body !== undefined && { body }),
      })
      expect([kind, answer.status]).toEqual([kind, expected[index]])
      if (answer.status === 401) expect(answer.json().error.code).toBe('missing_key')
      if (answer.status === 403) expect(answer.json().error.code).toBe('not_allowed')
    }
  })

  it('guards every registered route: one without a key class cannot exist', async () => {
    const document = (await send(harness.port, { path: '/openapi.json', key: masterKey })).json() as unknown as {
      paths: Record<string, Record<string, { security: unknown[] }>>
    }
    const open = Object.entries(document.paths)
      .filter(([, methods]) => Object.values(methods).some((operation) => operation.security.length === 0))
      .map(([path]) => path)
    expect(open.toSorted()).toEqual(
      [
        '/',
        '/api/hello',
        '/api/session',
        '/health/liveliness',
        '/health/liveness',
        '/health/readiness',
        '/ui',
        '/ui/{path}',
      ].toSorted(),
    )
  })
})

describe('where a key is read from', () => {
  it.each(['x-api-key', 'api-key', 'x-goog-api-key', 'x-litellm-api-key'])('%s', async (header) => {
    const answer = await send(harness.port, { path: '/v1/models', headers: { [header]: masterKey } })
    expect(answer.status).toBe(200)
  })

  it('never from the query', async () => {
    for (const query of [`key=${masterKey}`, `api_key=${masterKey}`]) {
      const answer = await send(harness.port, { path: `/v1/models?${query}` })
      expect(answer.status).toBe(401)
      expect(answer.json().error.message).toContain('Authorization: Bearer')
      expect(answer.headers['www-authenticate']).toBe('Bearer')
      expect(answer.headers['x-should-retry']).toBe('false')
    }
  })

  it('takes our Bearer beside a foreign x-api-key, and our x-api-key behind a foreign Bearer', async () => {
    const foreign = 'sk-ant-api03-the-users-own-key'
    const first = await send(harness.port, { path: '/v1/models', key: masterKey, headers: { 'x-api-key': foreign } })
    const second = await send(harness.port, { path: '/v1/models', key: foreign, headers: { 'x-api-key': masterKey } })
    expect([first.status, second.status]).toEqual([200, 200])
  })

  it('names an unknown key by its last four characters only', async () => {
    const answer = await send(harness.port, { path: '/v1/models', key: 'sk-unknown-secret-part-wxyz' })
    expect(answer.status).toBe(401)
    expect(answer.json().error.code).toBe('invalid_key')
    expect(answer.body).toContain('wxyz')
    expect(answer.body).not.toContain('secret-part')
  })
})

describe('keys made and revoked', () => {
  it('refuses an expired key with 401', async () => {
    const store = harness.dependencies.keys
    const expired = await store.create({ lifetimeMs: 1 })
    await new Promise((resolve) => setTimeout(resolve, 5))
    const answer = await send(harness.port, { path: '/v1/models', key: expired.key })
    expect([answer.status, answer.json().error.code]).toEqual([401, 'expired_key'])
  })

  it('a deleted key stops answering at once', async () => {
    const made = (
      await send(harness.port, { path: '/api/keys', key: controlToken, body: { alias: 'short-lived' } })
    ).json() as unknown as { key: string; view: { id: string } }
    expect((await send(harness.port, { path: '/v1/models', key: made.key })).status).toBe(200)
    const deleted = await send(harness.port, { method: 'DELETE', path: `/api/keys/${made.view.id}`, key: controlToken })
    expect(deleted.status).toBe(200)
    expect((await send(harness.port, { path: '/v1/models', key: made.key })).status).toBe(401)
    expect(harness.rows.has(made.view.id)).toBe(false)
  })

  it('keeps no secret: neither in the rows nor in any list', async () => {
    const made = (
      await send(harness.port, {
        path: '/key/generate',
        key: masterKey,
        body: { key_alias: 'canary', duration: '30d' },
      })
    ).json() as unknown as { key: string; expires: string; token: string }
    expect(made.key).toMatch(/^sk-[\w-]{43}$/u)
    expect(Date.parse(made.expires) - Date.now()).toBeGreaterThan(29 * 86_400_000)
    const lists = await Promise.all(
      ['/key/list?return_full_object=true', '/api/keys', `/key/info?key=${made.token}`].map((path) =>
        send(harness.port, { path, key: masterKey }),
      ),
    )
    for (const list of lists) expect(list.body).not.toContain(made.key)
    expect(JSON.stringify([...harness.rows.values()])).not.toContain(made.key)
  })

  it('shows a virtual key its own info and its own models only', async () => {
    const store = harness.dependencies.keys
    const { key, stored } = await store.create({ models: ['cheap'] })
    const own = (await send(harness.port, { path: '/key/info', key })).json() as unknown as { key: string }
    expect(own.key).toBe(stored.hash)
    const other = await send(harness.port, { path: `/key/info?key=${masterKey}`, key })
    expect(other.status).toBe(403)
    const models = (await send(harness.port, { path: '/v1/models', key })).json() as unknown as {
      data: { id: string }[]
    }
    expect(models.data.map((model) => model.id)).toEqual(['cheap'])
    const refused = await send(harness.port, {
      path: '/v1/chat/completions',
      key,
      body: { ...chatBody, model: 'vendor/strong' },
    })
    expect([refused.status, refused.json().error.code]).toEqual([403, 'key_model_access_denied'])
  })

  it('deletes by key, hash and alias, or nothing at all when one is unknown', async () => {
    const store = harness.dependencies.keys
    const [first, second] = [await store.create({ alias: 'del-1' }), await store.create({ alias: 'del-2' })]
    const failed = await send(harness.port, {
      path: '/key/delete',
      key: masterKey,
      body: { keys: [first.key], key_aliases: ['no-such'] },
    })
    expect(failed.status).toBe(404)
    expect(store.find(first.stored.hash)).toBeDefined()
    const done = await send(harness.port, {
      path: '/key/delete',
      key: masterKey,
      body: { keys: [first.key], key_aliases: ['del-2'] },
    })
    expect((done.json() as unknown as { deleted_keys: string[] }).deleted_keys).toEqual([
      first.stored.hash,
      second.stored.hash,
    ])
  })
})

describe('the UI link', () => {
  it('is good for one session and no more', async () => {
    const link = (
      await send(harness.port, { method: 'POST', path: '/api/ui-link', key: controlToken })
    ).json() as unknown as {
      url: string
    }
    expect(link.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${harness.port}/ui/#code=[\\w-]{32}$`, 'u'))
    const code = link.url.split('#code=')[1]
    const first = await send(harness.port, { path: '/api/session', body: { code } })
    expect(first.status).toBe(200)
    const { token } = first.json() as unknown as { token: string }
    expect((await send(harness.port, { path: '/api/status', key: token })).status).toBe(200)
    const second = await send(harness.port, { path: '/api/session', body: { code } })
    expect([second.status, second.json().error.code]).toEqual([401, 'invalid_key'])
  })
})
