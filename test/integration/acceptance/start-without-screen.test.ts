import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../../doubles/gateway-process.ts'
import { chat, chatPath } from './stack-gateway.ts'

// On other systems a session always counts as having a screen.
describe.runIf(process.platform === 'linux')('npm start without a screen, a config or a key', () => {
  let gateway: GatewayProcess

  beforeAll(async () => {
    gateway = await startGatewayProcess({ entry: 'main/start.ts', environment: { LITELLM_MASTER_KEY: undefined } })
  })

  afterAll(() => gateway.remove())

  test('says in one line why there is no window, and that it listens', () => {
    const lines = gateway.output().split('\n')
    expect(lines.filter((line) => line.includes('No desktop window'))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith(`listening on ${gateway.url}`))).toHaveLength(1)
  })

  test('serves its interface and prints the link with a one-time code', async () => {
    await expect.poll(() => gateway.output()).toMatch(/http:\/\/127\.0\.0\.1:\d+\/ui\/?#\S+/)
    const page = await gateway.request('/ui/', { key: undefined })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
  })

  test('made a key of its own, and the demo answers to it, streaming too', async () => {
    const answer = await fetch(`${gateway.url}/api/master-key`, {
      headers: { authorization: `Bearer ${gateway.controlToken}` },
    })
    const { key } = (await answer.json()) as { key: string }
    expect(gateway.output()).not.toContain(key)
    const whole = await gateway.request(chatPath, { ...chat('demo-router', 'Hello'), key })
    expect(whole.status).toBe(200)
    expect(whole.headers.get('x-signalbox-tier')).toBe('SIMPLE')
    const stream = await gateway.request(chatPath, { ...chat('demo-router', 'Hello', { stream: true }), key })
    expect(await stream.text()).toContain('data: [DONE]')
  })

  test('ends with SIGTERM and exit code 0, leaving no gateway.json', async () => {
    expect(await gateway.kill('SIGTERM')).toMatchObject({ code: 0, signal: null })
    expect(existsSync(`${gateway.folder.dataDir}/gateway.json`)).toBe(false)
  })
})
