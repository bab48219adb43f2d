import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ControlServer, startControlServer } from '../doubles/control-server.ts'
import { findChromium, launchChromium, leavePages, openInterface, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { lookAt } from './look.ts'
import { backends, gpuNodeAway, gpuNodeUp, gpus } from './scripted-backends.ts'
import { explain, requests, routers, status } from './scripted-data.ts'
import { network } from './scripted-places.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('the Backends page (skipped without a Chromium in PATH)', () => {
  let browser: Browser
  let directory: string
  let server: ControlServer

  beforeAll(async () => {
    directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
  }, 60_000)
  afterAll(async () => {
    await browser.close()
  })
  afterEach(async () => {
    await leavePages(browser)
    await server.stop()
  })

  const start = async (shown = backends, discovery = true) => {
    server = await startControlServer({
      directory,
      status,
      routers,
      requests,
      explain,
      backends: { backends: [...shown], discovery },
      ...(shown === backends ? { network, gpus } : {}),
    })
  }
  const open = async (shown = backends, discovery = true) => {
    await start(shown, discovery)
    const opened = await openInterface(browser, server, { viewport: { width: 1440, height: 900 } })
    await opened.page.getByRole('link', { name: 'Backends' }).click()
    await opened.page.getByRole('heading', { name: 'Backends', level: 1 }).waitFor()
    return opened
  }
  const host = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

  it('shows a card per machine, this one first, each server with its state in words', async () => {
    const { page, faults } = await open()
    await page.getByText('3 hosts, 6 servers').waitFor()
    const titles = await page.locator('.host-card h2').allTextContents()
    expect(titles).toEqual(['This machine', 'gpu-node', 'box'])
    const lines = await host(page, 'This machine').locator('.server-words').allTextContents()
    expect(lines).toEqual(['not running', 'loading its model', '0.14.2, 4 models', 'found, not in use'])
    expect(await host(page, 'gpu-node').locator('.server-words').getByText('away', { exact: true }).count()).toBe(1)
    expect(await host(page, 'gpu-node').getByText('last seen 62\u202fmin ago', { exact: true }).count()).toBe(1)
    expect(faults).toEqual([])
  })

  it('says of each model what its server says, and of the others that it is unknown', async () => {
    const { page } = await open()
    const table = host(page, 'This machine').getByRole('table', { name: 'Models of This machine' })
    const rows = await table
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) =>
          [...row.children].map((cell) => (cell as HTMLElement).innerText.replaceAll(/\s+/gu, ' ').trim()),
        ),
      )
    expect(rows).toEqual([
      ['ollama/gemma4:26b 26B, Q4_K_M', '15.6 GB', '128 k', 'tools, vision', 'loaded'],
      ['ollama/qwen3.5:35b 35B, Q4_K_M', '21.4 GB', '256 k', 'tools, thinking', 'on disk'],
      ['ollama/nomic-embed-text:latest 137M, F16', '0.3 GB', '8 k', 'embeddings', 'on disk'],
      ['ollama/gpt-oss:120b-cloud', 'unknown', 'unknown', 'unknown', 'cloud, not in use'],
    ])
    await page.getByText('ollama/gemma4:26b runs with 8\u202fk of its 128\u202fk context.').waitFor()
  })

  it('draws every way out with a lamp a hop, a lost one dotted, and says what happens until it is back', async () => {
    const { page, faults } = await open()
    const card = page.getByRole('region', { name: 'Ways to servers' })
    await card.waitFor()
    const rows = await card
      .locator('.line-row')
      .evaluateAll((all) =>
        all.map((row) => [
          [...row.querySelectorAll('.lamp')].map((lamp) => lamp.classList[1]?.replace('lamp-', '')).join(' '),
          row.querySelector('.line-lost') === null ? 'through' : 'lost',
          (row.textContent ?? '').replaceAll(/\s+/gu, ' '),
        ]),
      )
    expect(rows).toEqual([
      ['up up', 'through', 'loopbackLocal serversOllama, llama.cpp, up'],
      ['up up', 'through', 'wlan0Internetopenai, mistral, up'],
      ['away off', 'lost', 'wg0, WireGuard, off since 13:18gpu-node10.20.0.7, the way is lost'],
    ])
    await card.getByText('VPN off: reconnect to use gpu-node. Until then opencode-kimi-k2-6 answers COMPLEX.').waitFor()
    const back = { ...network, vpn: { ...network.vpn, state: 'on' as const, sentence: null }, hosts: [], standIns: [] }
    server.send({ type: 'network', network: back })
    await card.getByText('VPN off').waitFor({ state: 'detached' })
    expect(faults).toEqual([])
  })

  it('splits the memory of a GPU by process, and says what is not told', async () => {
    const { page } = await open()
    const own = host(page, 'This machine')
    await own.getByText('17.2 of 24.0\u202fGiB').waitFor()
    await own.getByRole('img', { name: 'RTX 4090: ollama 15.8, Xorg 0.4, other 1.0, 83\u202f% busy' }).waitFor()
    await own.getByRole('img', { name: 'Arc 140V: unknown' }).waitFor()
  })

  it('shows what a server had that is away, dated and as away', async () => {
    const { page } = await open()
    await host(page, 'gpu-node').getByText('Models, as last seen 62\u202fmin ago').waitFor()
    const state = host(page, 'gpu-node')
      .getByRole('row', { name: /Qwen3-235B/ })
      .getByRole('cell')
      .last()
    expect(await state.textContent()).toBe('away')
  })

  it('says what to do about each that does not serve; only those that somebody wants are marked', async () => {
    const { page } = await open()
    await host(page, 'box').getByText('llama.cpp wants a key.').waitFor()
    await host(page, 'box').getByText('Set api_key of box under backends, or correct it.').waitFor()
    await host(page, 'This machine')
      .getByText(/Start it there with `lms server start`/)
      .waitFor()
    expect(await host(page, 'This machine').locator('.server-words.tone-warning').count()).toBe(0)
    expect(await host(page, 'gpu-node').locator('.server-words.tone-warning').count()).toBe(1)
    await page.getByRole('link', { name: 'Backends 2 in trouble' }).waitFor()
  })

  it('follows what comes and goes, announces it, and asks the gateway to look when it opens', async () => {
    const { page, faults } = await open([gpuNodeAway])
    await host(page, 'gpu-node').locator('.server-words').getByText('away', { exact: true }).waitFor()
    server.send({ type: 'backends', backends: [gpuNodeUp], discovery: true })
    await host(page, 'gpu-node').getByText('0.14.1, 1 model').waitFor()
    await page.getByText('gpu-node is back.').waitFor({ state: 'attached' })
    await page.getByRole('link', { name: 'Backends 1 away' }).waitFor({ state: 'detached' })
    server.send({ type: 'backends', backends: [gpuNodeAway], discovery: true })
    await page.getByText('gpu-node is away.').waitFor({ state: 'attached' })
    expect(server.calls.some(({ path }) => path === '/api/backends')).toBe(true)
    await page.getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => server.calls.some(({ path }) => path === '/api/backends/refresh')).toBe(true)
    expect(faults).toEqual([])
  })

  it('says what is missing when there is none, and why when none is looked for', async () => {
    const { page } = await open([])
    await page.getByRole('heading', { name: 'No local server found' }).waitFor()
    await page.getByText(status.config.path).waitFor()
    server.send({ type: 'backends', backends: [], discovery: false })
    await page.getByRole('heading', { name: 'Local servers are not looked for' }).waitFor()
  })

  const views = [[380], [640, 1_000, 1_440]]
  const cases = views.flatMap((widths) =>
    (['backends', 'no-backends'] as const).map((name) => ({ name, widths, first: widths[0] ?? 380 })),
  )
  it.each(cases)('$name from $first px: no sideways scroll, no fault, nothing serious for axe', async (given) => {
    await start(given.name === 'backends' ? backends : [])
    const { page, faults } = await openPage(browser, server.link(), {
      viewport: { width: given.first, height: 600 },
      reducedMotion: 'reduce',
    })
    await page
      .getByText(/Running/)
      .first()
      .waitFor({ state: 'attached' })
    await page.evaluate(() => {
      window.location.hash = '#/backends'
    })
    const landmark =
      given.first <= 480 ? page.locator('.panel') : page.getByRole('heading', { name: 'Backends', level: 1 })
    await landmark.waitFor()
    expect(await lookAt(page, given.name, given.widths)).toEqual([])
    expect(faults).toEqual([])
  })
})
