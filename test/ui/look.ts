import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { findAccessibilityFaults, findContrastFaults, sidewaysScroll } from './browser.ts'

const output = fileURLToPath(new URL('./output/', import.meta.url))

const heights: Readonly<Record<number, number>> = { 380: 600, 640: 800, 1_000: 760, 1_280: 820, 1_440: 900 }
/** The wider ones have the elements and the colours of this one. */
const auditedWidth = 1_000

/**
 * Takes pictures of an open page as it stands, in both schemes at each width, into the ignored folder `output`: the page
 * is made wider and narrower, not opened anew, so a look costs little. Gives everything that is wrong with it.
 */
export async function lookAt(
  page: Page,
  name: string,
  widths: readonly number[] = [1_000, 1_440],
): Promise<readonly string[]> {
  await mkdir(output, { recursive: true })
  const found: string[] = []
  const before = page.viewportSize()
  for (const width of widths) {
    await page.setViewportSize({ width, height: heights[width] ?? 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.screenshot({ path: `${output}${name}-${width}-${colorScheme}.png`, animations: 'disabled' })
      if (width !== auditedWidth && widths.includes(auditedWidth)) continue
      // The dark scheme changes colours and nothing else.
      const faults = await (colorScheme === 'light' ? findAccessibilityFaults(page) : findContrastFaults(page))
      found.push(...faults.map((fault) => `${name} ${width} ${colorScheme}: ${fault}`))
    }
    const sideways = await sidewaysScroll(page)
    if (sideways > 0) found.push(`${name} scrolls ${sideways} px sideways at ${width} px`)
  }
  if (before !== null) await page.setViewportSize(before)
  return found
}
