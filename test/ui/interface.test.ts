import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ControlServer, startControlServer } from '../doubles/control-server.ts'
import {
  findAccessibilityFaults,
  findChromium,
  launchChromium,
  leavePages,
  openInterface,
  openPage,
  sidewaysScroll,
} from './browser.ts'
import { buildInterface } from './interface-build.ts'
import {
  demoRouter,
  demoStatus,
  explain,
  finished,
  refusedStatus,
  requests,
  routers,
  running,
} from './scripted-data.ts'
import { scriptedNow, status } from './scripted-data.ts'
import { keys } from './scripted-keys.ts'
import { backends, network, quotas } from './scripted-places.ts'
import { scriptedSpend } from './scripted-spend.ts'

const chromium = findChromium()
const panelSize = { viewport: { width: 380, height: 600 } }

describe.skipIf(chromium === undefined)('the interface in a browser (skipped without a Chromium in PATH)', () => {
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
  beforeEach(async () => {
    server = await startControlServer({ directory, status, routers, requests, explain })
  })
  afterEach(async () => {
    await leavePages(browser)
    await server.stop()
  })

  const rowIds = (page: Page) =>
    page.locator('[data-id]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.id))
  const row = (page: Page, id: string) => page.locator(`[data-id="${id}"]`)

  describe('its session', () => {
    it('takes the code out of the address and the token into the tab', async () => {
      const { page, faults } = await openInterface(browser, server)
      expect(page.url()).toBe(`${server.url}/ui/`)
      expect(await page.evaluate(() => window.sessionStorage.getItem('signalbox.session'))).toBe('session-code-1')
      await page.reload()
      await page
        .getByText(/Running/)
        .first()
        .waitFor()
      expect(faults).toEqual([])
    })

    it('says that a link works once', async () => {
      const link = server.link()
      const first = await openPage(browser, link)
      await first.page
        .getByText(/Running/)
        .first()
        .waitFor()
      const second = await openPage(browser, link)
      await second.page.getByRole('heading', { name: 'This link was used before' }).waitFor()
      expect(second.page.url()).toBe(`${server.url}/ui/`)
    })

    it('says that the session ended when the gateway forgot it', async () => {
      const { page } = await openInterface(browser, server)
      server.forgetSessions()
      await server.stop()
      await server.restart()
      await page.getByRole('heading', { name: 'This session has ended' }).waitFor()
    })

    it('keeps what was typed when the session ends, and goes on with it after a new link in the same tab', async () => {
      const { page } = await openInterface(browser, server)
      const search = page.getByLabel('Search requests')
      await search.fill('kimi')
      server.forgetSessions()
      await server.stop()
      await server.restart()
      const ended = page.getByRole('heading', { name: 'This session has ended' })
      await ended.waitFor()
      expect(await search.isVisible()).toBe(false)
      const follow = (link: string) => page.evaluate((url) => window.location.assign(url), link)
      await follow(`${server.url}/ui/#code=nobody-gave-it`)
      await page.getByRole('heading', { name: 'This link was used before' }).waitFor()
      await follow(server.link())
      await search.waitFor()
      expect(await search.inputValue()).toBe('kimi')
      expect(await page.evaluate(() => window.sessionStorage.getItem('signalbox.session'))).toMatch(/^session-code-/)
      expect(page.url()).not.toContain('code=')
    })
  })

  describe('its live list', () => {
    it('shows a new request at the head and finishes it in its place', async () => {
      const { page, faults } = await openInterface(browser, server)
      await row(page, 'call-kimi').waitFor()
      server.send({ type: 'request', request: running('call-new', scriptedNow + 10, { model: 'gpt-5.5' }) })
      await row(page, 'call-new').getByText('running').waitFor()
      expect((await rowIds(page))[0]).toBe('call-new')
      const before = await row(page, 'call-new').boundingBox()
      const done = { ...finished('call-new', 0), startedAt: scriptedNow + 10, costNanoUsd: 1_500_000_000 }
      server.send({ type: 'request', request: done })
      await row(page, 'call-new').getByText('$1.50').waitFor()
      expect(await row(page, 'call-new').boundingBox()).toEqual(before)
      expect(faults).toEqual([])
    })

    it('counts on while a request runs', async () => {
      const { page } = await openInterface(browser, server)
      const duration = row(page, 'call-running-1').locator('.cost-cell .under')
      const first = await duration.textContent()
      await expect.poll(() => duration.textContent()).not.toBe(first)
    })

    it('lets new rows wait under the pointer and shows them when asked', async () => {
      const { page } = await openInterface(browser, server)
      await row(page, 'call-title').hover()
      const before = await rowIds(page)
      server.send({ type: 'request', request: running('call-a', scriptedNow + 10) })
      server.send({ type: 'request', request: running('call-b', scriptedNow + 20) })
      const button = page.getByRole('button', { name: '2 new' })
      await button.waitFor()
      expect(await rowIds(page)).toEqual(before)
      await button.click()
      await row(page, 'call-a').waitFor()
      expect((await rowIds(page)).slice(0, 2)).toEqual(['call-b', 'call-a'])
      // Still under the pointer: what comes next waits again, and comes in by itself once the pointer has left.
      server.send({ type: 'request', request: running('call-c', scriptedNow + 30) })
      await page.getByRole('button', { name: '1 new' }).waitFor()
      await page.getByRole('link', { name: 'Routers' }).hover()
      await row(page, 'call-c').waitFor()
    })

    it('keeps the rows of the panel while the pointer goes to the button over them', async () => {
      const { page } = await openInterface(browser, server, panelSize)
      const shown = page.locator('.panel-row .name')
      await shown.nth(2).hover()
      const before = await shown.allTextContents()
      server.send({ type: 'request', request: running('call-a', scriptedNow + 10, { model: 'newest' }) })
      await page.getByRole('button', { name: '1 new' }).hover()
      expect(await shown.allTextContents()).toEqual(before)
      await page.getByRole('button', { name: '1 new' }).click()
      await shown.first().getByText('newest').waitFor()
      expect(await shown.count()).toBe(5)
    })

    it('opens a request by keyboard, tells its story and closes it again', async () => {
      const { page, faults } = await openInterface(browser, server)
      await row(page, 'call-running-1').waitFor()
      const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.id)
      await page.getByLabel('Search requests').focus()
      await page.keyboard.press('Escape')
      await page.keyboard.press('j')
      expect(await focused()).toBe((await rowIds(page))[0])
      await page.keyboard.press('j')
      await page.keyboard.press('k')
      await page.keyboard.press('j')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Why COMPLEX' }).waitFor()
      const story = page.getByRole('region', { name: 'opencode-kimi-k2-6' })
      expect(await story.getByText('score 0.395, between 0.25 and 0.55').count()).toBe(1)
      expect(await story.getByRole('row', { name: /reasoning.*\+0\.28/ }).count()).toBe(1)
      expect(await story.getByText('429, rate_limited').count()).toBe(1)
      expect(await story.getByText('the first choice · cost about $0.0012 by itself').count()).toBe(1)
      const kinds = await story.locator('.attempt-bar').evaluateAll((bars) => bars.map((bar) => bar.classList[1]))
      expect(kinds).toEqual(['attempt-failed', 'attempt-held', 'attempt-silent', 'attempt-told'])
      expect(await row(page, 'call-kimi').getAttribute('aria-selected')).toBe('true')
      await page.keyboard.press('Escape')
      await story.waitFor({ state: 'detached' })
      expect(faults).toEqual([])
    })

    it('labels pretend money and calls an unknown price unknown', async () => {
      const { page } = await openInterface(browser, server)
      await row(page, 'call-demo').getByText('pretend').waitFor()
      expect(await row(page, 'call-unknown').locator('.cost').textContent()).toBe('unknown')
    })
  })

  describe('its panel', () => {
    it('tells what routing saved, which server is away and what is nearly used up', async () => {
      const more = { spend: scriptedSpend, keys, backends, network, quotas }
      const full = await startControlServer({ directory, status, routers, requests, explain, ...more })
      const { page, faults } = await openInterface(browser, full, panelSize)
      await page.getByText('Routing saved $2.88').waitFor()
      await page.getByRole('img', { name: /^Spend by hour today, at most \$/ }).waitFor()
      await page.locator('.place').filter({ hasText: 'VPN off: reconnect to use gpu-node' }).waitFor()
      await page.getByRole('img', { name: 'opencode-kimi-k2-6, requests per day: 91\u202f%' }).waitFor()
      expect(await page.getByText('lm-studio').count()).toBe(0)
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(600)
      expect(faults).toEqual([])
      await full.stop()
    })

    it('says in one line each that there is no server and no limit', async () => {
      const { page } = await openInterface(browser, server, panelSize)
      await page.getByText('No local server is in use.').waitFor()
      await page.getByText('No budget and no quota is set.').waitFor()
    })
  })

  describe('its switches', () => {
    const group = (page: Page, name: string) => page.getByRole('radiogroup', { name: `${name}: Auto, pinned, off` })

    const putCall = () => server.calls.find((call) => call.method === 'PUT')

    it('moves at once and stays where the gateway put it', async () => {
      const { page, faults } = await openInterface(browser, server, panelSize)
      const off = group(page, 'opencodego-router').getByRole('radio', { name: 'Off' })
      await off.click()
      await page.getByText('not offered to clients').nth(1).waitFor()
      expect(await off.getAttribute('aria-checked')).toBe('true')
      await expect.poll(putCall).toEqual({
        method: 'PUT',
        path: '/api/routers/opencodego-router/switch',
        body: { mode: 'off' },
      })
      expect(faults).toEqual([])
    })

    it('goes back with a sentence when the gateway refuses', async () => {
      server.refuseSwitches('The database is read-only.')
      const { page } = await openInterface(browser, server, panelSize)
      const radios = group(page, 'opencodego-router')
      await radios.getByRole('radio', { name: 'Off' }).click()
      const sentence = page.getByText('opencodego-router stays as it was: The database is read-only.')
      await sentence.waitFor()
      expect(await radios.getByRole('radio', { name: 'Auto' }).getAttribute('aria-checked')).toBe('true')
      server.refuseSwitches(undefined)
      await radios.getByRole('radio', { name: 'Off' }).click()
      await sentence.waitFor({ state: 'detached' })
    })

    it('pins by keyboard', async () => {
      const { page } = await openInterface(browser, server, panelSize)
      const radios = group(page, 'opencodego-router')
      await radios.getByRole('radio', { name: 'Auto' }).focus()
      await page.keyboard.press('ArrowRight')
      expect(server.calls.some((call) => call.method === 'PUT')).toBe(false)
      await page.keyboard.press('Enter')
      const menu = page.getByRole('menu', { name: 'Pin to' })
      await menu.waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await radios.getByRole('radio', { name: 'Pinned to COMPLEX' }).waitFor()
      expect(await menu.count()).toBe(0)
      // The switch moves before the gateway has heard of it.
      await expect.poll(putCall).toMatchObject({ body: { mode: 'pinned', tier: 'COMPLEX' } })
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Pinned to COMPLEX')
    })

    it('leaves the menu by Escape without a change', async () => {
      const { page } = await openInterface(browser, server, panelSize)
      await page.getByRole('radio', { name: 'Pinned to MEDIUM' }).click()
      await page.getByRole('menuitemradio', { name: /^MEDIUM/, checked: true }).waitFor()
      await page.keyboard.press('Escape')
      expect(await page.getByRole('menu').count()).toBe(0)
      expect(server.calls.some((call) => call.method === 'PUT')).toBe(false)
    })
  })

  it('keeps its last data while the gateway is away and comes back by itself', async () => {
    const { page } = await openInterface(browser, server)
    await row(page, 'call-kimi').waitFor()
    await server.stop()
    await page.getByText(/^Reconnecting, last update 14:20$/).waitFor()
    expect(await row(page, 'call-kimi').count()).toBe(1)
    expect(await page.locator('.page-body').evaluate((body) => body.className)).toContain('stale')
    server.set({ requests: [finished('call-after', 1)] })
    await server.restart()
    await row(page, 'call-after').waitFor()
    expect(await page.getByText(/^Reconnecting/).count()).toBe(0)
    expect(await row(page, 'call-kimi').count()).toBe(0)
  })

  it('says in the desktop application why the gateway does not run, and starts it on a free port', async () => {
    const { page } = await openInterface(browser, server)
    await page.evaluate(() => {
      const calls: unknown[] = []
      const gateway = {
        phase: 'failed',
        cause: 'port-taken',
        message: 'Port 4000 is held by LiteLLM.',
        offeredPort: 4001,
      }
      const signalbox = {
        view: () => Promise.resolve({ gateway }),
        startGateway: (port?: number) => calls.push(port ?? 'its own'),
      }
      Object.assign(window, { signalbox, calls })
    })
    await server.stop()
    await page.getByText('Port 4000 is held by LiteLLM.').waitFor()
    expect(await findAccessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Use port 4001' }).click()
    await page.getByRole('button', { name: 'Start again' }).click()
    expect(await page.evaluate(() => (window as unknown as { calls: unknown[] }).calls)).toEqual([4001, 'its own'])
    await page.evaluate(() => Reflect.deleteProperty(window, 'signalbox'))
  })

  it('starts with the way to the first request, without a key on screen', async () => {
    server.set({ status: demoStatus, routers: [demoRouter], requests: [] })
    const { page, faults } = await openInterface(browser, server)
    await page.getByRole('heading', { name: 'No request yet' }).waitFor()
    const command = await page.locator('pre').textContent()
    expect(command).toContain('curl http://127.0.0.1:4000/v1/chat/completions')
    expect(command).toContain('$(npm run -s cli -- keys show)')
    server.send({ type: 'request', request: finished('call-first', 0, { priceSource: 'demo' }) })
    await row(page, 'call-first').waitFor()
    expect(faults).toEqual([])
  })

  it('names the problems of a refused config and says that nothing changed', async () => {
    const { page } = await openInterface(browser, server)
    server.send({ type: 'status', status: refusedStatus })
    await page.getByText('config.yaml has 2 problems').waitFor()
    await page.getByText('Nothing you use has changed.').waitFor()
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('84:25').waitFor()
    await page.getByText('Did you mean opencodego/kimi-k2.6?').waitFor()
    server.send({ type: 'status', status })
    await page.getByText('config.yaml has 2 problems').waitFor({ state: 'detached' })
  })

  it('does not scroll sideways at any width', async () => {
    const { page } = await openInterface(browser, server)
    for (const fragment of ['#/activity', '#/activity/call-kimi', '#/routers']) {
      await page.evaluate((target) => {
        window.location.hash = target
      }, fragment)
      for (const width of [320, 380, 481, 640, 760, 900, 1_199]) {
        await page.setViewportSize({ width, height: 700 })
        expect([fragment, width, await sidewaysScroll(page)]).toEqual([fragment, width, 0])
      }
    }
  })

  it('moves nothing for who wants no motion', async () => {
    const { page } = await openInterface(browser, server, { reducedMotion: 'reduce' })
    await row(page, 'call-kimi').waitFor()
    expect(await row(page, 'call-kimi').evaluate((one) => getComputedStyle(one).animationName)).toBe('none')
  })
})
