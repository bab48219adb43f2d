import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ModelList } from '../../gateway/contract/models.ts'
import { type ControlServer, startControlServer } from '../doubles/control-server.ts'
import { findChromium, launchChromium, leavePages, openInterface } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { lookAt } from './look.ts'
import { explain, requests, routers, status } from './scripted-data.ts'
import { models, scriptedModels } from './scripted-models.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('the Models page (skipped without a Chromium in PATH)', () => {
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

  const open = async (list: ModelList = models) => {
    server = await startControlServer({ directory, status, routers, requests, explain, more: scriptedModels(list) })
    const opened = await openInterface(browser, server)
    await opened.page.getByRole('link', { name: 'Models' }).click()
    await opened.page.getByRole('heading', { name: 'Models', level: 1 }).waitFor()
    return opened
  }

  it('says of each model whether it answers, what it costs, who uses it and when it did', async () => {
    const { page, faults } = await open()
    await page.getByText('6 models, 1 router').waitFor()
    await page.getByText('1 in trouble').waitFor()
    const row = (name: string) => page.getByRole('row', { name: new RegExp(name, 'u') })
    await row('opencode-kimi-k2-6').getByText('$0.6000 / $2.50').waitFor()
    await row('opencode-kimi-k2-6').getByRole('img', { name: 'COMPLEX of opencodego-router, place 1' }).waitFor()
    await row('mistral-small-4').getByText('Its key is refused since 10:02. Enter a new one.').waitFor()
    expect(await row('gpu-node/qwen3').getByRole('cell').allTextContents()).toContain('local')
    expect(await row('codex-flat').getByRole('cell').allTextContents()).toContain('flat rate')
    expect(await lookAt(page, 'models', [640, 1_000, 1_440])).toEqual([])
    await page.keyboard.press('/')
    await page.keyboard.type('mistral')
    await row('claude-opus').waitFor({ state: 'detached' })
    await page.getByLabel('Filter by name or provider').fill('nobody')
    await page.getByText('No model has “nobody” in its name or provider.').waitFor()
    await page.getByLabel('Filter by name or provider').fill('')
    await page.getByRole('button', { name: 'claude-opus-4-8' }).click()
    const pane = page.getByRole('region', { name: 'claude-opus-4-8' })
    await pane.getByText('$5.00 in, $25.00 out').waitFor()
    await pane.getByText('the config file, line 12').waitFor()
    expect(await lookAt(page, 'model')).toEqual([])
    await page.keyboard.press('Escape')
    await pane.waitFor({ state: 'detached' })
    expect(faults).toEqual([])
  })

  it('adds models of a provider: filter, tick, see the lines, write', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'Add models' }).click()
    const pane = page.getByRole('region', { name: 'Add models' })
    await pane.getByLabel('Provider').selectOption('anthropic')
    await pane.getByText('The key of anthropic is missing. Enter it in Settings.').waitFor()
    await pane.getByText('anthropic gave no list: ANTHROPIC_API_KEY is not set.').waitFor()
    await pane.getByLabel('Provider').selectOption('mistral')
    await pane.getByText('old-mistral is in the config, and open-mixtral-8x7b is no longer listed.').waitFor()
    expect(await pane.getByLabel(/^mistral-small-4/u).isDisabled()).toBe(true)
    await pane.getByLabel('Filter the list').fill('MAGI 2511')
    await pane.getByText('1 of 28').waitFor()
    await pane.getByLabel(/^magistral-medium-2511/u).check()
    await pane.getByLabel('Filter the list').fill('')
    await pane.getByLabel(/^pixtral-large/u).check()
    await pane.getByText('model: mistral/pixtral-large').waitFor()
    await pane.getByLabel('Names begin with').fill('my models/')
    await pane.getByRole('button', { name: 'Add 2 models' }).click()
    await pane.getByText('Letters, digits and . _ / - only. You typed my models/.').waitFor()
    expect(await lookAt(page, 'models-add', [640, 1_000, 1_440])).toEqual([])
    await pane.getByLabel('Names begin with').fill('eu/')
    await pane.getByText('model_name: eu/pixtral-large').waitFor()
    await pane.getByRole('button', { name: 'Add 2 models' }).click()
    await pane.getByText('Added: eu/magistral-medium-2511, eu/pixtral-large.').waitFor()
    await expect.poll(() => pane.getByLabel(/^pixtral-large/u).isDisabled()).toBe(true)
  })

  it('keeps what was ticked while the gateway is away, and says what is missing when there is nothing', async () => {
    const { page } = await open({ models: [], useReadAt: null })
    await page.getByRole('heading', { name: 'No model yet' }).waitFor()
    await page.getByRole('button', { name: 'Add models' }).click()
    const pane = page.getByRole('region', { name: 'Add models' })
    await pane.getByLabel('Provider').selectOption('mistral')
    await pane.getByLabel(/^pixtral-large/u).check()
    await server.stop()
    await pane.getByText('The gateway is away. Your choice stays here.').waitFor()
    expect(await pane.getByLabel(/^pixtral-large/u).isChecked()).toBe(true)
    expect(await pane.getByRole('button', { name: 'Add 1 model' }).isDisabled()).toBe(true)
    await server.restart()
  })
})
