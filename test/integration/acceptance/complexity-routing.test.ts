import { EventSourceParserStream } from 'eventsource-parser/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GatewayEvent } from '../../../gateway/contract/events.ts'
import { runCommand } from '../../doubles/gateway-process.ts'
import { chat, chatPath, type StackGateway, startStackGateway } from './stack-gateway.ts'

/** The worked examples of the stack's description, with the model each tier names. */
const examples = [
  ['Hello, can you help me?', '-0.20', 'SIMPLE', 'opencode-deepseek-v4-flash'],
  [
    'Refactor the API to use async database queries with proper error handling',
    '0.10',
    'MEDIUM',
    'opencode-deepseek-v4-pro',
  ],
  [
    'Design a distributed microservice architecture with container orchestration, high throughput, and low latency',
    '0.25',
    'COMPLEX',
    'opencode-kimi-k2-6',
  ],
  [
    'Explain your reasoning for this authentication architecture. First, analyze the distributed design, then implement the container orchestration layer.',
    '0.595',
    'REASONING',
    'opencode-mimo-v2-5-pro',
  ],
] as const

describe('the complexity router of the stack', () => {
  let stack: StackGateway

  beforeAll(async () => {
    stack = await startStackGateway()
  })

  afterAll(() => stack.stop())

  const route = async (prompt: string, members: Record<string, unknown> = {}): Promise<Headers> => {
    const answer = await stack.gateway.request(chatPath, chat('opencodego-router', prompt, members))
    expect(answer.status).toBe(200)
    await answer.text()
    return answer.headers
  }

  test.each(examples)('"%s" scores %s: %s, answered by %s', async (prompt, score, tier, model) => {
    const headers = await route(prompt)
    expect(headers.get('x-signalbox-router')).toBe('opencodego-router')
    expect(headers.get('x-signalbox-score')).toBe(score)
    expect(headers.get('x-signalbox-tier')).toBe(tier)
    expect(headers.get('x-signalbox-model')).toBe(model)

    const id = headers.get('x-litellm-call-id')
    const row = (await stack.gateway.recorded()).find((request) => request.id === id)
    expect(row).toMatchObject({ askedModel: 'opencodego-router', router: 'opencodego-router', tier, model })
    expect(row?.score).toBeCloseTo(Number(score), 9)
  })

  test.each(examples)('`route "%s"` agrees without sending anything', async (prompt, score, tier) => {
    const before = stack.upstream.requests.length
    const flags = ['--router', 'opencodego-router', '--config', stack.gateway.folder.configPath, '--json']
    const { code, output } = await runCommand(stack.gateway.folder, ['route', prompt, ...flags])
    expect({ code, output }).toMatchObject({ code: 0 })
    const explanation = JSON.parse(output.slice(output.indexOf('{'))) as { tier: string; score: number }
    expect(explanation.tier).toBe(tier)
    expect(explanation.score).toBeCloseTo(Number(score), 9)
    expect(stack.upstream.requests.length).toBe(before)
  })

  test('the live stream of the interface shows each of them with tier and score', async () => {
    const closing = new AbortController()
    const feed = await stack.gateway.request('/api/events', { signal: closing.signal })
    const finished: string[] = []
    const reading = (async () => {
      const events = (feed.body ?? new ReadableStream())
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())
      for await (const { data } of events) {
        const event = JSON.parse(data) as GatewayEvent
        if (event.type !== 'request' || event.request.phase !== 'finished') continue
        finished.push(`${event.request.tier} ${event.request.score?.toFixed(3)}`)
        if (finished.length === examples.length) return
      }
    })()
    for (const [prompt] of examples) await route(prompt)
    await reading
    closing.abort()
    expect(finished).toEqual(['SIMPLE -0.200', 'MEDIUM 0.100', 'COMPLEX 0.250', 'REASONING 0.595'])
  })

  test('a streamed answer carries the same headers before its first byte', async () => {
    const headers = await route(examples[3][0], { stream: true })
    expect(headers.get('x-signalbox-tier')).toBe('REASONING')
    expect(headers.get('content-type')).toContain('text/event-stream')
  })

  test('a greeting after 50,000 tokens of history and tools is SIMPLE', async () => {
    // Four letters are about a token; the history is full of words that would fire.
    const history = 'Refactor the distributed architecture step by step, think carefully about latency. '.repeat(2_500)
    const tool = {
      type: 'function',
      function: { name: 'bash', description: 'Runs a command in a container.', parameters: { type: 'object' } },
    }
    const headers = await route('ignored', {
      messages: [
        { role: 'system', content: 'You implement distributed database systems. Think step by step.' },
        { role: 'user', content: history },
        { role: 'assistant', content: 'Done.' },
        { role: 'user', content: 'Hello, can you help me?' },
      ],
      tools: [tool],
    })
    expect(headers.get('x-signalbox-tier')).toBe('SIMPLE')
    expect(headers.get('x-signalbox-score')).toBe('-0.20')
  })

  test('two reasoning markers are REASONING, whatever the score', async () => {
    const headers = await route('analyze this step by step and think carefully')
    expect(headers.get('x-signalbox-tier')).toBe('REASONING')
  })

  test('a router with two tiers says that it took the nearest', async () => {
    const answer = await stack.gateway.request(chatPath, chat('mistral-router', 'analyze this step by step'))
    expect(answer.headers.get('x-signalbox-model')).toBe('mistral-medium-3-5')
    expect(answer.headers.get('x-signalbox-tier')).toBe('COMPLEX')
    await answer.text()
  })

  test('a switched-off router leaves the list and refuses with a sentence; pinned always hits its tier', async () => {
    const put = (position: unknown): Promise<Response> =>
      stack.gateway.request('/api/routers/opencodego-router/switch', {
        method: 'PUT',
        headers: { authorization: `Bearer ${stack.gateway.controlToken}` },
        body: JSON.stringify(position),
      })
    expect((await put({ mode: 'off' })).status).toBe(200)
    const refused = await stack.gateway.request(chatPath, chat('opencodego-router', 'hello'))
    expect(refused.status).toBe(403)
    expect(refused.headers.get('x-should-retry')).toBe('false')
    expect(await refused.json()).toMatchObject({ error: { code: 'router_disabled' } })
    expect(await (await stack.gateway.request('/v1/models')).text()).not.toContain('opencodego-router')

    expect((await put({ mode: 'pinned', tier: 'COMPLEX' })).status).toBe(200)
    expect((await route('hello')).get('x-signalbox-model')).toBe('opencode-kimi-k2-6')
    expect((await put({ mode: 'auto' })).status).toBe(200)
    expect((await route('hello')).get('x-signalbox-tier')).toBe('SIMPLE')
  })
})
