import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

let upstream: Upstream
let gateway: GatewayProcess

beforeEach(async () => {
  upstream = await startUpstream()
  gateway = await startGatewayProcess({ config: oneModelConfig(upstream.url) })
})

afterEach(async () => {
  await gateway.remove()
  await upstream.close()
})

/** Kills without warning and starts again on the same data. */
async function killAndRestart(): Promise<void> {
  await gateway.kill('SIGKILL')
  gateway = await startGatewayProcess({ folder: gateway.folder })
}

/** The ids in `GET /spend/logs`. */
async function keptIds(): Promise<Set<string>> {
  const answer = await gateway.request('/spend/logs?limit=100000')
  return new Set(((await answer.json()) as { request_id: string }[]).map((row) => row.request_id))
}

describe('kill -9 loses nothing that a client received', () => {
  test('right after the terminal event of a stream', async () => {
    const answer = await gateway.request(chatPath, chat('small', 'hello', { stream: true }))
    let text = ''
    const decoder = new TextDecoder()
    for await (const block of answer.body ?? []) {
      text += decoder.decode(block, { stream: true })
      if (!text.includes('data: [DONE]')) continue
      await gateway.kill('SIGKILL')
      break
    }
    gateway = await startGatewayProcess({ folder: gateway.folder })
    const row = (await gateway.recorded()).find((request) => request.id === answer.headers.get('x-litellm-call-id'))
    expect(row).toMatchObject({
      status: 200,
      stream: true,
      usage: { inputTokens: 20, outputTokens: 5 },
      costNanoUsd: 20 * 150 + 5 * 600,
    })
  })

  test("right after a JSON answer's last byte", async () => {
    const answer = await gateway.request(chatPath, chat('small', 'hello'))
    await answer.arrayBuffer()
    await killAndRestart()
    expect(await keptIds()).toContain(answer.headers.get('x-litellm-call-id'))
  })

  test('1,000 requests, 50 at a time, then killed among the next ones', { timeout: 120_000 }, async () => {
    const complete = new Set<string>()
    let asked = 0
    let killed: Promise<unknown> | undefined
    const askOne = async (): Promise<void> => {
      asked += 1
      const stream = asked % 2 === 0
      const answer = await gateway.request(chatPath, chat('small', 'hello', { stream }))
      const text = await answer.text()
      const whole = stream ? text.includes('data: [DONE]') : text.endsWith('}')
      if (answer.status === 200 && whole) complete.add(answer.headers.get('x-litellm-call-id') ?? '')
    }
    const worker = async (): Promise<void> => {
      while (killed === undefined) {
        try {
          await askOne()
        } catch (error) {
          // Only the kill may break a request.
          if (killed === undefined) throw error
        }
        if (complete.size >= 1_000) killed ??= gateway.kill('SIGKILL')
      }
    }
    await Promise.all(Array.from({ length: 50 }, worker))
    await killed
    gateway = await startGatewayProcess({ folder: gateway.folder })
    const kept = await keptIds()
    expect(complete.size).toBeGreaterThanOrEqual(1_000)
    expect([...complete].filter((id) => !kept.has(id))).toEqual([])
  })
})
