import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startControlServer } from '../doubles/control-server.ts'
import { findAccessibilityFaults, findChromium, launchChromium, openPage, sidewaysScroll } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { demoRouter, demoStatus, explain, refusedStatus, requests, routers, status } from './scripted-data.ts'

const output = fileURLToPath(new URL('./output/', import.meta.url))
const chromium = findChromium()

const surfaces = { panel: [380, 600], middle: [1000, 760], wide: [1440, 900] } as const
const prompt = 'Explain your reasoning for this authentication architecture. First, analyze the distributed design.'

interface Scene {
  readonly name: string
  readonly data: { status: typeof status; routers: typeof routers; requests: typeof requests }
  readonly surfaces: readonly (keyof typeof surfaces)[]
  readonly go: (page: Page) => Promise<void>
}

const full = { status, routers, requests }
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
    surfaces: everywhere,
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
    name: 'pin-menu',
    data: full,
    surfaces: ['panel'],
    go: async (page) => {
      await page.getByRole('radio', { name: 'Pinned to MEDIUM' }).click()
      await page.getByRole('menu').waitFor()
    },
  },
  {
    name: 'empty',
    data: { status: demoStatus, routers: [demoRouter], requests: [] },
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

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it.each(scenes)(
      '$name: no serious accessibility finding, no fault, no sideways scroll',
      async (scene) => {
        for (const surface of scene.surfaces) {
          const server = await startControlServer({ directory, explain, ...scene.data })
          const [width, height] = surfaces[surface]
          const { page, faults } = await openPage(browser, server.link(), { viewport: { width, height }, colorScheme })
          await settled(page)
          await scene.go(page)
          await page.screenshot({ path: `${output}${scene.name}-${width}-${colorScheme}.png`, animations: 'disabled' })
          expect(await findAccessibilityFaults(page)).toEqual([])
          expect(await sidewaysScroll(page)).toBe(0)
          expect(faults).toEqual([])
          await page.context().close()
          await server.stop()
        }
      },
      60_000,
    )

    it('the page without a link says what it needs', async () => {
      const server = await startControlServer({ directory, explain, ...full })
      const { page, faults } = await openPage(browser, `${server.url}/ui/`, { colorScheme })
      await page.getByRole('heading', { name: 'This page needs its link' }).waitFor()
      await page.screenshot({ path: `${output}no-link-1280-${colorScheme}.png` })
      expect(await findAccessibilityFaults(page)).toEqual([])
      expect(faults).toEqual([])
      await page.context().close()
      await server.stop()
    })
  })
})
