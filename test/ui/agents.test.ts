import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, launchChromium, leavePages, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { lookAt } from './look.ts'
import { type RealGateway, startRealGateway } from './real-gateway.ts'

const chromium = findChromium()

/** The routers of a real setup, on the one scripted upstream. */
const config = (upstreamUrl: string) => `
model_list:
${['small', 'large']
  .map(
    (name) => `  - model_name: ${name}
    litellm_params:
      model: openai/${name}-upstream
      api_base: ${upstreamUrl}
      api_key: upstream-key
      input_cost_per_token: 0.000001
      output_cost_per_token: 0.000002
    model_info: { max_input_tokens: 128000, max_output_tokens: 16000 }`,
  )
  .join('\n')}
  - model_name: my-router
    litellm_params:
      model: auto_router/complexity_router
      complexity_router_config:
        tiers: { SIMPLE: small, MEDIUM: small, COMPLEX: large, REASONING: large }
      complexity_router_default_model: small
`

describe.skipIf(chromium === undefined)(
  'the Agents page and a real gateway (skipped without a Chromium in PATH)',
  () => {
    const surroundings = { home: process.env.HOME, path: process.env.PATH, config: process.env.XDG_CONFIG_HOME }
    let browser: Browser
    let gateway: RealGateway
    let home: string

    beforeAll(async () => {
      const directory = await buildInterface()
      browser = await launchChromium(chromium ?? '')
      // The agents of whoever runs the tests are not touched, and none of theirs is found.
      home = mkdtempSync(join(tmpdir(), 'signalbox-agents-page-'))
      process.env.HOME = home
      process.env.PATH = join(home, 'bin')
      delete process.env.XDG_CONFIG_HOME
      gateway = await startRealGateway(directory, { config })
    }, 60_000)
    afterAll(async () => {
      await browser.close()
      await gateway.stop()
      process.env.HOME = surroundings.home
      process.env.PATH = surroundings.path
      if (surroundings.config !== undefined) process.env.XDG_CONFIG_HOME = surroundings.config
      rmSync(home, { recursive: true, force: true })
    })
    afterEach(async () => {
      await leavePages(browser)
    })

    const put = (path: string, text: string) => {
      const file = join(home, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      return file
    }
    const open = async () => {
      const opened = await openPage(browser, await gateway.link(), {}, 'real')
      await opened.page.getByRole('link', { name: 'Agents' }).click()
      await opened.page.getByRole('heading', { name: 'Agents', level: 1 }).waitFor()
      return opened
    }
    const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`^${name} `, 'u') })
    const pane = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

    it('connects an agent after every line was shown, gives its key a budget, and takes it back to the byte', async () => {
      const before = '{\n  // mine\n  "theme": "dark",\n}\n'
      const file = put('.config/opencode/opencode.jsonc', before)
      const { page, faults } = await open()
      await page.getByText('0 connected, 1 found').waitFor()
      await row(page, 'opencode').getByText('Found').waitFor()
      expect(await lookAt(page, 'agents', [640, 1_000, 1_440])).toEqual([])
      await page.getByRole('button', { name: 'Connect opencode' }).click()
      const shown = pane(page, 'Connect opencode')
      await shown.getByText(file).waitFor()
      await shown.getByText('"model": "signalbox/my-router"').waitFor()
      await shown.getByLabel('Small model').selectOption('small')
      await shown.getByText('"small_model": "signalbox/small"').waitFor()
      expect(readFileSync(file, 'utf8')).toBe(before)
      await shown.getByLabel('Budget for its key').fill('-5')
      expect(await lookAt(page, 'agent-connect')).toEqual([])
      await shown.getByRole('button', { name: 'Connect opencode' }).click()
      await shown.getByText('A budget is $0 or more. You typed -5.').waitFor()
      await shown.getByLabel('Budget for its key').fill('5')
      await shown.getByRole('button', { name: 'Connect opencode' }).click()
      await page.getByText('opencode is connected.').waitFor()
      await row(page, 'opencode').getByText('In place').waitFor()
      expect(readFileSync(file, 'utf8')).toContain('// mine')
      const keys = (await gateway.client.keys()).keys
      expect(keys).toMatchObject([
        { alias: 'opencode', budget: { maxNanoUsd: 5_000_000_000, duration: 'daily' }, blocked: false },
      ])

      await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
      await page.getByText('Disconnect opencode. Its files become as they were and its key stops at once.').waitFor()
      await page.getByRole('button', { name: 'Disconnect opencode' }).click()
      await page.getByText('as before, byte for byte').waitFor()
      await page.getByText('0 connected, 1 found').waitFor()
      expect(readFileSync(file, 'utf8')).toBe(before)
      expect((await gateway.client.keys()).keys).toEqual([])
      expect(faults).toEqual([])
    })

    it('reviews a file that was changed by hand: ours, now and after', async () => {
      const file = put('.claude/settings.json', '{ "cleanupPeriodDays": 90 }\n')
      await gateway.client.connectAgent('claude-code', {})
      const edited = readFileSync(file, 'utf8').replace(gateway.url, 'http://127.0.0.1:9999')
      writeFileSync(file, edited)
      const { page, faults } = await open()
      await row(page, 'Claude Code').getByText('Changed by hand').waitFor()
      await page.getByRole('button', { name: 'Review Claude Code' }).click()
      const shown = pane(page, 'Claude Code')
      await shown.getByText('env.ANTHROPIC_BASE_URL', { exact: true }).waitFor()
      const texts = await shown.locator('.three-texts').first().locator('dd').allTextContents()
      expect(texts).toEqual([`"${gateway.url}"`, '"http://127.0.0.1:9999"', `"${gateway.url}"`])
      expect(await lookAt(page, 'agent-review', [640, 1_000, 1_440])).toEqual([])
      await shown.getByRole('button', { name: 'Connect Claude Code again' }).click()
      await page.getByText('Claude Code is connected.').waitFor()
      await row(page, 'Claude Code').getByText('In place').waitFor()
      expect(readFileSync(file, 'utf8')).toContain(`"${gateway.url}"`)
      await gateway.client.disconnectAgent('claude-code')
      expect(faults).toEqual([])
    })

    it('says that a key is gone, and connects again though no file would change', async () => {
      put('.claude/settings.json', '{}\n')
      await gateway.client.connectAgent('claude-code', {})
      for (const { id } of (await gateway.client.keys()).keys) await gateway.client.deleteKey(id)
      const { page, faults } = await open()
      await row(page, 'Claude Code').getByText('its key was revoked').waitFor()
      await page.getByRole('button', { name: 'Update Claude Code' }).click()
      const shown = pane(page, 'Claude Code')
      await shown.getByText('It gets no answer: its key was revoked').waitFor()
      await shown.getByRole('button', { name: 'Connect Claude Code again' }).click()
      await row(page, 'Claude Code').getByText('In place').waitFor()
      expect((await gateway.client.keys()).keys).toMatchObject([{ alias: 'claude-code', blocked: false }])
      await gateway.client.disconnectAgent('claude-code')
      expect(faults).toEqual([])
    })

    it('says line and column of a file it cannot read, writes nothing, and goes on once it is mended', async () => {
      const file = put('.qwen/settings.json', '{\n  "theme": dark\n}\n')
      const { page } = await open()
      await row(page, 'Qwen Code').getByRole('button', { name: 'Connect Qwen Code' }).click()
      const shown = pane(page, 'Connect Qwen Code')
      await shown.getByText('Qwen Code cannot be connected as its files are').waitFor()
      await shown.getByText(`${file}:2:12`).waitFor()
      expect(await shown.getByRole('button', { name: 'Connect Qwen Code' }).isDisabled()).toBe(true)
      expect(await lookAt(page, 'agent-unparsable', [1_000])).toEqual([])
      put('.qwen/settings.json', '{ "theme": "dark" }\n')
      await shown.getByRole('button', { name: 'Try again' }).click()
      await shown.getByLabel(`Changes of ${file}`).waitFor()
    })

    it('says why Cursor cannot connect, and opens the list by keys alone', async () => {
      const { page } = await open()
      await row(page, 'opencode').getByRole('button').first().focus()
      await page.keyboard.press('j')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('k')
      await page.keyboard.press('k')
      const focused = () => page.evaluate(() => document.activeElement?.textContent)
      expect(await focused()).not.toBe('')
      await row(page, 'Cursor').getByText('Cannot connect').waitFor()
      await row(page, 'Cursor').getByRole('button').first().focus()
      await page.keyboard.press('Enter')
      await pane(page, 'Cursor').getByText('Cursor sends requests from its own servers').waitFor()
      await page.keyboard.press('Escape')
      await pane(page, 'Cursor').waitFor({ state: 'detached' })
    })

    it('gives roles and categories their models in the config file, and loses nothing when it is changed meanwhile', async () => {
      const { page, faults } = await open()
      await page.getByRole('button', { name: 'Roles and categories' }).click()
      const model = (name: string) => page.getByLabel(`Model of ${name}`, { exact: true })
      const save = page.getByRole('button', { name: 'Save to config.yaml' })
      await model('role/oracle').fill('lage')
      await page.getByLabel('Fallbacks of role/oracle').fill('small, local:tools')
      await page.getByText('1 change: role/oracle becomes lage').waitFor()
      await save.click()
      await page.getByText('Did you mean large?').waitFor()
      await page.getByText('Not written: the file would have errors.').waitFor()
      await page.getByLabel('Name of another agent').fill('my reviewer')
      await page.getByRole('button', { name: 'Add' }).first().click()
      await page.getByText('You typed my reviewer.').waitFor()
      await page.getByLabel('Name of another agent').fill('reviewer')
      await page.keyboard.press('Enter')
      await model('role/reviewer').fill('my-router')
      expect(await lookAt(page, 'roles', [640, 1_000, 1_440])).toEqual([])

      await model('role/oracle').fill('large')
      writeFileSync(gateway.configPath, `${readFileSync(gateway.configPath, 'utf8')}# by hand\n`)
      await save.click()
      await page.getByText('somebody else changed the file meanwhile').waitFor()
      expect(await model('role/oracle').inputValue()).toBe('large')
      await save.click()
      await save.waitFor({ state: 'detached' })
      const text = readFileSync(gateway.configPath, 'utf8')
      expect(text).toContain('# by hand')
      expect((await gateway.client.roles()).roles).toMatchObject([
        { name: 'role/oracle', model: 'large', fallbacks: ['small', 'local:tools'], on: true },
        { name: 'role/reviewer', model: 'my-router', leadsTo: 'router' },
      ])
      await model('role/oracle').fill('')
      await page.getByLabel('Fallbacks of role/oracle').fill('')
      await page.getByText('role/oracle is no longer set').waitFor()
      await page.getByRole('button', { name: 'Revert' }).click()
      expect(await model('role/oracle').inputValue()).toBe('large')
      expect(faults.filter((fault) => !fault.includes('409'))).toEqual([])
    })

    it('keeps what was chosen and typed while the gateway is away', async () => {
      const { page } = await open()
      await row(page, 'opencode').getByRole('button').first().click()
      const shown = pane(page, 'Connect opencode')
      await shown.getByLabel('Model', { exact: true }).selectOption('large')
      await shown.getByText('"model": "signalbox/large"').waitFor()
      await shown.getByLabel('Budget for its key').fill('7.50')
      await gateway.stop()
      await page.getByText(/^Reconnecting/u).waitFor()
      await shown.getByText('The gateway is away. Your choice stays here.').waitFor()
      expect(await shown.getByLabel('Budget for its key').inputValue()).toBe('7.50')
      expect(await shown.getByLabel('Model', { exact: true }).inputValue()).toBe('large')
      expect(await shown.getByRole('button', { name: 'Connect opencode' }).isDisabled()).toBe(true)
    })
  },
)
