import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ControlServer, startControlServer } from '../doubles/control-server.ts'
import { findChromium, launchChromium, leavePages, openInterface } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { explain, requests, routers, status } from './scripted-data.ts'
import { keys } from './scripted-keys.ts'
import { emptySpend, scriptedSpend } from './scripted-spend.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('the Spend page (skipped without a Chromium in PATH)', () => {
  let browser: Browser
  let directory: string
  let server: ControlServer
  let answer: typeof scriptedSpend

  beforeAll(async () => {
    directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
  }, 60_000)
  afterAll(async () => {
    await browser.close()
  })
  beforeEach(async () => {
    answer = scriptedSpend
    const spend = (query: URLSearchParams) => answer(query)
    server = await startControlServer({ directory, status, routers, requests, explain, keys, spend })
  })
  afterEach(async () => {
    await leavePages(browser)
    await server.stop()
  })

  const open = async () => {
    const opened = await openInterface(browser, server)
    await opened.page.keyboard.press('Control+2')
    await opened.page.getByRole('heading', { name: 'Spend', level: 1 }).waitFor()
    return opened
  }
  const row = (page: Page, name: string) =>
    page.locator('.table-card').getByRole('row', { name: new RegExp(`^${name}`) })

  it('tells what was billed, saved, not billed, and the budget nearest to its end', async () => {
    const { page, faults } = await open()
    await page.getByText('$16.43').waitFor()
    await page.getByText('local, about $1.18 at list price').waitFor()
    await page.getByText('Budget of laptop').waitFor()
    expect(await page.getByText('$41.20 of $60.00').isVisible()).toBe(true)
    expect(await page.getByText(/On pace for \$70\.\d\d by 1 Dec/).isVisible()).toBe(true)
    expect(faults).toEqual([])
  })

  it('has the chart as a table, tier by tier', async () => {
    const { page } = await open()
    const twin = page.getByRole('table', { name: 'Billed per day or hour' })
    await twin.waitFor({ state: 'attached' })
    const heads = await twin.getByRole('columnheader').allTextContents()
    expect(heads).toEqual(['Time', 'SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING', 'DIRECT', 'Total'])
    expect(await twin.getByRole('row', { name: /17 Nov.*\$4\.17/ }).count()).toBe(1)
  })

  it('filters by a row, says so in one chip, and lets go of it', async () => {
    const { page } = await open()
    await row(page, 'claude-opus-4-8').getByRole('button').click()
    await page.getByText('Model: claude-opus-4-8').waitFor()
    await row(page, 'opencode-kimi-k2-6').waitFor({ state: 'detached' })
    await page.locator('.spend-fact').getByText('$3.23').waitFor()
    await page.getByRole('button', { name: 'Remove the filter' }).click()
    await row(page, 'opencode-kimi-k2-6').waitFor()
  })

  it('changes the split by arrow keys and filters from the legend', async () => {
    const { page } = await open()
    await page.getByRole('radio', { name: 'Tier' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await row(page, 'opencodego').waitFor()
    await page.locator('.legend').getByRole('button', { name: 'anthropic' }).click()
    await page.getByText('Provider: anthropic').waitFor()
  })

  it('keeps the figures while a custom range cannot be asked for', async () => {
    const { page } = await open()
    await page.getByText('Custom').click()
    await page.getByLabel('To', { exact: true }).fill('2026-10-01')
    await page.getByText('The first day is after the last one.').waitFor()
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('2026-10-01')
    expect(await page.getByText('$16.43').isVisible()).toBe(true)
    await page.getByLabel('From', { exact: true }).fill('2026-09-30')
    await page.getByText('No request in this range').waitFor({ state: 'attached' })
  })

  it('saves the rows as a file', async () => {
    const { page, faults } = await open()
    await page.getByText('$16.43').waitFor()
    const arriving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const download = await arriving
    expect(download.suggestedFilename()).toBe('signalbox-spend-model-2026-11-18.csv')
    const text = await readFile(await download.path(), 'utf8')
    expect(text.split('\n')[0]).toBe('name,requests,billedNanoUsd')
    expect(text).toContain('claude-opus-4-8,324,')
    expect(faults).toEqual([])
  })

  it('says what failed and reads again when asked', async () => {
    answer = () => {
      throw new Error('The ledger is locked.')
    }
    const { page } = await open()
    await page.getByText('The figures could not be read: The ledger is locked.').waitFor()
    answer = scriptedSpend
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('$16.43').waitFor()
  })

  it('says that nothing was asked and offers a longer range', async () => {
    answer = (query) =>
      Number(query.get('since')) < Date.parse('2026-11-01') ? scriptedSpend(query) : emptySpend(query)
    const { page } = await open()
    await page.getByText('No request in this range').waitFor()
    await page.getByRole('button', { name: 'Show 30 days' }).click()
    await page.getByText('$16.43').waitFor()
  })

  it('follows what is spent while it is looked at', async () => {
    const { page } = await open()
    await page.getByText('$16.43').waitFor()
    answer = (query) => {
      const report = scriptedSpend(query)
      return { ...report, totals: { ...report.totals, billedNanoUsd: 17_000_000_000 } }
    }
    server.send({ type: 'status', status: { ...status, spendToday: { ...status.spendToday, requests: 413 } } })
    await page.getByText('$17.00').waitFor()
  })

  it('dims what it has while the gateway is away', async () => {
    const { page } = await open()
    await page.getByText('$16.43').waitFor()
    await server.stop()
    await page.getByText(/^Reconnecting/).waitFor()
    expect(await page.getByText('$16.43').isVisible()).toBe(true)
    expect(await page.getByRole('button', { name: 'CSV' }).isDisabled()).toBe(true)
  })
})
