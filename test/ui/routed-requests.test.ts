import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, launchChromium, leavePages, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { type RealGateway, startRealGateway } from './real-gateway.ts'

const chromium = findChromium()

const priced = (url: string, name: string, dollars: number) =>
  `  - {model_name: ${name}, litellm_params: {model: openai/${name}, api_base: "${url}", api_key: k, input_cost_per_token: ${dollars}, output_cost_per_token: ${dollars}}}`

const twoTiers = (url: string) => `
model_list:
${priced(url, 'small', 0.001)}
${priced(url, 'large', 0.01)}
  - model_name: smart
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: {SIMPLE: small, COMPLEX: [large, small]}
`

const hard =
  'Explain the architecture of this distributed database: authentication, encryption, kubernetes, microservices. Implement the api function in python.'

/** What the pages make of requests that a real router decided. One gateway serves all of them, in order. */
describe.skipIf(chromium === undefined)('routed requests in a browser (skipped without a Chromium in PATH)', () => {
  let browser: Browser
  let gateway: RealGateway
  let page: Page
  let faults: readonly string[]

  beforeAll(async () => {
    const directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
    gateway = await startRealGateway(directory, { config: twoTiers })
    for (const prompt of ['hello', hard, 'hello again']) {
      expect(await gateway.ask(gateway.masterKey, prompt, 'smart')).toBe(200)
    }
    const opened = await openPage(browser, await gateway.link(), { viewport: { width: 1440, height: 900 } }, 'real')
    page = opened.page
    faults = opened.faults
  }, 60_000)
  afterAll(async () => {
    await leavePages(browser)
    await browser.close()
    await gateway.stop()
  })

  it('are listed, found by their model and narrowed to a tier', async () => {
    const rows = page.locator('[data-id]')
    await expect.poll(() => rows.count()).toBe(3)
    await page.getByLabel('Search requests').fill('LARGE')
    await page.getByText('1 request found').waitFor()
    expect(await rows.count()).toBe(1)
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByLabel('Tier', { exact: true }).selectOption('SIMPLE')
    await page.getByText('2 requests found').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect.poll(() => rows.count()).toBe(3)
  })

  it('tell which words made the tier, what was not needed and what each tier would have cost', async () => {
    await page.locator('[data-id]').nth(1).click()
    const story = page.getByRole('region', { name: 'large' })
    await story.getByRole('heading', { name: 'The same tokens on each tier' }).waitFor()
    await story
      .getByRole('row', { name: /^technicalTerms/ })
      .locator('.word-chip')
      .first()
      .waitFor()
    await story.locator('.candidate').filter({ hasText: 'small' }).getByText('not needed').waitFor()
    const [simple, complex] = await story.locator('.same').allInnerTexts()
    expect(simple).toContain('small')
    expect(complex).toContain('large')
    expect(faults).toEqual([])
  })

  it('are marked with the tier they should have had; the mark holds and can be taken back', async () => {
    await page.getByRole('button', { name: 'Wrong tier?' }).click()
    await page.getByRole('menuitemradio', { name: 'SIMPLE' }).click()
    await page.getByRole('button', { name: 'Should be SIMPLE' }).waitFor()
    const { labels } = await gateway.client.labels()
    expect(labels.map(({ router, tier }) => [router, tier])).toEqual([['smart', 'SIMPLE']])
    expect(JSON.stringify(labels)).not.toContain('kubernetes')
  })

  it('are decided again with edited settings: the mix, the moves, the mark that holds then', async () => {
    await page.getByRole('link', { name: 'Routers' }).click()
    await page.getByText('3 decisions replayed').waitFor()
    await page.getByLabel('Prompt to decide').fill(hard)
    await page.locator('.decision').first().getByText('COMPLEX', { exact: true }).waitFor()
    for (const name of ['technicalTerms', 'codePresence']) await page.getByLabel(name, { exact: true }).fill('0')
    await page.locator('.decision-saved').getByText('COMPLEX', { exact: true }).waitFor()
    await page.locator('.decision').first().getByText('SIMPLE', { exact: true }).waitFor()
    const move = page.locator('.move')
    await move.waitFor()
    expect((await move.innerText()).split(/\s+/u).slice(0, 4)).toEqual(['1', 'decision', 'COMPLEX', 'SIMPLE'])
    await page.getByText(/Labels contradicted: 1 with the saved settings, 0 with the edited ones\./).waitFor()
    expect(faults).toEqual([])
  })

  it('get another model in their chain, which answers the next one', async () => {
    await page.getByRole('button', { name: 'Revert' }).click()
    await page.getByRole('button', { name: 'Add a model to SIMPLE' }).click()
    await page.getByRole('combobox', { name: 'Add a model to SIMPLE' }).fill('lar')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'large 2 of 2' }).press('Alt+ArrowLeft')
    await page.getByRole('button', { name: 'Save to config.yaml' }).click()
    await page.getByText('Saved to config.yaml. It is in effect.').waitFor()
    expect(await gateway.ask(gateway.masterKey, 'hello', 'smart')).toBe(200)
    await page.getByRole('link', { name: 'Activity' }).click()
    await page.locator('[data-id]').first().getByText('large').waitFor()
    expect(faults).toEqual([])
  })

  it('stand on the page Spend, a row a model, and on Models with price and last use', async () => {
    await page.getByRole('link', { name: 'Spend' }).click()
    const billed = (name: string) => page.locator('.table-card').getByRole('row', { name: new RegExp(`^${name}`, 'u') })
    for (const name of ['small', 'large']) await billed(name).getByText(/^\$\d/u).first().waitFor()
    await page.getByRole('link', { name: 'Models' }).click()
    const model = page.getByRole('row', { name: /^large/u })
    await model.getByText('$10,000.00 / $10,000.00').waitFor()
    expect(await model.innerText()).not.toContain('never')
    await model.getByRole('img', { name: /COMPLEX of smart/u }).waitFor()
    expect(faults).toEqual([])
  })
})
