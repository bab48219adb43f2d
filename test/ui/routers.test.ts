import { readFileSync, writeFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ControlServer, ScriptedRefusal, startControlServer } from '../doubles/control-server.ts'
import { controlRoutes } from '../../gateway/contract/routes.ts'
import { findChromium, launchChromium, leavePages, openInterface, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { startRealGateway } from './real-gateway.ts'
import { explain, requests, routers, status } from './scripted-data.ts'
import { answerRouters } from './scripted-routers.ts'

const chromium = findChromium()

/** A router whose block has comments and a step with fields of its own. */
const smartConfig = (url: string) => `
model_list:
  - {model_name: small, litellm_params: {model: openai/small, api_base: "${url}", api_key: k}}
  - {model_name: large, litellm_params: {model: openai/large, api_base: "${url}", api_key: k}}
  - model_name: smart # the one we use
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers:
          SIMPLE: small # quick
          COMPLEX: [{model_name: large, litellm_params: {temperature: 0}}, small]
        tier_boundaries: {simple_medium: 0.1, medium_complex: 0.25, complex_reasoning: 0.55}
        dimension_weights:
          technicalTerms: 0.25 # ours
          codePresence: 0.3
`

describe.skipIf(chromium === undefined)('the Routers page (skipped without a Chromium in PATH)', () => {
  let browser: Browser
  let directory: string
  const stops: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
  }, 60_000)
  afterAll(async () => {
    await browser.close()
  })
  afterEach(async () => {
    await leavePages(browser)
    for (const stop of stops.splice(0)) await stop()
  })

  const toRouters = async (page: Page) => {
    await page.getByRole('link', { name: 'Routers' }).click()
    await page.getByRole('heading', { name: 'Weights' }).waitFor()
    await page.getByLabel('technicalTerms', { exact: true }).waitFor()
  }
  const openScripted = async (answer = answerRouters) => {
    const server: ControlServer = await startControlServer({
      directory,
      status,
      routers,
      requests,
      explain,
      more: answer,
    })
    stops.push(() => server.stop())
    const opened = await openInterface(browser, server)
    await toRouters(opened.page)
    return { ...opened, server }
  }
  const openReal = async () => {
    const gateway = await startRealGateway(directory, { config: smartConfig })
    stops.push(() => gateway.stop())
    const opened = await openPage(browser, await gateway.link(), {}, 'real')
    await toRouters(opened.page)
    return { ...opened, gateway, text: () => readFileSync(gateway.configPath, 'utf8') }
  }
  const weight = (page: Page, name: string) => page.getByLabel(name, { exact: true })
  const save = (page: Page) => page.getByRole('button', { name: 'Save to config.yaml' })

  it('saves what was edited, and no other byte of the file', async () => {
    const { page, gateway, text } = await openReal()
    const before = text()
    await weight(page, 'technicalTerms').fill('0.2')
    await page.getByText('was 0.25', { exact: true }).waitFor()
    await page.getByRole('slider', { name: 'COMPLEX from' }).press('ArrowRight')
    await page.getByText('COMPLEX from was 0.25').waitFor()
    await page.getByRole('button', { name: 'large 1 of 2' }).press('Alt+ArrowRight')
    await page.getByText('3 changes not saved').waitFor()
    await save(page).click()
    await page.getByText('Saved to config.yaml. It is in effect.').waitFor()
    expect(text()).toBe(
      before
        .replace(
          '[{model_name: large, litellm_params: {temperature: 0}}, small]',
          '[small, {model_name: large, litellm_params: {temperature: 0}}]',
        )
        .replace('medium_complex: 0.25', 'medium_complex: 0.26')
        .replace('technicalTerms: 0.25', 'technicalTerms: 0.2'),
    )
    const [smart] = (await gateway.client.routers()).routers
    expect(smart?.boundaries.medium_complex).toBe(0.26)
    await page.getByText(/not saved/).waitFor({ state: 'detached' })
    expect(await weight(page, 'technicalTerms').inputValue()).toBe('0.20')
  })

  it('says that the file was changed elsewhere, keeps the edits and saves them after it was read again', async () => {
    const { page, text, gateway } = await openReal()
    await weight(page, 'codePresence').fill('0.45')
    // Means the same, so the gateway has nothing new to tell; only the bytes are others.
    writeFileSync(gateway.configPath, `${text()}# by hand\n`)
    await save(page).click()
    await page.getByText(/was changed elsewhere since it was read here/).waitFor()
    expect(await weight(page, 'codePresence').inputValue()).toBe('0.45')
    await page.getByRole('button', { name: 'Read it again' }).click()
    await page.getByText(/was changed elsewhere/).waitFor({ state: 'detached' })
    await save(page).click()
    await page.getByText('Saved to config.yaml. It is in effect.').waitFor()
    expect(text()).toContain('codePresence: 0.45')
    expect(text()).toContain('# by hand')
  })

  it('keeps what is edited while the gateway is away and while another page is open', async () => {
    const { page, gateway } = await openReal()
    await weight(page, 'technicalTerms').fill('0,2')
    await page.getByText('A number such as 0.25, from −10 to 10. You typed 0,2.').waitFor()
    await page.getByRole('link', { name: 'Activity' }).click()
    await page.getByRole('heading', { name: 'Activity' }).waitFor()
    await toRouters(page)
    expect(await weight(page, 'technicalTerms').inputValue()).toBe('0,2')
    await save(page).click()
    await expect.poll(() => weight(page, 'technicalTerms').evaluate((one) => one === document.activeElement)).toBe(true)
    await gateway.stop()
    stops.length = 0
    await page.getByText('The gateway is away. Your changes stay here.').waitFor()
    expect(await save(page).isDisabled()).toBe(true)
    expect(await weight(page, 'technicalTerms').inputValue()).toBe('0,2')
  })

  it('moves a boundary with keys and pointer, never past its neighbour', async () => {
    const { page, faults } = await openScripted()
    const medium = page.getByRole('slider', { name: 'MEDIUM from' })
    await medium.focus()
    await page.keyboard.press('ArrowRight')
    expect(await medium.getAttribute('aria-valuetext')).toBe('0.11')
    await page.keyboard.press('Shift+ArrowRight')
    expect(await medium.getAttribute('aria-valuetext')).toBe('0.16')
    await page.keyboard.press('End')
    expect(await medium.getAttribute('aria-valuetext')).toBe('0.24')
    const reasoning = page.getByRole('slider', { name: 'REASONING from' })
    const box = await reasoning.boundingBox()
    if (box === null) throw new Error('The handle is not drawn.')
    await page.mouse.move(box.x + box.width / 2, box.y + 8)
    await page.mouse.down()
    await page.mouse.move(box.x - 600, box.y + 8, { steps: 4 })
    await page.mouse.up()
    expect(await reasoning.getAttribute('aria-valuetext')).toBe('0.26')
    await page.getByText('2 changes not saved').waitFor()
    await page.getByRole('button', { name: 'Revert' }).click()
    expect(await medium.getAttribute('aria-valuetext')).toBe('0.10')
    expect(faults).toEqual([])
  })

  it('decides a prompt under saved and edited settings once the typing stops', async () => {
    const { page, server, faults } = await openScripted()
    await page.getByLabel('Prompt to decide').pressSequentially('hello')
    await page.locator('.decision').getByText('SIMPLE', { exact: true }).waitFor()
    await page.getByRole('row', { name: /simpleIndicators hello .*0\.20/ }).waitFor()
    expect(await page.locator('.prompt-ink mark').allTextContents()).toEqual(['hello'])
    const tries = () => server.calls.filter(({ path }) => path === controlRoutes.tryRouter('opencodego-router'))
    expect(tries().at(-1)?.body).toEqual({ text: 'hello' })
    await page.getByLabel('Prompt to decide').fill('Explain your reasoning for this authentication architecture.')
    await weight(page, 'technicalTerms').fill('0.2')
    const saved = page.locator('.decision-saved')
    await saved.getByText('REASONING', { exact: true }).waitFor()
    await page.locator('.decision').first().getByText('COMPLEX', { exact: true }).waitFor()
    expect(tries().at(-1)?.body).toMatchObject({ draft: { dimension_weights: { technicalTerms: 0.2 } } })
    expect(faults).toEqual([])
  })

  it('replays last week: mix and money before and after, moves, labels', async () => {
    const { page, server, faults } = await openScripted()
    await page.getByText('1,610 decisions replayed').waitFor()
    await page.getByRole('img', { name: /^Saved: SIMPLE 41.%, MEDIUM 24.%/ }).waitFor()
    expect(await page.getByText('Edited', { exact: true }).count()).toBe(0)
    await page.getByRole('slider', { name: 'COMPLEX from' }).press('ArrowRight')
    await page.getByRole('img', { name: /^Edited: SIMPLE 41.%, MEDIUM 28.%/ }).waitFor()
    const moves = await page.locator('.move').evaluateAll((all) => all.map((one) => (one as HTMLElement).innerText))
    expect(moves.map((move) => move.split(/\s+/u))).toEqual([
      ['64', 'decisions', 'COMPLEX', 'MEDIUM', '−$0.31'],
      ['48', 'decisions', 'REASONING', 'COMPLEX', '+$0.08'],
    ])
    await page.getByText(/^3.% cheaper\. 3 labels of yours would be contradicted\.$/).waitFor()
    const asked = server.calls.filter(({ path }) => path === controlRoutes.replayRouter('opencodego-router'))
    expect(asked.at(-1)?.body).toEqual({ days: 7, draft: { tier_boundaries: { medium_complex: 0.26 } } })
    expect(faults).toEqual([])
  })

  it('adds a model from the list that typing filters', async () => {
    const { page, server } = await openScripted()
    await page.getByRole('button', { name: 'Add a model to SIMPLE' }).click()
    const filter = page.getByRole('combobox', { name: 'Add a model to SIMPLE' })
    await filter.fill('nothing like it')
    await page.getByText('No model is called “nothing like it”.').waitFor()
    await filter.fill('gpt')
    expect(await page.getByRole('listbox').getByRole('option').allTextContents()).toEqual(['gpt-5.4-mini', 'gpt-5.5'])
    await filter.press('ArrowDown')
    await filter.press('Enter')
    await page.getByRole('button', { name: 'gpt-5.5 2 of 2' }).waitFor()
    await save(page).click()
    await expect
      .poll(() => server.calls.find(({ path }) => path === controlRoutes.configEdits)?.body)
      .toEqual({
        revision: 'r1',
        edits: [
          {
            op: 'set',
            path: ['model_list', 30, 'litellm_params', 'complexity_router_config', 'tiers', 'SIMPLE'],
            value: ['opencode-deepseek-v4-flash', 'gpt-5.5'],
          },
        ],
      })
  })

  it('moves and removes a model with its menu, and does not save a router without one', async () => {
    const { page, server } = await openScripted()
    await page.getByRole('button', { name: 'opencode-kimi-k2-6 2 of 2' }).click()
    await page.getByRole('menuitem', { name: 'Try earlier' }).click()
    await page.getByRole('button', { name: 'opencode-kimi-k2-6 1 of 2' }).waitFor()
    await page.getByText('was ollama/qwen3.5:397b › opencode-kimi-k2-6').waitFor()
    const left = page.locator('button.chain-model')
    for (let count = await left.count(); count > 0; count -= 1) {
      await left.first().press('Delete')
      await expect.poll(() => left.count()).toBe(count - 1)
    }
    await page.getByText('A router needs at least one model.').waitFor()
    expect(await save(page).isDisabled()).toBe(true)
    expect(server.calls.some(({ path }) => path === controlRoutes.configEdits)).toBe(false)
  })

  it('shows what the gateway has against an edit, and nothing is lost', async () => {
    const refusing = (call: string, body: unknown) => {
      if (call !== `POST ${controlRoutes.configEdits}`) return answerRouters(call, body)
      throw new ScriptedRefusal(400, 'invalid_field', 'model_list[30] stands behind an alias; edit the file by hand.')
    }
    const { page } = await openScripted(refusing)
    await weight(page, 'technicalTerms').fill('0.2')
    await save(page).click()
    await page.getByText('Not saved: model_list[30] stands behind an alias; edit the file by hand.').waitFor()
    expect(await weight(page, 'technicalTerms').inputValue()).toBe('0.2')
    await page.getByText('1 change not saved').waitFor()
  })
})
