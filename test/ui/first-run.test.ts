import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backendFixture, type FakeBackend, startFakeBackend } from '../doubles/backends/fake-server.ts'
import { findChromium, launchChromium, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { type RealGateway, startRealGateway } from './real-gateway.ts'

const chromium = findChromium()

/**
 * The whole way with a real gateway: an empty home, an empty config, one Ollama on this machine. Each step goes on where
 * the one before ended.
 */
describe.skipIf(chromium === undefined)('from an empty home to the first answer (skipped without a Chromium)', () => {
  const surroundings = { home: process.env.HOME, path: process.env.PATH, config: process.env.XDG_CONFIG_HOME }
  let browser: Browser
  let gateway: RealGateway
  let ollama: FakeBackend
  let home: string
  let page: Page
  let faults: readonly string[]

  beforeAll(async () => {
    const directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
    home = mkdtempSync(join(tmpdir(), 'signalbox-first-run-'))
    process.env.HOME = home
    process.env.PATH = join(home, 'bin')
    delete process.env.XDG_CONFIG_HOME
    ollama = await startFakeBackend(backendFixture('ollama'))
    answerChats(ollama)
    gateway = await startRealGateway(directory, { config: () => '', discovery: [ollama.port] })
    // An agent that was installed and never connected.
    mkdirSync(join(home, '.config/opencode'), { recursive: true })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await gateway.stop()
    await ollama.close()
    process.env.HOME = surroundings.home
    process.env.PATH = surroundings.path
    if (surroundings.config !== undefined) process.env.XDG_CONFIG_HOME = surroundings.config
    rmSync(home, { recursive: true, force: true })
  })

  const stop = (title: string) => page.getByRole('heading', { name: title, level: 1 })
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

  it('finds the local server and the agent', async () => {
    await expect.poll(async () => (await gateway.client.backends()).backends.length, { timeout: 30_000 }).toBe(1)
    ;({ page, faults } = await openPage(browser, await gateway.link(), {}, 'real'))
    await stop('Found on this machine').waitFor()
    await page.getByText('3 models').waitFor()
    await page.getByText('opencode', { exact: true }).waitFor()
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
    expect(readFileSync(gateway.configPath, 'utf8')).toContain('model_name: mine')
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
    const { steps } = await gateway.client.setup()
    expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'found done',
      'key skipped',
      'router done',
      'request done',
      'agent done',
    ])
    const again = await openPage(browser, await gateway.link(), {}, 'real')
    await again.page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
    expect([...faults, ...again.faults]).toEqual([])
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
