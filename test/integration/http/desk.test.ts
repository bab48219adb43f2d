import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Trial } from '../../../gateway/contract/router-draft.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
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

describe('the label of a request', () => {
  const features = { v: 1, characters: 9, code: { count: 0, words: [] } }
  const label = (id: string, body: object) => post(`/api/requests/${id}/label`, controlToken, body)
  const remove = (id: string) =>
    send(harness.port, { method: 'DELETE', path: `/api/requests/${id}/label`, key: controlToken })

  it('is kept with the features, shown with the request, replaced and taken back', async () => {
    harness.recorded.set('r1', recordDouble({ id: 'r1', router: 'smart', tier: 'SIMPLE', features, sessionId: 's' }))
    const first = await label('r1', { tier: 'COMPLEX' })
    expect(first.json()).toMatchObject({ id: 'r1', router: 'smart', decided: 'SIMPLE', tier: 'COMPLEX' })
    await label('r1', { tier: 'MEDIUM' })
    const story = await send(harness.port, { path: '/api/requests/r1', key: controlToken })
    expect(story.json()).toMatchObject({
      label: { tier: 'MEDIUM' },
      canLabel: true,
      sessionSummary: { id: 's', turns: 2 },
    })
    const kept = await harness.dependencies.labels.find('r1')
    expect(kept?.features).toEqual(features)
    const list = await send(harness.port, { path: '/api/labels', key: controlToken })
    expect(list.json()).toMatchObject({ labels: [{ id: 'r1', tier: 'MEDIUM' }] })
    expect((await remove('r1')).json()).toEqual({ deleted: 'r1' })
    expect((await remove('r1')).status).toBe(404)
  })

  it('is refused where there is nothing to learn, with what is wanted', async () => {
    harness.recorded.set('direct', recordDouble({ id: 'direct', router: null, tier: null, features: null }))
    const refused = await label('direct', { tier: 'COMPLEX' })
    expect([refused.status, refused.json()]).toMatchObject([409, { error: { code: 'conflict' } }])
    expect((await label('none', { tier: 'COMPLEX' })).status).toBe(404)
    const wrong = await label('direct', { tier: 'HUGE' })
    expect(wrong.json()).toMatchObject({ error: { code: 'invalid_field', param: 'tier' } })
    expect((await label('direct', { tier: 'COMPLEX', text: 'x' })).json()).toMatchObject({
      error: { code: 'unsupported_field' },
    })
  })
})

describe('the list of requests', () => {
  const list = (query: string) => send(harness.port, { path: `/api/requests?${query}`, key: controlToken })

  it.each([
    ['tier=HUGE', 'invalid_field', 'tier', /one of SIMPLE, .*DIRECT; got "HUGE"/],
    ['status=maybe', 'invalid_field', 'status', /ok, failed, or a status/],
    ['limit=0', 'invalid_field', 'limit', /1 to 1000/],
    ['since=yesterday', 'invalid_field', 'since', /whole number/],
    ['modell=x', 'unsupported_field', 'modell', /takes .*model/],
  ])('refuses ?%s', async (query, code, param, message) => {
    const answer = await list(query)
    expect(answer.status).toBe(400)
    const { error } = answer.json() as unknown as { error: { code: string; param: string; message: string } }
    expect(error).toMatchObject({ code, param })
    expect(error.message).toMatch(message)
  })
})

describe('edited settings of a router', () => {
  const tryOut = (name: string, body: object) => post(`/api/routers/${name}/try`, controlToken, body)

  it('decide a prompt beside the saved ones, whatever the switch says', async () => {
    harness.switches.set('smart', { mode: 'off' })
    const draft = { tier_boundaries: { simple_medium: -9, medium_complex: -8 } }
    const { saved, edited } = (await tryOut('smart', { text: 'hi', draft })).json() as unknown as Trial
    harness.switches.clear()
    expect([saved.tier, edited?.tier]).toEqual(['SIMPLE', 'COMPLEX'])
    expect(saved.dimensions.find(({ name }) => name === 'simpleIndicators')?.fired).toContain('hi')
    expect(((await tryOut('smart', { text: 'hi' })).json() as unknown as Trial).edited).toBeNull()
    expect(harness.relayed.filter(({ facts }) => facts.model === 'smart')).toEqual([])
  })

  it.each([
    [
      { text: 'hi', draft: { tiers: { SIMPLE: ['chep'] } } },
      'invalid_field',
      'draft.tiers.SIMPLE',
      /Did you mean cheap/,
    ],
    [
      { text: 'hi', draft: { tier_boundaries: { simple_medium: 2 } } },
      'invalid_field',
      'draft.tier_boundaries',
      /must rise/,
    ],
    [
      { text: 'hi', draft: { dimension_weights: { codePresence: 'much' } } },
      'invalid_field',
      undefined,
      /codePresence/,
    ],
    [{ draft: {} }, 'missing_field', 'text', /text/],
    [{ text: 'hi', draft: { weights: {} } }, 'unsupported_field', undefined, /weights/],
  ])('refuse %j', async (body, code, param, message) => {
    const answer = await tryOut('smart', body)
    expect(answer.status).toBe(400)
    const { error } = answer.json() as unknown as { error: { code: string; param: string; message: string } }
    expect(error.code).toBe(code)
    if (param !== undefined) expect(error.param).toBe(param)
    expect(error.message).toMatch(message)
  })

  it('are nothing for a router that is none, and the demo’s cannot be edited', async () => {
    expect((await tryOut('none', { text: 'hi' })).status).toBe(404)
    expect((await tryOut('demo-router', { text: 'hi', draft: {} })).status).toBe(409)
    expect((await tryOut('demo-router', { text: 'hi' })).status).toBe(200)
    const days = await post('/api/routers/smart/replay', controlToken, { days: 0, draft: {} })
    expect(days.json()).toMatchObject({ error: { code: 'invalid_field', param: 'days' } })
  })
})
