import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron as electron } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildStale, describeFailures } from '../../main/launch/build-stale.ts'
import { desktopTargets, rendererTarget } from '../../main/launch/build-targets.ts'
import { decideLaunch } from '../../main/launch/decide-launch.ts'
import { findElectron } from '../../main/launch/electron-binary.ts'

const root = join(import.meta.dirname, '..', '..')
const binary = findElectron(root, process.env)
const launch = decideLaunch({
  platform: process.platform,
  environment: process.env,
  electron: binary.state,
  desktopBuilt: true,
  userId: process.geteuid?.(),
})
const why = launch.kind === 'gateway-alone' ? launch.reason : 'the Electron binary is not downloaded'
const required = process.env.SIGNALBOX_E2E_REQUIRED === '1'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-e2e-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

describe('the real application', () => {
  const ready = launch.kind === 'desktop'
  it.skipIf(ready || required)(`is not tried: ${why}`, (context) => context.skip(why))

  it.runIf(ready || required)(
    'starts, opens its window, runs the gateway, and quits clean',
    async () => {
      if (binary.path === undefined || !ready) throw new Error(`It cannot be started: ${why}.`)
      expect(describeFailures(await buildStale(root, [rendererTarget, ...desktopTargets]))).toBe('')
      const app = await electron.launch({
        executablePath: binary.path,
        args: [root, '--', '--port', '0', '--data-dir', dataDir],
        env: { ...(process.env as Record<string, string>), SIGNALBOX_DISCOVER: '0' },
      })
      const errors: string[] = []
      const window = await app.firstWindow()
      window.on('pageerror', (error) => errors.push(error.message))
      expect(window.url()).toBe('app://ui/')

      // The page asks as the interface does: same origin, no token of its own.
      const phase = () =>
        window.evaluate(async () => {
          const answer = await fetch('/api/status')
          return answer.ok ? ((await answer.json()) as { phase: string }).phase : String(answer.status)
        })
      await expect.poll(phase, { timeout: 30_000 }).toBe('running')
      expect(await window.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false)
      expect(await window.evaluate(() => Object.keys((globalThis as { signalbox?: object }).signalbox ?? {}))).toEqual([
        'platform',
        'openDashboard',
        'view',
        'change',
        'startGateway',
        'reveal',
        'installUpdate',
        'quit',
      ])
      const view = await window.evaluate(() =>
        (globalThis as unknown as { signalbox: { view(): Promise<unknown> } }).signalbox.view(),
      )
      expect(view).toMatchObject({
        gateway: { phase: 'running' },
        openAtLogin: false,
        update: { state: 'unavailable' },
      })
      await expect.poll(() => log(), { timeout: 10_000 }).toContain('"phase":"running"')

      const ended = new Promise<number | null>((resolve) => app.process().once('exit', resolve))
      // Not awaited: the call cannot answer from an app that has quit.
      app.evaluate(({ app: running }) => running.quit()).catch(() => undefined)
      expect(await ended).toBe(0)
      expect(log()).toContain('"phase":"stopped"')
      expect(log()).not.toContain('service-stop-failed')
      expect(errors).toEqual([])
    },
    120_000,
  )
})

function log(): string {
  return readFileSync(join(dataDir, 'desktop', 'desktop.log'), 'utf8')
}
