import { readFileSync, writeFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { GatewayProcessView } from '../../gateway/contract/desktop.ts'
import { startControlServer } from '../doubles/control-server.ts'
import { findChromium, launchChromium, leavePages, openInterface, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { lookAt } from './look.ts'
import { type RealGateway, startRealGateway } from './real-gateway.ts'
import { explain, requests, routers, status } from './scripted-data.ts'
import { desktopView, runningProcess, scriptDesktop, takenPort } from './scripted-desktop.ts'
import { lockedFile, noKeychain, scriptedSecrets } from './scripted-secrets.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('the Settings page (skipped without a Chromium in PATH)', () => {
  let browser: Browser
  let directory: string
  let gateway: RealGateway

  beforeAll(async () => {
    directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
    gateway = await startRealGateway(directory)
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await gateway.stop()
  })
  afterEach(async () => {
    await leavePages(browser)
  })

  const show = async (page: Page) => {
    await page.keyboard.press('Control+,')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  }
  const open = async () => {
    const opened = await openPage(browser, await gateway.link(), {}, 'real')
    await opened.page
      .getByText(/Running/u)
      .first()
      .waitFor()
    await show(opened.page)
    return opened
  }
  const group = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
  const configText = () => readFileSync(gateway.configPath, 'utf8')

  describe('with a real gateway', () => {
    it('writes what changed into the config file and nothing else; says what is wrong below its field', async () => {
      const { page } = await open()
      const port = page.getByLabel('Port', { exact: true })
      await port.fill('70000')
      await page.getByLabel('Rows of requests are kept').fill('some')
      await page.getByLabel('Demo models').selectOption('off')
      await page.getByText('3 changes not written yet').waitFor()
      await page.getByRole('button', { name: 'Save to config.yaml' }).last().click()
      await page.getByText('0 takes any free one. You typed 70000.').waitFor()
      await page.getByText('A whole number of days from 1 to 36,500. You typed some.').waitFor()
      await expect.poll(() => port.evaluate((field) => field === document.activeElement)).toBe(true)
      expect(await lookAt(page, 'settings-problems', [1_000])).toEqual([])
      await port.fill('')
      await page.getByLabel('Rows of requests are kept').fill('30')
      const save = page.getByRole('button', { name: 'Save to config.yaml' })
      await save.click()
      await save.waitFor({ state: 'detached' })
      expect(await gateway.client.settings()).toMatchObject({ port: null, demo: 'off', rowDays: 30 })
      expect(configText()).toContain('model_name: small')
    })

    it('checks the config file as it is typed, leads to a problem, mends it, and writes it', async () => {
      const { page, faults } = await open()
      const part = group(page, 'Config file')
      const area = part.getByLabel('The config file')
      await part.getByText('No problems. Checked as you type.').waitFor()
      const before = configText()
      await area.fill(`${before}router_settings:\n  num_retrys: 2\n`)
      await part
        .getByText(/warning/u)
        .first()
        .waitFor()
      await part.getByRole('button', { name: 'Write num_retries' }).click()
      await part.getByText('Changed here and not written yet. No problems.').waitFor()
      await area.fill(before.replace('input_cost_per_token: 0.01', 'input_cost_per_token: "0,01"'))
      const place = part.getByRole('button', { name: /^Go to 8:/u })
      await place.waitFor()
      await place.click()
      await expect.poll(() => area.evaluate((field) => field === document.activeElement)).toBe(true)
      expect(await lookAt(page, 'settings-config', [640, 1_000, 1_440])).toEqual([])
      await part.getByRole('button', { name: 'Save to config.yaml' }).click()
      await part.getByText('Not written: the file would have errors.').waitFor()
      expect(configText()).toBe(before)

      await area.fill(`${before}# mine\n`)
      await part.getByText('Changed here and not written yet. No problems.').waitFor()
      writeFileSync(gateway.configPath, `${before}# theirs\n`)
      await page.getByRole('link', { name: 'Keys' }).click()
      await show(page)
      expect(await area.inputValue()).toContain('# mine')
      await part.getByRole('button', { name: 'Save to config.yaml' }).click()
      await part.getByText('Somebody else changed the file since you began.').waitFor()
      expect(configText()).toContain('# theirs')
      await part.getByRole('button', { name: 'Write mine over it' }).click()
      await part.getByText('Written.').waitFor()
      expect(configText()).toBe(`${before}# mine\n`)
      expect(faults.filter((fault) => !fault.includes('409'))).toEqual([])
    })

    it('pins the colours, lists the licences of what is shipped, and says what only the desktop has', async () => {
      const { page } = await open()
      await group(page, 'Appearance').getByText('Dark', { exact: true }).click()
      const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
      await expect.poll(scheme).toBe('dark')
      await group(page, 'Appearance').getByText('As the system').click()
      await expect.poll(scheme).toBe('light')
      await group(page, 'Updates').getByText('The desktop application can look for updates.').waitFor()
      await group(page, 'About').getByText('Licences of the parts').click()
      const entry = group(page, 'About')
        .getByRole('listitem')
        .filter({ hasText: /^react-dom / })
      await entry.locator('summary').click()
      await entry.getByText('Permission is hereby granted').waitFor()
    })
  })

  describe('in the desktop application', () => {
    const openDesktop = async (gatewayProcess: GatewayProcessView, isSilent = false) => {
      const server = await startControlServer({
        directory,
        status,
        routers,
        requests,
        explain,
        more: scriptedSecrets(),
      })
      const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1_280, height: 820 } })
      await context.addInitScript(scriptDesktop, { ...desktopView, gateway: gatewayProcess })
      if (isSilent) await context.route('**/api/events', (route) => route.abort())
      const page = await context.newPage()
      await page.goto(server.link())
      return { page, server }
    }
    const calls = (page: Page) => page.evaluate(() => (window as unknown as { desktopCalls: unknown[] }).desktopCalls)

    it('switches what only the desktop has: login, notices, updates', async () => {
      const { page, server } = await openDesktop(runningProcess)
      await page
        .getByText(/Running/u)
        .first()
        .waitFor()
      await show(page)
      await group(page, 'Updates').getByText('Not looked for.').waitFor()
      await group(page, 'Updates').getByLabel('Look for newer versions once a day').check()
      await group(page, 'Updates').getByText('This is the newest version that was found.').waitFor()
      await group(page, 'Desktop').getByLabel('Open at login').check()
      await group(page, 'Desktop').getByText('Allow it in the system’s settings.').waitFor()
      await group(page, 'Desktop').getByLabel('A VPN that is needed was lost, and is back').uncheck()
      expect(await lookAt(page, 'settings-desktop', [1_000])).toEqual([])
      expect(await calls(page)).toEqual([{ updates: true }, { openAtLogin: true }, { notices: { vpn: false } }])
      await server.stop()
    })

    it('says why the gateway does not run before anything else can be shown, and what helps', async () => {
      const { page, server } = await openDesktop(takenPort, true)
      await page.getByRole('heading', { name: 'The port is taken' }).waitFor()
      await page.getByText('Port 4000 is held by LiteLLM (process 2210).').waitFor()
      expect(await lookAt(page, 'stopped', [380, 1_000])).toEqual([])
      await page.getByRole('button', { name: 'Use 4001' }).click()
      expect(await calls(page)).toEqual([{ startGateway: 4001 }])
      await page.context().unroute('**/api/events')
      await page
        .getByText(/Running/u)
        .first()
        .waitFor()
      await server.stop()
    })
  })

  describe('with scripted provider keys', () => {
    const openScripted = async (store = undefined as Parameters<typeof scriptedSecrets>[0]) => {
      const more = scriptedSecrets(store)
      const server = await startControlServer({ directory, status, routers, requests, explain, more })
      const { page } = await openInterface(browser, server)
      await show(page)
      return { page, server, part: group(page, 'Secrets') }
    }

    it('shows where each key is, tries one before it is kept, keeps it once, and removes it after a question', async () => {
      const { page, server, part } = await openScripted()
      await part.getByText('mistral · missing · for 2 models').waitFor()
      await part.getByText('openai · in the environment · ends in f3a9 · for 1 model').waitFor()
      await part.getByRole('button', { name: 'Enter MISTRAL_API_KEY' }).click()
      const field = part.getByLabel('Value of MISTRAL_API_KEY')
      await part.getByRole('button', { name: 'Save key' }).click()
      await part.getByText('Paste the key first.').waitFor()
      await field.fill('a bad key')
      await part.getByRole('button', { name: 'Test', exact: true }).last().click()
      await part.getByText('A key has no blanks inside. Was something else pasted?').waitFor()
      await field.fill('bad-key')
      await part.getByRole('button', { name: 'Test', exact: true }).last().click()
      await part.getByText('The provider refuses this key with 401.').waitFor()
      expect(await lookAt(page, 'settings-secrets', [640, 1_000, 1_440])).toEqual([])
      await field.fill('refused-key')
      await part.getByRole('button', { name: 'Save key' }).click()
      await part.getByText('Not saved: The keychain is locked. Unlock it.').waitFor()
      expect(await field.inputValue()).toBe('refused-key')
      await field.fill('good-key-0042')
      await part.getByRole('button', { name: 'Test', exact: true }).last().click()
      await part.getByText('Works: 27 models.').waitFor()
      await part.getByRole('button', { name: 'Save key' }).click()
      await part.getByText('MISTRAL_API_KEY is saved. The next request uses it.').waitFor()
      await part.getByText('mistral · in the keychain · ends in 0042 · for 2 models').waitFor()
      expect(await page.content()).not.toContain('good-key')
      await part.getByRole('button', { name: 'Remove OPENCODE_API_KEY' }).click()
      await part.getByText('Remove OPENCODE_API_KEY. 1 model cannot answer then.').waitFor()
      await part.getByRole('button', { name: 'Remove key' }).click()
      await part.getByText('opencodego · missing · for 1 model').waitFor()
      await server.stop()
    })

    it('offers nothing for a locked key before the passphrase came', async () => {
      const { page, server, part } = await openScripted(lockedFile)
      await part.getByText('opencodego · stored, locked · for 1 model').waitFor()
      expect(await part.getByRole('button', { name: /OPENCODE_API_KEY/u }).count()).toBe(0)
      expect(await part.getByRole('button', { name: 'Enter MISTRAL_API_KEY' }).count()).toBe(1)
      expect(await lookAt(page, 'settings-locked', [1_000])).toEqual([])
      await part.getByLabel('Passphrase').fill('long enough')
      await part.getByLabel('Passphrase').press('Enter')
      await part.getByRole('button', { name: 'Remove OPENCODE_API_KEY' }).waitFor()
      await server.stop()
    })

    it('without a keychain asks where keys may be kept, and loses nothing while the gateway is away', async () => {
      const { page, server, part } = await openScripted(noKeychain)
      await part.getByText('There is no keychain here.').waitFor()
      await part.getByLabel('Passphrase', { exact: true }).fill('short')
      await part.getByLabel('Passphrase again').fill('other')
      await part.getByRole('button', { name: 'Use this' }).click()
      await part.getByText('A passphrase has at least 8 characters. You typed 5.').waitFor()
      await part.getByText('The two are not the same.').waitFor()
      expect(await lookAt(page, 'settings-no-keychain', [1_000])).toEqual([])
      await part.getByLabel('Passphrase', { exact: true }).fill('long enough')
      await part.getByLabel('Passphrase again').fill('long enough')
      await part.getByRole('button', { name: 'Use this' }).click()
      await part.getByText('Keys are kept in an encrypted file.').waitFor()
      await part.getByRole('button', { name: 'Enter MISTRAL_API_KEY' }).click()
      await part.getByLabel('Value of MISTRAL_API_KEY').fill('half-typed')
      await server.stop()
      await part.getByText('The gateway is away. What you typed stays here.').waitFor()
      expect(await part.getByLabel('Value of MISTRAL_API_KEY').inputValue()).toBe('half-typed')
      expect(await part.getByRole('button', { name: 'Save key' }).isDisabled()).toBe(true)
    })
  })
})
