import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../doubles/gateway-process.ts'
import { type StackGateway, startStackGateway } from './stack-gateway.ts'

const routers = ['frontier-router', 'mistral-router', 'opencodego-router']

describe("the LiteLLM stack's own config", () => {
  let stack: StackGateway

  beforeAll(async () => {
    stack = await startStackGateway()
  })

  afterAll(() => stack.stop())

  test('loads with an unset DATABASE_URL and a Redis cache, and is not an error', async () => {
    const check = await runCommand(stack.gateway.folder, ['config', 'check', stack.gateway.folder.configPath])
    expect(check).toMatchObject({ code: 0 })
  })

  test('lists its 27 models and 3 routers and nothing else', async () => {
    const answer = await stack.gateway.request('/v1/models')
    expect(answer.status).toBe(200)
    const { data } = (await answer.json()) as { data: { id: string; object: string }[] }
    const ids = data.map((model) => model.id)
    expect(ids).toHaveLength(30)
    expect(new Set(ids).size).toBe(30)
    expect(ids.filter((id) => id.endsWith('-router')).toSorted()).toEqual(routers)
    for (const id of ['gpt-5.5', 'claude-opus-4-8', 'gemini-3.1-pro-preview', 'mistral-small-4', 'opencode-glm-5-1']) {
      expect(ids).toContain(id)
    }
    const short = await stack.gateway.request('/models')
    expect(await short.json()).toMatchObject({ data })
  })

  test.each([
    ['gpt-5.4-mini', 'gpt-5.4-mini', 'openai-key'],
    ['claude-sonnet-4-6', 'claude-sonnet-4-6', 'anthropic-key'],
    ['gemini-2.5-pro', 'gemini-2.5-pro', 'gemini-key'],
    ['mistral-small-4', 'mistral-small-2603', 'mistral-key'],
    ['opencode-kimi-k2-6', 'kimi-k2.6', 'opencode-go-key'],
  ])('sends %s to its provider as %s with its key', async (name, upstreamModel, key) => {
    const answer = await stack.gateway.request('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: name, messages: [{ role: 'user', content: 'hello' }] }),
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-signalbox-model')).toBe(name)
    const sent = stack.upstream.requests.at(-1)
    expect(sent?.json?.model).toBe(upstreamModel)
    expect(sent?.headers.authorization).toBe(`Bearer ${key}`)
    expect(sent?.headers['accept-encoding']).toBe('identity')
  })
})
