import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatBody, controlToken, type Harness, masterKey, send, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.close())

const ask = (body: object, key = controlToken) =>
  send(harness.port, { method: 'POST', path: '/api/setup/request', key, body })

describe('the first request, sent from a page that has no key for models', () => {
  it('goes the way of any client’s and tells its call', async () => {
    const answer = await ask({ model: chatBody.model, prompt: 'Hello' })
    // The relay of this harness names no call.
    expect(answer.json()).toEqual({ status: 200, callId: null, error: null })
    expect(harness.relayed).toHaveLength(1)
  })

  it('says why there is no answer', async () => {
    const answer = await ask({ model: 'no-such-model', prompt: 'Hello' })
    expect(answer.status).toBe(200)
    expect(answer.json()).toMatchObject({ status: 400, error: expect.stringContaining('no-such-model') as string })
  })

  it('takes a model and a prompt and nothing else', async () => {
    expect((await ask({ model: chatBody.model, prompt: '' })).status).toBe(400)
    expect((await ask({ model: chatBody.model, prompt: 'Hello', base_url: 'http://elsewhere' })).status).toBe(400)
  })

  it('is no way around a key', async () => {
    expect((await ask({ model: chatBody.model, prompt: 'Hello' }, masterKey)).status).toBe(403)
    expect((await ask({ model: chatBody.model, prompt: 'Hello' }, 'sk-wrong')).status).toBe(401)
  })
})
