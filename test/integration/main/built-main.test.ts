import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { askChannels } from '../../../main/desktop/bridge.ts'
import { buildStale, describeFailures } from '../../../main/launch/build-stale.ts'
import { desktopTargets, rendererTarget } from '../../../main/launch/build-targets.ts'
import type { DoubleCommand } from '../../doubles/electron-module.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const hook = pathToFileURL(join(root, 'test', 'doubles', 'electron-hook.ts')).href
let dataDir: string
let main: ChildProcess | undefined

beforeAll(async () => {
  expect(describeFailures(await buildStale(root, [rendererTarget, ...desktopTargets]))).toBe('')
}, 300_000)
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-main-'))
})
afterEach(() => {
  if (main?.exitCode === null) main.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

/** The built main process on a module in place of Electron. */
function start(environment: NodeJS.ProcessEnv = {}) {
  const child = fork(join(root, 'out', 'main', 'index.js'), ['--port', '0', '--data-dir', dataDir], {
    execArgv: ['--import', hook],
    env: { ...process.env, SIGNALBOX_DISCOVER: '0', SIGNALBOX_KEYCHAIN: '0', ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  main = child
  const told: { readonly step: string; readonly detail?: unknown }[] = []
  // The last words may be read after the exit is known.
  const ended = Promise.all([
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
    new Promise<void>((resolve) => child.once('disconnect', resolve)),
  ]).then(([code]) => code)
  child.on('message', (message) => told.push(message as (typeof told)[number]))
  const say = (command: DoubleCommand) => child.send(command)
  /** The detail of the first step of this name, from a place on. */
  const heard = async (step: string, accept: (detail: unknown) => boolean = () => true, from = 0): Promise<unknown> => {
    for (;;) {
      const found = told.slice(from).find((one) => one.step === step && accept(one.detail))
      if (found !== undefined) return found.detail
      if (child.exitCode !== null) throw new Error(`It ended before "${step}": ${JSON.stringify(told)}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  return { told, ended, say, heard, steps: () => told.map(({ step }) => step) }
}

it.skipIf(process.platform !== 'linux')(
  'starts in order, serves its pages, shows the gateway, and quits in order',
  async () => {
    const app = start()
    await app.heard('lock')
    // What has to be said before Electron is ready, and in this order.
    expect(app.steps()).toEqual(['name', 'path userData', 'schemes', 'sandbox', 'crash reporter', 'lock'])
    expect(app.told[1]?.detail).toBe(join(dataDir, 'desktop'))
    expect(app.told[2]?.detail).toMatchObject({ beforeReady: true, schemes: [{ scheme: 'app' }] })
    expect(app.told[4]?.detail).toEqual({ uploadToServer: false })

    app.say({ do: 'ready' })
    expect(await app.heard('load')).toBe('app://ui/')
    const begun = app.steps().slice(6)
    expect(begun.filter((step) => !['menu', 'tooltip', 'tray image'].includes(step))).toEqual([
      'permission requests',
      'permission checks',
      'devices',
      'requests filtered',
      'protocol',
      'tray',
      'fork',
      'window',
      'load',
    ])
    expect(await app.heard('window')).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
    expect(await app.heard('fork')).toEqual(['--port', '0', '--data-dir', dataDir])

    await app.heard('menu', (labels) => JSON.stringify(labels).includes('demo-router: Auto'))
    app.say({ do: 'fetch', url: 'app://ui/api/status' })
    expect(await app.heard('fetched')).toMatchObject({
      status: 200,
      text: expect.stringContaining('"phase":"running"'),
    })
    app.say({ do: 'ask', channel: askChannels.view, frame: 'https://example.invalid/' })
    expect(await app.heard('refused')).toContain('Only pages of the interface')
    app.say({ do: 'ask', channel: askChannels.view, frame: 'app://ui/' })
    expect(await app.heard('answered')).toMatchObject({
      gateway: { phase: 'running' },
      update: { state: 'unavailable' },
      openAtLogin: false,
    })
    app.say({ do: 'menu', label: 'Pause gateway' })
    await app.heard('menu', (labels) => JSON.stringify(labels).includes('Resume gateway'))

    const before = app.told.length
    app.say({ do: 'quit' })
    expect(await app.ended).toBe(0)
    const end = app.steps().slice(before)
    expect(end.filter((step) => step.endsWith('gone') || step === 'quit')).toEqual([
      'tray gone',
      'window gone',
      'protocol gone',
      'quit',
    ])
    const log = readFileSync(join(dataDir, 'desktop', 'desktop.log'), 'utf8')
    expect(log).toContain('"phase":"stopped"')
    expect(log).not.toMatch(/"level":"error"|service-stop-failed/)
    expect(JSON.parse(readFileSync(join(dataDir, 'desktop', 'window.json'), 'utf8'))).toMatchObject({
      bounds: { x: 1, y: 2, width: 900, height: 700 },
    })
  },
)

it('starts nothing where another copy runs', async () => {
  const app = start({ ELECTRON_DOUBLE_LOCK: 'taken' })
  expect(await app.ended).toBe(0)
  expect(app.steps().slice(-2)).toEqual(['lock', 'quit'])
})
