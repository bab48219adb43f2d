import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import { Secret } from '../../../gateway/model/secret.ts'
import { createModelListReader } from '../../../gateway/providers/model-list.ts'
import { createUpstreamDispatcher, type UpstreamDispatcher } from '../../../gateway/upstream/dispatch.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

let server: Server
let dispatcher: UpstreamDispatcher
let answer: { status: number; body: string }
let asked: { url: string | undefined; headers: IncomingHttpHeaders }[]

beforeEach(async () => {
  asked = []
  answer = { status: 200, body: '{"data":[{"id":"one"},{"id":"two"}]}' }
  dispatcher = createUpstreamDispatcher()
  server = createServer(({ headers, url }, response) => {
    asked.push({ url, headers })
    response.writeHead(answer.status).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await dispatcher.destroy()
  server.close()
})

function read(adapter: Deployment['adapter'], path = '/v1') {
  const { port } = server.address() as AddressInfo
  const apiKey = { kind: 'value', secret: new Secret('upstream-key') } as const
  const deployment = deploymentDouble({ adapter, apiKey, baseUrl: `http://127.0.0.1:${port}${path}` })
  return createModelListReader({ upstream: dispatcher, userAgent: 'signalbox/test' })(deployment)
}

describe('the list of an upstream', () => {
  test.each<[Deployment['adapter'], string, string, string]>([
    ['openai-compatible', '/v1/models', 'authorization', 'Bearer upstream-key'],
    ['openai-responses', '/v1/models', 'authorization', 'Bearer upstream-key'],
    ['anthropic', '/v1/models?limit=1000', 'x-api-key', 'upstream-key'],
    ['gemini', '/v1/models?pageSize=1000', 'x-goog-api-key', 'upstream-key'],
  ])('of %s is asked at its place with its key', async (adapter, url, header, value) => {
    expect(await read(adapter)).toEqual({ kind: 'answered', status: 200, models: ['one', 'two'] })
    expect(asked.map((request) => [request.url, request.headers[header]])).toEqual([[url, value]])
  })

  test.each([
    ['names', '{"models":[{"name":"models/gemini-3"}]}', ['gemini-3']],
    ['one page of several', '{"data":[{"id":"one"}],"has_more":true}', undefined],
    ['no JSON', '<html>', undefined],
    ['no list', '{"data":"none"}', undefined],
  ])('may be %s', async (_name, body, models) => {
    answer = { status: 200, body }
    expect(await read('openai-compatible')).toEqual({ kind: 'answered', status: 200, models })
  })

  test('that is refused is an answer, one that nobody gives is none', async () => {
    answer = { status: 401, body: '{}' }
    expect(await read('openai-compatible')).toEqual({ kind: 'answered', status: 401, models: undefined })
    const { port } = server.address() as AddressInfo
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    const apiKey = { kind: 'none' } as const
    const deployment = deploymentDouble({ apiKey, baseUrl: `http://127.0.0.1:${port}/v1` })
    const reader = createModelListReader({ upstream: dispatcher, userAgent: 'signalbox/test' })
    expect(await reader(deployment)).toEqual({
      kind: 'unreachable',
      reason: `127.0.0.1:${port} refused the connection`,
    })
  })
})
