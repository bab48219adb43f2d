import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Setup } from '../../gateway/contract/setup.ts'
import { type ControlServer, startControlServer } from '../doubles/control-server.ts'
import { findChromium, launchChromium, leavePages, openInterface, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { lookAt } from './look.ts'
import { demoRouter, demoStatus, explain, finished } from './scripted-data.ts'
import { foundMuch, foundNothing, scriptedSetup } from './scripted-setup.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('the first run (skipped without a Chromium in PATH)', () => {
  let browser: Browser
  let directory: string
  let server: ControlServer
  let script: ReturnType<typeof scriptedSetup>

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

  /** Opened as a person does it: by the link, without an address of a page. */
  const open = async (setup: Setup) => {
    script = scriptedSetup(setup)
    const rest = { status: demoStatus, routers: [demoRouter], requests: [], explain }
    server = await startControlServer({ directory, ...rest, more: script.answer })
    return openPage(browser, server.link())
  }
  const stop = (page: Page, title: string) => page.getByRole('heading', { name: title, level: 1 })
  const next = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

  it('opens by itself where nothing is set up, and shows what was found', async () => {
    const { page, faults } = await open(foundMuch)
    await stop(page, 'Found on this machine').waitFor()
    await page.getByText('/home/user/litellm/litellm_config.yaml').waitFor()
    await page.getByText('npm run cli -- import /home/user/litellm').waitFor()
    await page.getByText('openai, mistral').waitFor()
    await page.getByText('2 in the environment').waitFor()
    await page.getByText('opencode, Claude Code').waitFor()
    expect(await lookAt(page, 'setup-found', [380, 1_000])).toEqual([])
    await next(page, 'Next: keys')
    await stop(page, 'Add a key').waitFor()
    await expect.poll(() => script.stateOf('found')).toBe('done')
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Add a key')
    expect(faults).toEqual([])
  })

  it('says that nothing was found, and can be left at once', async () => {
    const { page } = await open(foundNothing)
    await page.getByText('No local server, no key in the environment, no LiteLLM, no agent.').waitFor()
    expect(await lookAt(page, 'setup-nothing', [1_000])).toEqual([])
    await next(page, 'Skip setup')
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
    await expect.poll(() => script.stateOf('agent')).toBe('skipped')
    await page.evaluate(() => window.history.replaceState(null, '', '#'))
    await page.reload()
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
  })

  it('takes a key, which is tried first, and the models that are wanted', async () => {
    const { page } = await open(foundNothing)
    await next(page, 'Next: keys')
    await page.getByLabel('Provider').selectOption('mistral')
    const key = page.getByLabel('Value of MISTRAL_API_KEY')
    await key.fill('bad-key')
    await next(page, 'Test')
    await page.getByText('The provider refuses this key with 401.').waitFor()
    expect(await lookAt(page, 'setup-key', [380, 1_000])).toEqual([])
    await key.fill('good-key')
    await next(page, 'Save key')
    await page.getByText('MISTRAL_API_KEY is saved.').waitFor()
    await page.getByLabel(/^magistral-medium-2511/u).check()
    await next(page, 'Add 1 model')
    await page.getByText('Added: magistral-medium-2511.').waitFor()
    await next(page, 'Skip')
    await stop(page, 'A router of what there is').waitFor()
    await page.getByText('There is no model yet').waitFor()
    await expect.poll(() => script.stateOf('key')).toBe('skipped')
    await next(page, 'Back')
    await stop(page, 'Add a key').waitFor()
  })

  it('adds the router that is proposed, under a name of one’s own', async () => {
    const { page } = await open(foundMuch)
    await page.getByRole('button', { name: /^Router/u }).click()
    await page.getByText('ollama/qwen3:8b › mistral-small-4').waitFor()
    const name = page.getByLabel('Name')
    await name.fill('my router')
    await next(page, 'Add this router')
    await page.getByText('Letters, digits and . _ / - only. You typed my router.').waitFor()
    await name.fill('taken')
    await next(page, 'Add this router')
    await page.getByText('There is a model named taken already. Choose another name.').waitFor()
    expect(await name.inputValue()).toBe('taken')
    expect(await lookAt(page, 'setup-router', [380, 1_000])).toEqual([])
    await name.fill('mine')
    await next(page, 'Add this router')
    await expect.poll(() => script.stateOf('router')).toBe('done')
    await page.getByRole('button', { name: 'Router, done' }).waitFor()
  })

  it('sends the first request and shows what became of it', async () => {
    const { page } = await open(foundMuch)
    await page.getByRole('button', { name: /^First request/u }).click()
    await page.getByText('Authorization: Bearer $SIGNALBOX_KEY').waitFor()
    const prompt = page.getByLabel('Prompt')
    await prompt.fill(' ')
    await next(page, 'Send it')
    await page.getByText('Type a prompt first.').waitFor()
    await prompt.fill('fail')
    await next(page, 'Send it')
    await page.getByText('No model of my-router is up.').waitFor()
    expect(await prompt.inputValue()).toBe('fail')
    await prompt.fill('Hello')
    await next(page, 'Send it')
    await expect.poll(() => prompt.inputValue()).toBe('Design a distributed queue with low latency')
    server.send({ type: 'request', request: finished('call-1', 1) })
    await page.getByRole('list', { name: 'Requests so far' }).getByRole('listitem').first().waitFor()
    expect(await lookAt(page, 'setup-request', [380, 1_000])).toEqual([])
  })

  it('leads to the agents that were found, and keeps what was typed while the gateway is away', async () => {
    const { page } = await open(foundMuch)
    await page.getByRole('button', { name: /^Agents/u }).click()
    await page.getByText('Claude Code').waitFor()
    expect(await lookAt(page, 'setup-agent', [380, 1_000])).toEqual([])
    await page.getByRole('button', { name: /^Keys/u }).click()
    await page.getByLabel('Provider').selectOption('mistral')
    await page.getByLabel('Value of MISTRAL_API_KEY').fill('half')
    await server.stop()
    await page.getByText(/^Reconnecting/u).waitFor()
    expect(await page.getByLabel('Value of MISTRAL_API_KEY').inputValue()).toBe('half')
    expect(await page.getByRole('button', { name: 'Save key' }).isDisabled()).toBe(true)
    await server.restart()
    await page.getByText(/^Reconnecting/u).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Agents/u }).click()
    await next(page, 'Connect opencode')
    await page.getByRole('heading', { name: 'Agents', level: 1 }).waitFor()
    expect(new URL(page.url()).hash).toBe('#/agents/opencode')
  })

  it('stays away where something is set up', async () => {
    server = await startControlServer({ directory, status: demoStatus, routers: [demoRouter], requests: [], explain })
    const { page } = await openInterface(browser, server)
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
    expect(new URL(page.url()).hash).toBe('')
  })
})
