import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ControlServer, type ControlServerOptions, startControlServer } from '../doubles/control-server.ts'
import { findChromium, launchChromium, leavePages, openPage } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { lookAt } from './look.ts'
import { keys } from './scripted-keys.ts'
import { answerRouters } from './scripted-routers.ts'
import { answerStories } from './scripted-stories.ts'
import { backends, network, quotas } from './scripted-places.ts'
import { emptySpend, scriptedSpend } from './scripted-spend.ts'
import { demoRouter, demoStatus, explain, refusedStatus, requests, routers, status } from './scripted-data.ts'

const chromium = findChromium()

const prompt = 'Explain your reasoning for this authentication architecture. First, analyze the distributed design.'

interface Scene {
  readonly name: string
  readonly data: Pick<
    ControlServerOptions,
    'status' | 'routers' | 'requests' | 'spend' | 'keys' | 'backends' | 'network' | 'quotas'
  >
  /** Widths, px: the panel is one page, the dashboard another, which is then made wider. */
  readonly widths: readonly number[]
  readonly go: (page: Page, server: ControlServer) => Promise<void>
  /** The browser itself reports the broken connection as an error. */
  readonly breaksConnection?: true
}

const full = { status, routers, requests, keys, spend: scriptedSpend, backends, network, quotas }
const panelWidth = 380
const dashboards = [1_000, 1_440]
const everywhere = [panelWidth, ...dashboards]
const stories = answerStories()
const answerAll = (call: string, body: unknown) => answerRouters(call, body) ?? stories(call, body)
const settled = (page: Page) =>
  page
    .getByText(/Running/)
    .first()
    .waitFor({ state: 'attached' })

const scenes: readonly Scene[] = [
  { name: 'activity', data: full, widths: everywhere, go: settled },
  {
    name: 'request',
    data: full,
    // 1280 px is the width of the committed picture.
    widths: [...everywhere, 1_280],
    go: async (page) => {
      await page.getByText('opencode-kimi-k2-6').nth(1).click()
      await page.getByRole('heading', { name: 'Why COMPLEX' }).waitFor()
      await page.mouse.move(2, 2)
    },
  },
  {
    name: 'failed',
    data: full,
    widths: dashboards,
    go: async (page) => {
      await page.locator('[data-id="call-failed"]').click()
      await page.getByRole('heading', { name: 'Why MEDIUM' }).waitFor()
    },
  },
  {
    name: 'routers',
    data: full,
    widths: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Routers' }).click()
      await page.getByLabel('Prompt to decide').fill(prompt)
      await page.getByLabel('technicalTerms', { exact: true }).fill('0.20')
      await page.getByText('Saved settings give').waitFor()
      await page.getByText('1,610 decisions replayed').waitFor()
    },
  },
  {
    name: 'spend',
    data: full,
    widths: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Spend' }).click()
      await page.getByRole('cell', { name: '$3.74' }).waitFor()
    },
  },
  {
    name: 'spend-by-model',
    data: full,
    widths: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Spend' }).click()
      await page.getByText('Model', { exact: true }).first().click()
      await page.locator('.chart-column').nth(5).hover()
      await page.locator('.chart-tip').waitFor()
    },
  },
  {
    name: 'spend-custom',
    data: full,
    widths: [1_000],
    go: async (page) => {
      await page.getByRole('link', { name: 'Spend' }).click()
      await page.getByText('Custom').click()
      await page.getByLabel('To', { exact: true }).fill('2026-10-01')
      await page.getByText('The first day is after').waitFor()
    },
  },
  {
    name: 'spend-empty',
    data: { status: demoStatus, routers: [demoRouter], requests: [], spend: emptySpend },
    widths: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Spend' }).click()
      await page.getByText('No request in this range').waitFor()
    },
  },
  {
    name: 'keys',
    data: full,
    widths: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Keys' }).click()
      await page.getByText('$41.20 of $60.00').waitFor()
    },
  },
  {
    name: 'key',
    data: full,
    widths: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Keys' }).click()
      await page.getByRole('button', { name: 'laptop', exact: true }).click()
      await page.getByRole('button', { name: 'Revoke key' }).click()
      await page.getByText('opencode stops at once').waitFor()
    },
  },
  {
    name: 'pin-menu',
    data: full,
    widths: [panelWidth],
    go: async (page) => {
      await page.getByRole('radio', { name: 'Pinned to MEDIUM' }).click()
      await page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'away',
    breaksConnection: true,
    data: full,
    widths: [panelWidth, 1_000],
    go: async (page, server) => {
      await server.stop()
      await page.getByText(/^Reconnecting/).waitFor()
    },
  },
  {
    name: 'empty',
    data: { status: demoStatus, routers: [demoRouter], requests: [], spend: emptySpend },
    widths: everywhere,
    go: settled,
  },
  {
    name: 'config-problem',
    data: { ...full, status: refusedStatus },
    widths: everywhere,
    go: async (page) => {
      await page.getByRole('button', { name: 'Show' }).click()
      await page.getByText('Checked again at every save.').waitFor()
    },
  },
]

describe.skipIf(chromium === undefined)('the interface, seen (skipped without a Chromium in PATH)', () => {
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

  const cases = scenes.flatMap(({ widths, ...scene }) =>
    [widths.filter((width) => width === panelWidth), widths.filter((width) => width !== panelWidth)]
      .filter((group) => group.length > 0)
      .map((group) => ({ ...scene, group, first: group[0] ?? panelWidth })),
  )
  it.each(cases)('$name from $first px: no sideways scroll, no fault, nothing serious for axe', async (scene) => {
    server = await startControlServer({ directory, explain, more: answerAll, ...scene.data })
    const { page, faults } = await openPage(browser, server.link(), {
      viewport: { width: scene.first, height: scene.first === panelWidth ? 600 : 760 },
      // The change of scheme would otherwise be measured half way.
      reducedMotion: 'reduce',
    })
    await settled(page)
    await scene.go(page, server)
    expect(await lookAt(page, scene.name, scene.group)).toEqual([])
    expect(faults.filter((fault) => scene.breaksConnection !== true || !fault.includes('net::ERR_'))).toEqual([])
  })

  it('the page without a link says what it needs', async () => {
    server = await startControlServer({ directory, explain, ...full })
    const { page, faults } = await openPage(browser, `${server.url}/ui/`)
    await page.getByRole('heading', { name: 'This page needs its link' }).waitFor()
    expect(await lookAt(page, 'no-link', [1_280])).toEqual([])
    expect(faults).toEqual([])
  })
})
