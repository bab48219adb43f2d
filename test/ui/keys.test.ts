import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { formatMoney } from '../../renderer/format/money.ts'
import { findChromium, launchChromium, leavePages, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { type RealGateway, startRealGateway } from './real-gateway.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('the Keys page and a real gateway (skipped without a Chromium in PATH)', () => {
  let browser: Browser
  let directory: string
  let gateway: RealGateway

  beforeAll(async () => {
    directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
  }, 60_000)
  afterAll(async () => {
    await browser.close()
  })
  beforeEach(async () => {
    gateway = await startRealGateway(directory)
  })
  afterEach(async () => {
    await leavePages(browser)
    await gateway.stop()
  })

  const open = async () => {
    const opened = await openPage(browser, await gateway.link(), { permissions: ['clipboard-write'] }, 'real')
    await opened.page.getByRole('link', { name: 'Keys' }).click()
    await opened.page.getByRole('heading', { name: 'Keys', level: 1 }).waitFor()
    return opened
  }
  const create = async (page: Page, fields: Readonly<Record<string, string>>) => {
    await page.getByRole('button', { name: 'New key' }).click()
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value)
    await page.getByRole('button', { name: 'Create key' }).click()
  }
  const secret = (page: Page) => page.getByLabel('The new key').inputValue()

  it('makes a key that works, shows its secret once and asks before it is lost', async () => {
    const { page, faults } = await open()
    await page.getByText('No key beside the master key').waitFor()
    await create(page, { Name: 'laptop', Models: 'small', 'Budget in US dollars': '60' })
    await page.getByRole('heading', { name: 'laptop is ready' }).waitFor()
    const key = await secret(page)
    expect(await gateway.ask(key)).toBe(200)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByText('It was not copied yet.').waitFor()
    await page.getByRole('button', { name: 'Back to the key' }).click()
    await page.getByRole('button', { name: 'Copy key' }).click()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('region', { name: 'laptop' }).waitFor()
    expect(await page.content()).not.toContain(key)
    await page.getByRole('row', { name: /laptop.*of \$60\.00/ }).waitFor()
    expect(faults).toEqual([])
  })

  it('says what is wrong below the field, keeps what was typed and leads to it', async () => {
    const { page } = await open()
    await create(page, { Name: 'laptop', 'Budget in US dollars': '−5', 'Requests a minute': 'many' })
    await page.getByText('A budget is $0 or more. You typed −5.').waitFor()
    await page.getByText('A whole number from 0. You typed many.').waitFor()
    const budget = page.getByLabel('Budget in US dollars')
    expect(await budget.inputValue()).toBe('−5')
    await expect.poll(() => budget.evaluate((field) => field === document.activeElement)).toBe(true)
    await budget.fill('5')
    await page.getByLabel('Requests a minute').fill('60')
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByRole('heading', { name: 'laptop is ready' }).waitFor()
    const [key] = (await gateway.client.keys()).keys
    expect(key).toMatchObject({ alias: 'laptop', rpm: 60, budget: { maxNanoUsd: 5_000_000_000 } })
  })

  it('changes, blocks, renews and revokes a key', async () => {
    const created = await gateway.client.createKey({ alias: 'codex', rpm: 10, agent: 'codex' })
    const { page, faults } = await open()
    await page.getByRole('button', { name: 'codex' }).click()
    await page.getByLabel('Requests a minute').fill('')
    await page.getByLabel('Starts anew').selectOption('every day')
    await page.getByLabel('Budget in US dollars').fill('2.50')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    const [changed] = (await gateway.client.keys()).keys
    expect(changed).toMatchObject({ rpm: null, budget: { maxNanoUsd: 2_500_000_000, duration: 'daily' } })

    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await page.getByRole('button', { name: 'Unblock' }).waitFor()
    expect(await gateway.ask(created.key)).toBeGreaterThanOrEqual(401)
    await page.getByRole('button', { name: 'Unblock' }).click()
    await page.getByRole('button', { name: 'Block', exact: true }).waitFor()
    expect(await gateway.ask(created.key)).toBe(200)

    await page.getByRole('button', { name: 'New secret' }).click()
    await page.getByText('The old secret stops working at once. codex needs the new one.').waitFor()
    await page.getByRole('button', { name: 'Make a new secret' }).click()
    await page.getByRole('heading', { name: 'codex is ready' }).waitFor()
    const renewed = await secret(page)
    expect([await gateway.ask(created.key), await gateway.ask(renewed)]).toEqual([401, 200])
    await page.getByRole('button', { name: 'Copy key' }).click()
    await page.getByRole('button', { name: 'Done' }).click()

    await page.getByRole('button', { name: 'Revoke key' }).click()
    await page.getByText('Revoke key. codex stops at once.').waitFor()
    await page.getByRole('button', { name: 'Revoke key' }).click()
    await page.getByText('No key beside the master key').waitFor()
    expect(await gateway.ask(renewed)).toBe(401)
    expect(faults).toEqual([])
  })

  it('loses nothing that was typed when the gateway goes', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByLabel('Name', { exact: true }).fill('laptop')
    await gateway.stop()
    await page.getByText('The gateway is away. What you typed stays here.').waitFor()
    expect(await page.getByRole('button', { name: 'Create key' }).isDisabled()).toBe(true)
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('laptop')
  })

  it('refuses a second key of the same name before it asks', async () => {
    await gateway.client.createKey({ alias: 'laptop' })
    const { page } = await open()
    await page.getByRole('button', { name: 'laptop' }).waitFor()
    await create(page, { Name: 'laptop' })
    await page.getByText('There is a key named laptop already.').waitFor()
  })

  it('counts at Spend and at its budget what a key asks', async () => {
    const { key } = await gateway.client.createKey({ alias: 'laptop', maxBudgetUsd: 60 })
    const { page } = await open()
    await page.getByRole('row', { name: /laptop.*\$0\.00 of \$60\.00/ }).waitFor()
    expect(await gateway.ask(key)).toBe(200)
    const [row] = (await gateway.client.spend({ by: 'key' })).rows
    const dollars = formatMoney(row?.billedNanoUsd ?? 0, 'en-US')
    expect(row?.billedNanoUsd).toBeGreaterThan(0)
    await page.getByRole('row', { name: `${dollars} of $60.00` }).waitFor()
    await page.getByRole('link', { name: 'Spend' }).click()
    await page.locator('.spend-fact').getByText(dollars, { exact: true }).waitFor()
    await page
      .locator('.table-card')
      .getByRole('row', { name: /^small/ })
      .waitFor()
    expect(await page.locator('.chart-total').allTextContents()).toEqual([dollars])
  })
})
