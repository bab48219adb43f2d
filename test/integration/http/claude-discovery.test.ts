import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatBody, type Harness, masterKey, send, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.close())

const anthropic = { 'anthropic-version': '2023-06-01' }

describe("discovery by Anthropic's clients", () => {
  it("shows each name a second time, under an id that Claude Code's picker keeps", async () => {
    const answer = await send(harness.port, { path: '/v1/models?limit=1000', key: masterKey, headers: anthropic })
    const { data } = answer.json() as unknown as { data: { id: string; display_name: string }[] }
    const names = data.map(({ id }) => id).filter((id) => !id.includes('demo-'))
    const claude = ['claude-signalbox/cheap', 'claude-signalbox/vendor/strong', 'claude-signalbox/smart']
    expect(names).toEqual(['cheap', 'vendor/strong', 'smart', ...claude])
    expect(data.find(({ id }) => id === 'claude-signalbox/smart')?.display_name).toBe('smart')
  })

  it('finds one entry by such an id', async () => {
    const path = '/v1/models/claude-signalbox/vendor/strong'
    const answer = await send(harness.port, { path, key: masterKey, headers: anthropic })
    expect(answer.json()).toMatchObject({ id: 'claude-signalbox/vendor/strong', display_name: 'vendor/strong' })
  })

  it('leaves the list of everybody else as it is', async () => {
    const answer = await send(harness.port, { path: '/v1/models', key: masterKey })
    expect(answer.body).not.toContain('claude-signalbox')
  })

  it('is followed by requests: the id leads through the router', async () => {
    const body = { ...chatBody, model: 'claude-signalbox/smart' }
    const answer = await send(harness.port, { method: 'POST', path: '/v1/chat/completions', key: masterKey, body })
    expect(answer.status).toBe(200)
    expect(harness.relayed.at(-1)?.plan.decision?.router).toBe('smart')
  })
})
