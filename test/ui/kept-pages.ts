import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { scriptedNow } from './scripted-data.ts'

export interface OpenedPage {
  readonly page: Page
  /** Console errors, uncaught errors and CSP violations so far; must be empty at the end of each test. */
  readonly faults: readonly string[]
}

/** A page that one test after another uses: a fresh one, with a process of its own, costs more than most tests. */
interface KeptPage {
  readonly page: Page
  /** What the page cannot change later: its clock and the settings of its context. */
  readonly kind: string
  faults: string[]
  inUse: boolean
}

type Clock = 'scripted' | 'real'

const kept = new WeakMap<Browser, KeptPage[]>()

/**
 * Opens an address with the clock at the scripted time (unless `clock` is real) and everything that goes wrong collected.
 * The page may have served an earlier test: see `leavePages`.
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  clock: Clock = 'scripted',
): Promise<OpenedPage> {
  const { viewport, colorScheme = 'light', reducedMotion = 'no-preference', ...fixed } = options
  const own = await takePage(browser, fixed, clock)
  await own.page.setViewportSize(viewport ?? { width: 1280, height: 820 })
  await own.page.emulateMedia({ colorScheme, reducedMotion })
  await own.page.goto(url)
  return { page: own.page, faults: own.faults }
}

/**
 * For after each test: every page is as if it was new, without an address, storage or connections. A page in a context
 * that the test closed itself is forgotten.
 */
export async function leavePages(browser: Browser): Promise<void> {
  await Promise.all((kept.get(browser) ?? []).filter(({ inUse, page }) => inUse && !page.isClosed()).map(leave))
}

async function leave(own: KeptPage): Promise<void> {
  const { page } = own
  await page.evaluate(() => {
    window.sessionStorage.clear()
    window.localStorage.clear()
  })
  await page.goto('about:blank')
  // Nothing of the next test lies under the pointer.
  await page.mouse.move(-1, -1)
  own.faults = []
  own.inUse = false
}

async function takePage(browser: Browser, fixed: BrowserContextOptions, clock: Clock): Promise<KeptPage> {
  const kind = JSON.stringify([clock, fixed])
  const all = (kept.get(browser) ?? []).filter(({ page }) => !page.isClosed())
  const free = all.find((one) => one.kind === kind && !one.inUse)
  if (free !== undefined) {
    free.inUse = true
    return free
  }
  const context = await browser.newContext({ locale: 'en-US', ...fixed })
  const fresh = await preparePage(context, kind)
  // Only the clock is moved. Timers and frames stay real, because Playwright itself waits for frames.
  if (clock === 'scripted') await scriptClock(fresh.page)
  kept.set(browser, [...all, fresh])
  return fresh
}

async function preparePage(context: BrowserContext, kind: string): Promise<KeptPage> {
  const page = await context.newPage()
  const own: KeptPage = { page, kind, faults: [], inUse: true }
  // Shorter than a test, so that a failure names the step that waited.
  page.setDefaultTimeout(30_000)
  page.on('console', (message) => {
    if (message.type() === 'error') own.faults.push(message.text())
  })
  page.on('pageerror', (error) => own.faults.push(String(error)))
  await page.exposeFunction('reportViolation', (text: string) => own.faults.push(text))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation
      report(`CSP ${event.violatedDirective}: ${event.blockedURI}`)
    })
  })
  return own
}

async function scriptClock(page: Page): Promise<void> {
  await page.addInitScript((start) => {
    const realNow = Date.now.bind(Date)
    const shift = start - realNow()
    Date.now = () => realNow() + shift
  }, scriptedNow)
}
