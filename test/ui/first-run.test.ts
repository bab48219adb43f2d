import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ControlClient, createControlClient } from '../../gateway/contract/control-client.ts'
import { backendFixture, type FakeBackend, startFakeBackend } from '../doubles/backends/fake-server.ts'
import { type GatewayProcess, startGatewayProcess } from '../doubles/gateway-process.ts'
import { findChromium, launchChromium } from './browser.ts'
import { buildInterface } from './interface-build.ts'

const chromium = findChromium()

/**
 * The whole way with a real gateway in a process of its own: an empty home, the config that it writes by itself, one
 * Ollama on this machine. Each step goes on where the one before ended.
 */
describe.skipIf(chromium === undefined)('from an empty home to the first answer (skipped without a Chromium)', () => {
  let browser: Browser
  let directory: string
  let gateway: GatewayProcess
  let client: ControlClient
  let ollama: FakeBackend
  let page: Page
  const faults: string[] = []

  beforeAll(async () => {
    directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
    ollama = await startFakeBackend(backendFixture('ollama'))
    answerChats(ollama)
    gateway = await startGatewayProcess({ environment: { SIGNALBOX_DISCOVER: String(ollama.port) } })
    client = createControlClient({ baseUrl: gateway.url, token: () => gateway.controlToken, fetch })
    // An agent that was installed and never connected.
    mkdirSync(join(gateway.folder.home, '.config/opencode'), { recursive: true })
  }, 90_000)
  afterAll(async () => {
    await browser.close()
    await gateway.remove()
    await ollama.close()
  })

  /** Opens a fresh link. The gateway's process has no interface of this build, so its files come from here. */
  const open = async () => {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1_280, height: 820 } })
    await context.route(`${gateway.url}/ui/**`, (route) => {
      const path = new URL(route.request().url()).pathname.slice('/ui/'.length)
      return route.fulfill({ path: join(directory, path === '' ? 'index.html' : path) })
    })
    const opened = await context.newPage()
    opened.on('pageerror', (error) => faults.push(String(error)))
    opened.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    await opened.goto((await client.uiLink()).url)
    return opened
  }
  const stop = (title: string) => page.getByRole('heading', { name: title, level: 1 })
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

  it('finds the local server and the agent', async () => {
    await expect.poll(async () => (await client.backends()).backends.length, { timeout: 60_000 }).toBe(1)
    page = await open()
    await stop('Found on this machine').waitFor()
    await page.getByText(/^\d models$/u).waitFor()
    await page.getByText(/^opencode(,|$)/u).waitFor()
    await press('Next: keys')
  })

  it('needs no key for a local model', async () => {
    await stop('Add a key').waitFor()
    await page.getByLabel('Provider').waitFor()
    await press('Skip')
  })

  it('makes a router of the local models', async () => {
    await stop('A router of what there is').waitFor()
    await page.getByLabel('Name').fill('mine')
    await press('Add this router')
    await page.getByText('There already: mine.').waitFor()
    expect(readFileSync(gateway.folder.configPath, 'utf8')).toContain('model_name: mine')
    await press('Next: first request')
  })

  it('sends the first request, and the local model answers it', async () => {
    await stop('Send the first request').waitFor()
    await page.getByText('"model":"mine"').waitFor()
    await press('Send it')
    const row = page.getByRole('list', { name: 'Requests so far' }).getByRole('listitem').first()
    await row.getByText('SIMPLE').waitFor()
    await row.getByText(/ollama\//u).waitFor()
    expect(ollama.asked).toContain('POST /api/chat')
    await press('Connect agents')
  })

  it('connects the agent, and does not open by itself again', async () => {
    await stop('Connect an agent').waitFor()
    await press('Connect opencode')
    await page.getByRole('region', { name: 'Connect opencode' }).waitFor()
    await page.getByText('"model": "signalbox/mine"').waitFor()
    await page
      .getByRole('region', { name: 'Connect opencode' })
      .getByRole('button', { name: 'Connect opencode' })
      .click()
    await page.getByText('opencode is connected.').waitFor()
    const { steps } = await client.setup()
    expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'found done',
      'key skipped',
      'router done',
      'request done',
      'agent done',
    ])
    const again = await open()
    await again.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
    expect(faults).toEqual([])
  })
})

/** In Ollama's own words, streamed or whole. */
function answerChats(backend: FakeBackend): void {
  backend.onPost = (path, body, response) => {
    if (path !== '/api/chat') return false
    const { model, stream } = body as { model: string; stream: boolean }
    const end = { model, done: true, done_reason: 'stop', prompt_eval_count: 7, eval_count: 2 }
    response.writeHead(200, { 'content-type': stream ? 'application/x-ndjson' : 'application/json' })
    const message = { role: 'assistant', content: 'Hello.' }
    if (stream) response.write(`${JSON.stringify({ model, message, done: false })}\n`)
    response.end(`${JSON.stringify({ ...end, message: stream ? { ...message, content: '' } : message })}\n`)
    return true
  }
}
