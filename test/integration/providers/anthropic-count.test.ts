import { afterEach, beforeEach, expect, it } from 'vitest'
import { scanTopLevelFields } from '../../../gateway/model/json-fields.ts'
import { createProviderRegistry } from '../../../gateway/providers/registry.ts'
import { createTokenCounter } from '../../../gateway/relay/count-tokens.ts'
import { createUpstreamDispatcher, type UpstreamDispatcher } from '../../../gateway/upstream/dispatch.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'

let upstream: Upstream
let dispatcher: UpstreamDispatcher

beforeEach(async () => {
  upstream = await startUpstream()
  dispatcher = createUpstreamDispatcher()
})

afterEach(async () => {
  await dispatcher.destroy()
  await upstream.close()
})

function count(): Promise<number | undefined> {
  const deployment = deploymentDouble({
    adapter: 'anthropic',
    provider: 'anthropic',
    baseUrl: upstream.url,
    upstreamModel: 'claude-x',
  })
  const body = Buffer.from('{"model":"group","messages":[{"role":"user","content":"hi"}]}')
  const counter = createTokenCounter(createProviderRegistry({ upstream: dispatcher, userAgent: 'test' }))
  const candidate = { deployment, group: 'group', chainIndex: 0, defaults: {} }
  const plan = {
    asked: 'group',
    candidates: [candidate],
    skipped: [],
    onContextWindow: [],
    onContentPolicy: [],
    waiting: [],
    failFast: false,
    decision: undefined,
    warnings: [],
  }
  return counter({
    plan,
    body,
    fields: scanTopLevelFields(body),
    dialectHeaders: { 'anthropic-version': '2023-06-01' },
  })
}

it('is the upstream’s own, asked with the upstream’s model name', async () => {
  upstream.reply({ kind: 'raw', headers: { 'content-type': 'application/json' }, body: ['{"input_tokens":42}'] })
  expect(await count()).toBe(42)
  const seen = await upstream.nextRequest()
  expect(seen.path).toBe('/v1/messages/count_tokens')
  expect(seen.json?.model).toBe('claude-x')
  expect(seen.headers['anthropic-version']).toBe('2023-06-01')
})

it.each([
  ['has no such endpoint', { kind: 'error', status: 404 }],
  ['answers something else', { kind: 'raw', headers: { 'content-type': 'text/html' }, body: ['<html>'] }],
  ['breaks off', { kind: 'reset', when: 'always' }],
] as const)('is undefined when the upstream %s', async (_name, script) => {
  upstream.reply(script)
  expect(await count()).toBeUndefined()
})
