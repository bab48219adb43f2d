import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ControlServer, type ControlServerOptions, startControlServer } from '../doubles/control-server.ts'
import { findAccessibilityFaults, findChromium, launchChromium, openPage, sidewaysScroll } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { keys } from './scripted-keys.ts'
import { backends, network, quotas } from './scripted-places.ts'
import { emptySpend, scriptedSpend } from './scripted-spend.ts'
import { demoRouter, demoStatus, explain, refusedStatus, requests, routers, status } from './scripted-data.ts'

const output = fileURLToPath(new URL('./output/', import.meta.url))
const chromium = findChromium()

/** Width and height; `readme` is the size of the committed picture. */
const surfaces = { panel: [380, 600], middle: [1000, 760], readme: [1280, 820], wide: [1440, 900] } as const
/** The wider ones have the elements and the colours of these. */
const auditedSurfaces: ReadonlySet<string> = new Set(['panel', 'middle'])
const prompt = 'Explain your reasoning for this authentication architecture. First, analyze the distributed design.'

interface Scene {
  readonly name: string
  readonly data: Pick<
    ControlServerOptions,
    'status' | 'routers' | 'requests' | 'spend' | 'keys' | 'backends' | 'network' | 'quotas'
  >
  readonly surfaces: readonly (keyof typeof surfaces)[]
  readonly go: (page: Page, server: ControlServer) => Promise<void>
  /** The browser itself reports the broken connection as an error. */
  readonly breaksConnection?: true
}

const full = { status, routers, requests, keys, spend: scriptedSpend, backends, network, quotas }
const everywhere = ['panel', 'middle', 'wide'] as const
const dashboards = ['middle', 'wide'] as const
const settled = (page: Page) =>
  page
    .getByText(/Running/)
    .first()
    .waitFor({ state: 'attached' })

const scenes: readonly Scene[] = [
  { name: 'activity', data: full, surfaces: everywhere, go: settled },
  {
    name: 'request',
    data: full,
    surfaces: [...everywhere, 'readme'],
    go: async (page) => {
      await page.getByText('opencode-kimi-k2-6').nth(1).click()
      await page.getByRole('heading', { name: 'Why COMPLEX' }).waitFor()
      await page.mouse.move(2, 2)
    },
  },
  {
    name: 'failed',
    data: full,
    surfaces: dashboards,
    go: async (page) => {
      await page.locator('[data-id="call-failed"]').click()
      await page.getByRole('heading', { name: 'Why MEDIUM' }).waitFor()
    },
  },
  {
    name: 'routers',
    data: full,
    surfaces: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Routers' }).click()
      await page.getByRole('textbox').fill(prompt)
      await page.getByText('REASONING', { exact: true }).last().waitFor()
      await page.locator('.decision').waitFor()
    },
  },
  {
    name: 'spend',
    data: full,
    surfaces: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Spend' }).click()
      await page.getByRole('cell', { name: '$3.74' }).waitFor()
    },
  },
  {
    name: 'spend-by-model',
    data: full,
    surfaces: dashboards,
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
    surfaces: ['middle'],
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
    surfaces: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Spend' }).click()
      await page.getByText('No request in this range').waitFor()
    },
  },
  {
    name: 'keys',
    data: full,
    surfaces: dashboards,
    go: async (page) => {
      await page.getByRole('link', { name: 'Keys' }).click()
      await page.getByText('$41.20 of $60.00').waitFor()
    },
  },
  {
    name: 'key',
    data: full,
    surfaces: dashboards,
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
    surfaces: ['panel'],
    go: async (page) => {
      await page.getByRole('radio', { name: 'Pinned to MEDIUM' }).click()
      await page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'away',
    breaksConnection: true,
    data: full,
    surfaces: ['panel', 'middle'],
    go: async (page, server) => {
      await server.stop()
      await page.getByText(/^Reconnecting/).waitFor()
    },
  },
  {
    name: 'empty',
    data: { status: demoStatus, routers: [demoRouter], requests: [], spend: emptySpend },
    surfaces: everywhere,
    go: settled,
  },
  {
    name: 'config-problem',
    data: { ...full, status: refusedStatus },
    surfaces: everywhere,
    go: async (page) => {
      await page.getByRole('button', { name: 'Show' }).click()
      await page.getByText('Checked again at every save.').waitFor()
    },
  },
]

describe.skipIf(chromium === undefined)('the interface, seen (skipped without a Chromium in PATH)', () => {
  let browser: Browser
  let directory: string

  beforeAll(async () => {
    directory = await buildInterface()
    browser = await launchChromium(chromium ?? '')
    await mkdir(output, { recursive: true })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
  })

  /** Takes the picture in both schemes and gives everything that is wrong with the page. */
  const look = async (page: Page, name: string, audited: boolean): Promise<readonly string[]> => {
    const found: string[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${output}${name}-${colorScheme}.png`, animations: 'disabled' })
      if (!audited) continue
      found.push(...(await findAccessibilityFaults(page)).map((fault) => `${name} in ${colorScheme}: ${fault}`))
    }
    const sideways = await sidewaysScroll(page)
    if (sideways > 0) found.push(`${name} scrolls ${sideways} px sideways`)
    return found
  }

  const cases = scenes.flatMap((scene) => scene.surfaces.map((surface) => ({ ...scene, surface })))
  it.each(cases)('$name on $surface: no sideways scroll, no fault, nothing serious for axe', async (scene) => {
    const server = await startControlServer({ directory, explain, ...scene.data })
    const [width, height] = surfaces[scene.surface]
    const { page, faults } = await openPage(browser, server.link(), {
      viewport: { width, height },
      // The change of scheme would otherwise be measured half way.
      reducedMotion: 'reduce',
    })
    await settled(page)
    await scene.go(page, server)
    expect(await look(page, `${scene.name}-${width}`, auditedSurfaces.has(scene.surface))).toEqual([])
    expect(faults.filter((fault) => scene.breaksConnection !== true || !fault.includes('net::ERR_'))).toEqual([])
    await page.context().close()
    await server.stop()
  })

  it('the page without a link says what it needs', async () => {
    const server = await startControlServer({ directory, explain, ...full })
    const { page, faults } = await openPage(browser, `${server.url}/ui/`)
    await page.getByRole('heading', { name: 'This page needs its link' }).waitFor()
    expect(await look(page, 'no-link-1280', true)).toEqual([])
    expect(faults).toEqual([])
    await page.context().close()
    await server.stop()
  })
})
