import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { controlRoutes } from '../../gateway/contract/routes.ts'
import { type ControlServer, ScriptedRefusal, startControlServer } from '../doubles/control-server.ts'
import { findChromium, launchChromium, leavePages, openInterface } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { lookAt } from './look.ts'
import { explain, finished, requests, routers, running, scriptedNow, status } from './scripted-data.ts'
import { answerStories } from './scripted-stories.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('the Activity page (skipped without a Chromium in PATH)', () => {
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

  const open = async (more = answerStories(), shown = requests) => {
    server = await startControlServer({ directory, status, routers, requests: shown, explain, more })
    const opened = await openInterface(browser, server, { viewport: { width: 1440, height: 900 } })
    await opened.page.locator('[data-id]').first().waitFor()
    return opened
  }
  const rowIds = (page: Page) =>
    page.locator('[data-id]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.id))
  const tell = async (page: Page, id: string) => {
    await page.locator(`[data-id="${id}"]`).click()
    await page.getByRole('heading', { name: 'The same tokens on each tier' }).waitFor()
  }
  const asked = () => server.calls.filter(({ path }) => path === controlRoutes.requests)

  it('finds requests by a part of their model, newer and older ones, and shows all again', async () => {
    const { page, faults } = await open()
    await page.keyboard.press('/')
    await page.keyboard.type('GPT-5.5')
    await page.locator('[data-id="call-last-week"]').waitFor()
    expect(await rowIds(page)).toEqual(['call-gpt', 'call-yesterday', 'call-last-week'])
    await page.getByText('3 requests found').waitFor()
    await page.getByLabel('Outcome').selectOption('Failed only')
    await expect.poll(() => rowIds(page)).toEqual(['call-last-week'])
    expect(await lookAt(page, 'activity-found', [640, 1_000])).toEqual([])
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.locator('[data-id="call-kimi"]').waitFor()
    expect(await page.getByLabel('Search requests').inputValue()).toBe('')
    expect(faults).toEqual([])
  })

  it('narrows the live list at once, and new requests only come in where they match', async () => {
    const { page } = await open()
    await page.getByLabel('Tier', { exact: true }).selectOption('REASONING')
    await expect.poll(() => rowIds(page)).toEqual(['call-mimo', 'call-opus'])
    server.send({ type: 'request', request: running('call-simple', scriptedNow + 10, { tier: 'SIMPLE' }) })
    server.send({ type: 'request', request: running('call-hard', scriptedNow + 20, { tier: 'REASONING' }) })
    await expect.poll(() => rowIds(page)).toEqual(['call-hard', 'call-mimo', 'call-opus'])
    await expect.poll(() => asked().length).toBeGreaterThan(0)
    await page.getByLabel('Agent', { exact: true }).selectOption('codex')
    await page.getByRole('heading', { name: 'No request is like that' }).waitFor()
  })

  it('says when older requests could not be searched, and shows the newer ones', async () => {
    const { page } = await open((call) => {
      if (!call.endsWith(controlRoutes.requests)) return undefined
      throw new ScriptedRefusal(503, 'ledger_unavailable', 'The disk is full.')
    })
    await page.getByLabel('Search requests').fill('gpt')
    await page.getByText('Only the newest requests are shown: The disk is full.').waitFor()
    expect(await rowIds(page)).toEqual(['call-mini', 'call-gpt'])
  })

  it('says of an address with an unknown call ID that there is none', async () => {
    const { page } = await open()
    await page.evaluate(() => window.location.assign('#/activity/call-of-nobody'))
    await page.getByText('No request has this call ID.').waitFor()
  })

  it('tells why, which candidates, and what the same tokens cost on each tier', async () => {
    const { page, faults } = await open()
    await tell(page, 'call-kimi')
    const story = page.getByRole('region', { name: 'opencode-kimi-k2-6' })
    const headings = await story.getByRole('heading', { level: 3 }).allTextContents()
    expect(headings).toEqual([
      'Why COMPLEX',
      'Candidates',
      'The same tokens on each tier',
      'Attempts',
      'Session',
      'Tokens',
      'Details',
    ])
    const technical = story.getByRole('row', { name: /^technicalTerms/ })
    expect(await technical.locator('.word-chip').allTextContents()).toEqual(['distributed', 'architecture', '+3'])
    await story.getByText('skipped, VPN off since 09:12').waitFor()
    const costs = await story.locator('.same').evaluateAll((all) => all.map((one) => (one as HTMLElement).innerText))
    expect(costs.map((cost) => cost.split('\n'))).toEqual([
      ['opencode-deepseek-v4-flash', '$0.0020'],
      ['opencode-deepseek-v4-pro', '$0.0185'],
      ['opencode-kimi-k2-6', '$0.0223'],
      ['opencode-mimo-v2-5-pro', '$0.0185'],
    ])
    await story.getByText('12 turns, $0.1614').waitFor()
    expect(await lookAt(page, 'story', [1_000, 1_440])).toEqual([])
    expect(faults).toEqual([])
  })

  it('marks a wrong tier without its text, shows the mark and takes it back', async () => {
    const { page } = await open()
    await tell(page, 'call-kimi')
    await page.getByRole('button', { name: 'Wrong tier?' }).click()
    await page.getByText('Stores the features of this turn, not its text.').waitFor()
    await page.keyboard.press('r')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Should be REASONING' }).waitFor()
    const sent = server.calls.find(({ path }) => path === controlRoutes.label('call-kimi'))
    expect(sent?.body).toEqual({ tier: 'REASONING' })
    await page.getByRole('button', { name: 'Should be REASONING' }).click()
    await page.getByRole('menuitem', { name: 'Take the mark back' }).click()
    await page.getByRole('button', { name: 'Wrong tier?' }).waitFor()
  })

  it('draws only the rows in sight, and keys reach all of them', async () => {
    const many = Array.from({ length: 200 }, (_, index) => finished(`call-${index}`, index + 1))
    const { page, faults } = await open(undefined, many)
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('201')
    expect(await page.locator('[data-id]').count()).toBeLessThan(50)
    await page.locator('[data-id="call-0"]').focus()
    await page.keyboard.press('End')
    await page.locator('[data-id="call-199"]').waitFor()
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.id)
    expect(await focused()).toBe('call-199')
    await page.keyboard.press('k')
    expect(await focused()).toBe('call-198')
    await page.keyboard.press('Home')
    expect(await focused()).toBe('call-0')
    expect(faults).toEqual([])
  })

  it('takes hundreds of requests in a burst, the newest first, without drawing each', async () => {
    const { page, faults } = await open()
    const drawn = await page.evaluateHandle(() => {
      const seen = { changes: 0 }
      new MutationObserver(() => (seen.changes += 1)).observe(document.querySelector('.grid-rows') as Node, {
        childList: true,
      })
      return seen
    })
    for (let index = 0; index < 300; index += 1)
      server.send({ type: 'request', request: finished(`burst-${index}`, 0, { startedAt: scriptedNow + index }) })
    await page.locator('[data-id="burst-299"]').waitFor()
    expect((await rowIds(page)).slice(0, 3)).toEqual(['burst-299', 'burst-298', 'burst-297'])
    expect(await drawn.evaluate(({ changes }) => changes)).toBeLessThan(150)
    expect(faults).toEqual([])
  })
})
