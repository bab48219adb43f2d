import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { controlRoutes } from '../../gateway/contract/routes.ts'
import { type ControlServer, ScriptedRefusal, startControlServer } from '../doubles/control-server.ts'
import { findChromium, launchChromium, leavePages, openInterface } from './browser.ts'
import { buildInterface } from './interface-build.ts'
import { explain, finished, requests, routers, scriptedNow, status } from './scripted-data.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('the panel (skipped without a Chromium in PATH)', () => {
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

  const open = async (more?: (call: string) => unknown) => {
    const part = more === undefined ? {} : { more }
    server = await startControlServer({ directory, status, routers, requests, explain, ...part })
    return openInterface(browser, server, { viewport: { width: 380, height: 600 } })
  }

  it('pauses the gateway, says since when, and lets it go on', async () => {
    const { page, faults } = await open((call) => {
      if (call === `POST ${controlRoutes.pause}`) return { paused: true, since: scriptedNow }
      return call === `POST ${controlRoutes.resume}` ? { paused: false, since: null } : undefined
    })
    await page.getByRole('button', { name: 'Pause' }).click()
    await expect.poll(() => server.calls.some(({ path }) => path === controlRoutes.pause)).toBe(true)
    server.send({ type: 'status', status: { ...status, pausedSince: scriptedNow } })
    await page.getByText('Paused since 14:20').waitFor()
    await page.getByRole('button', { name: 'Go on' }).click()
    await expect.poll(() => server.calls.some(({ path }) => path === controlRoutes.resume)).toBe(true)
    server.send({ type: 'status', status })
    await page.getByText('Running · 2 in flight').waitFor()
    expect(faults).toEqual([])
  })

  it('says why it was not paused', async () => {
    const { page } = await open((call) => {
      if (call === `POST ${controlRoutes.pause}`) throw new ScriptedRefusal(500, 'internal_error', 'The disk is full.')
      return undefined
    })
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Not changed: The disk is full.').waitFor()
  })

  it('says how many come in a rush, with five rows that can be read', async () => {
    const { page } = await open()
    // Ahead of the clock, so that a slow machine still sees them as of now.
    const ahead = scriptedNow + 600_000
    for (let index = 0; index < 120; index += 1) {
      const startedAt = ahead + index * 20
      server.send({ type: 'request', request: finished(`rush-${index}`, 0, { startedAt }) })
    }
    await page.getByText('50 a second').waitFor()
    expect(await page.locator('.panel-row').count()).toBe(5)
  })
})
