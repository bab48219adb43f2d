import { accessSync, constants } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import type axeCore from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { ControlServer } from '../doubles/control-server.ts'
import { openPage } from './kept-pages.ts'

export { type OpenedPage, leavePages, openPage } from './kept-pages.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The first Chromium in PATH, or undefined: the suite then says that it skips. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable)
}

export async function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true })
}

/** Opens the interface through a fresh link and waits for its first data. */
export async function openInterface(browser: Browser, server: ControlServer, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, server.link(), options)
  await opened.page
    .getByText(/Running/)
    .first()
    .waitFor()
  return opened
}

/**
 * The serious and critical findings of axe on the page as it stands, as short lines. Data that is dimmed because the
 * gateway is away is left out: that it reads as old is its point.
 */
export function findAccessibilityFaults(page: Page): Promise<readonly string[]> {
  return runAxe(page, {})
}

/** Of those findings the ones that depend on colours: for a page that was looked at in another scheme already. */
export function findContrastFaults(page: Page): Promise<readonly string[]> {
  return runAxe(page, { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } })
}

async function runAxe(page: Page, rules: axeCore.RunOptions): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    // Through the debugger, which the page's CSP does not bind.
    await page.evaluate(source)
  }
  return page.evaluate(async (chosen) => {
    const { axe } = window as unknown as { axe: typeof axeCore }
    const options = { ...chosen, resultTypes: ['violations' as const], preload: false }
    const { violations } = await axe.run({ exclude: ['.stale'] }, options)
    return violations
      .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
      .flatMap((violation) =>
        violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
      )
  }, rules)
}

/** How far the page scrolls sideways, px. */
export async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
