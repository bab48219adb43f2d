import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatBody, controlToken, type Harness, masterKey, send, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.close())

const post = (path: string, key: string, body: object = {}) => send(harness.port, { method: 'POST', path, key, body })
const ask = () => post('/v1/chat/completions', masterKey, chatBody)

describe('the main switch', () => {
  it('refuses requests while it is paused, and takes them again afterwards', async () => {
    expect((await post('/api/pause', controlToken)).json()).toEqual({ paused: true, since: 1 })
    const refused = await ask()
    expect(refused.status).toBe(503)
    expect(refused.headers['x-should-retry']).toBe('false')
    expect(refused.json()).toMatchObject({
      error: { code: 'paused', message: expect.stringContaining('Resume') as string },
    })
    expect(harness.relayed).toHaveLength(0)
    expect((await post('/api/resume', controlToken)).json()).toEqual({ paused: false, since: null })
    expect((await ask()).status).toBe(200)
  })

  it('keeps its first moment when it is paused twice, and lists models meanwhile', async () => {
    await post('/api/pause', controlToken)
    expect((await post('/api/pause', controlToken)).json()).toEqual({ paused: true, since: 1 })
    expect((await send(harness.port, { path: '/v1/models', key: masterKey })).status).toBe(200)
    await post('/api/resume', controlToken)
  })

  it('tells its state only to who may call', async () => {
    await post('/api/pause', controlToken)
    expect((await post('/v1/chat/completions', 'sk-wrong', chatBody)).status).toBe(401)
    await post('/api/resume', controlToken)
  })

  it('is the control token’s alone', async () => {
    expect((await post('/api/pause', masterKey)).status).toBe(403)
    expect((await ask()).status).toBe(200)
  })
})
