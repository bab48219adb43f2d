import { builtinModules } from 'node:module'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { askChannels, bridgeName, channels } from '../../../main/desktop/bridge.ts'
import { buildStale, describeFailures } from '../../../main/launch/build-stale.ts'
import { desktopTargets } from '../../../main/launch/build-targets.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const manifest = JSON.parse(read('package.json')) as { main: string; dependencies: Record<string, string> }
const builtin = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)])

/** What a bundle asks for at run time: static and dynamic imports, and require. */
const importsOf = (code: string) =>
  [...code.matchAll(/(?:^import[^'"\n]*|\bimport\(|\brequire\()["']([^"'.][^"']*)["']/gm)].map(([, name = '']) => name)

beforeAll(async () => {
  expect(describeFailures(await buildStale(root, desktopTargets))).toBe('')
}, 120_000)

describe('what Electron starts', () => {
  it('is where package.json and the main process look for it', () => {
    expect(manifest.main).toBe('out/main/index.js')
    for (const { output } of desktopTargets) expect(existsSync(join(root, output)), output).toBe(true)
  })

  it('main needs nothing but Electron and Node, and the updater when it looks: its other packages are inside', () => {
    const names = importsOf(read('out/main/index.js'))
    expect(names).toContain('electron')
    expect(new Set(names.filter((name) => name !== 'electron' && !builtin.has(name)))).toEqual(
      new Set(['electron-updater']),
    )
    expect(read('out/main/index.js')).not.toMatch(/^import .*electron-updater/m)
  })

  it('preload is CommonJS and needs Electron only, as a sandbox wants it', () => {
    const code = read('out/preload/index.cjs')
    expect(importsOf(code)).toEqual(['electron'])
    expect(code).not.toMatch(/^(import|export) /m)
  })

  it('preload gives the page named calls, each on a channel that main listens to, and nothing of Electron', () => {
    const sent: unknown[] = []
    const exposed = new Map<string, Record<string, unknown>>()
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, bridge: Record<string, unknown>) => exposed.set(name, bridge),
      },
      ipcRenderer: {
        send: (channel: string, value?: unknown) => sent.push([channel, value]),
        invoke: (channel: string, value?: unknown) => Promise.resolve(sent.push([channel, value])),
      },
    }
    runInNewContext(read('out/preload/index.cjs'), { require: () => electron, process: { platform: 'linux' } })
    expect([...exposed.keys()]).toEqual([bridgeName])
    const { platform, ...calls } = exposed.get(bridgeName) ?? {}
    expect(platform).toBe('linux')
    for (const call of Object.values(calls)) (call as (value: string) => unknown)('value')
    const known = new Set<string>([...Object.values(channels), ...Object.values(askChannels)])
    expect(new Set(sent.map((message) => (message as [string])[0]))).toEqual(known)
    expect(sent.every((message) => ['value', undefined].includes((message as [string, string?])[1]))).toBe(true)
  })

  it('the gateway needs only what a package carries, and never Electron', () => {
    const names = globSync('out/gateway/*.js', { cwd: root }).flatMap((path) => importsOf(read(path)))
    const packages = names
      .filter((name) => !builtin.has(name))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    expect(packages).toContain('fastify')
    expect(packages.filter((name) => !(name in manifest.dependencies))).toEqual([])
  })

  it('every thread of the gateway has its file beside the entry', () => {
    const workers = globSync('gateway/**/*-worker.ts', { cwd: root }).map((path) => basename(path, '.ts'))
    expect(workers.length).toBeGreaterThan(0)
    for (const name of workers) expect(existsSync(join(root, 'out', 'gateway', `${name}.js`)), name).toBe(true)
  })
})
