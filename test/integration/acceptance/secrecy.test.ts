import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { type Script, startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath } from './stack-gateway.ts'

/** Each is unlike anything else, so that one occurrence anywhere is a leak. */
const canaries = {
  masterKey: 'sk-canary-master-7f3a9c1e5b2d8064',
  providerKey: 'sk-canary-provider-1b6e0d9f4a7c2853',
  inlineKey: 'sk-canary-inline-9d2c7e4f1a8b3560',
  wrongKey: 'sk-canary-wrong-4e8a1f6c3d9b7025',
  prompt: 'canary-prompt-kingfisher-marmalade',
  system: 'canary-system-glacier-tambourine',
  tool: 'canary_tool_lighthouse_saffron',
  answer: 'canary-answer-meteor-cinnamon',
  upstreamError: 'canary-echo-of-the-prompt-in-an-error',
  endUserSecret: 'canary-metadata-value-velvet',
}

let upstream: Upstream
let gateway: GatewayProcess

beforeAll(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({
    config: `
model_list:
  - model_name: from-environment
    litellm_params: { model: openai/a, api_base: "${upstream.url}", api_key: os.environ/CANARY_PROVIDER_KEY }
  - model_name: inline
    litellm_params: { model: openai/b, api_base: "${upstream.url}", api_key: ${canaries.inlineKey} }
  - model_name: canary-router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: { SIMPLE: from-environment, REASONING: inline }
`,
    environment: { LITELLM_MASTER_KEY: canaries.masterKey, CANARY_PROVIDER_KEY: canaries.providerKey },
  })
})

afterAll(async () => {
  await gateway.remove()
  await upstream.close()
})

const ask = async (model: string, members: Record<string, unknown> = {}, key?: string): Promise<void> => {
  const request = chat(model, `hello ${canaries.prompt}`, {
    metadata: { note: canaries.endUserSecret },
    tools: [{ type: 'function', function: { name: canaries.tool, parameters: { type: 'object' } } }],
    ...members,
  })
  const answer = await gateway.request(chatPath, key === undefined ? request : { ...request, key })
  // A stream that is cut on purpose rejects here.
  await answer.text().catch(() => '')
}

/** Every way a request can end, each with every canary in it. */
async function exercise(): Promise<string> {
  const answers: Script[] = [
    { kind: 'completion', text: canaries.answer },
    { kind: 'error', status: 400, message: `Refused: ${canaries.upstreamError}`, code: 'invalid' },
    { kind: 'error', status: 401, message: `Wrong key ${canaries.providerKey} ${canaries.upstreamError}` },
    { kind: 'raw', headers: { 'content-type': 'text/html' }, body: [`<p>${canaries.upstreamError}</p>`] },
    { kind: 'raw', headers: { 'content-type': 'application/json' }, body: [`{"broken": "${canaries.upstreamError}`] },
  ]
  const streams: Script[] = [
    { kind: 'stream', text: ['Well, ', canaries.answer] },
    { kind: 'stream', text: ['Well, ', canaries.answer], cutAfter: 3 },
    { kind: 'stream', text: canaries.answer, errorAfter: { events: 2, message: canaries.upstreamError } },
  ]
  for (const script of [...answers, ...streams]) {
    upstream.reply(script)
    for (const model of ['from-environment', 'inline', 'canary-router']) {
      await ask(model, { stream: script.kind === 'stream' })
    }
  }
  upstream.reply({ kind: 'completion', text: canaries.answer })
  await ask('inline', {
    messages: [
      { role: 'system', content: canaries.system },
      { role: 'user', content: [{ type: 'text', text: `think step by step about ${canaries.prompt}` }] },
    ],
  })
  await ask(`unknown-model`)
  await ask('inline', {}, canaries.wrongKey)
  await gateway.request(chatPath, { method: 'POST', body: `{"model":"inline","messages":"${canaries.prompt}` })
  await gateway.request(`/v1/models?key=${canaries.wrongKey}`, { key: undefined })
  const explained = { model: 'canary-router', body: { messages: [{ role: 'user', content: canaries.prompt }] } }
  await gateway.request('/api/route/explain', {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.controlToken}` },
    body: JSON.stringify(explained),
  })
  const made = await gateway.request('/key/generate', { method: 'POST', body: '{"key_alias":"for canaries"}' })
  const { key } = (await made.json()) as { key: string }
  await ask('inline', {}, key)
  return key
}

test('no key, prompt or answer is in any log or file, nor in what scripts may read', async () => {
  const virtualKey = await exercise()
  const secrets = { ...canaries, virtualKey }
  const logs = await (await gateway.request('/spend/logs')).text()
  const requests = await (await gateway.request('/api/requests?limit=200')).text()
  const info = await (await gateway.request('/model/info')).text()
  const places = new Map([
    ['GET /spend/logs', logs],
    ['GET /api/requests', requests],
    ['GET /model/info', info],
  ])
  // With the write-ahead log still there, and once more after everything was closed.
  for (const [name, text] of filesOf(gateway.folder.dataDir)) places.set(`running: ${name}`, text)
  const exit = await gateway.kill('SIGTERM')
  expect(exit.code).toBe(0)
  for (const [name, text] of filesOf(gateway.folder.dataDir)) places.set(`stopped: ${name}`, text)
  for (const [name, text] of filesOf(gateway.folder.home)) places.set(`home: ${name}`, text)
  places.set('output', exit.output)

  const leaks = [...places].flatMap(([place, text]) =>
    Object.entries(secrets)
      .filter(([, secret]) => text.includes(secret))
      .map(([name]) => `${name} in ${place}`),
  )
  expect(leaks).toEqual([])
  expect([...places.keys()].some((place) => place.endsWith('signalbox.db'))).toBe(true)
  expect(logs).toContain('from-environment')
})

/** Every file below a folder as text, byte for byte. */
function filesOf(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'latin1')])
}
