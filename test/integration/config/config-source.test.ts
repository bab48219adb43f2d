import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type ConfigChange,
  ConfigRefusedError,
  type ConfigSource,
  createConfigSource,
} from '../../../gateway/config/config-source.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'

const catalogue = readCatalogue()

let folder: string
let path: string
let open: ConfigSource[]
let environment: Record<string, string>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-config-'))
  path = join(folder, 'config.yaml')
  open = []
  environment = { KEY: 'first' }
})

afterEach(() => {
  for (const source of open) source.close()
  rmSync(folder, { recursive: true, force: true })
})

function models(...names: string[]): string {
  return `model_list:\n${names.map((name) => `  - model_name: ${name}\n    litellm_params: {model: openai/x-${name}, api_key: os.environ/KEY}\n`).join('')}`
}

interface StartOptions {
  readonly path?: string
  readonly fastPollOnly?: boolean
  readonly flags?: { readonly port: number }
}

function start(options: StartOptions = {}): ConfigSource {
  const timing =
    options.fastPollOnly === true
      ? { hintMs: 10, settleMs: 20, blankSettleMs: 100, slowPollMs: 20, fastPollMs: 20 }
      : undefined
  const source = createConfigSource({
    path: options.path ?? path,
    lookup: (name) => environment[name],
    catalogue,
    timing,
    flags: options.flags,
  })
  open.push(source)
  return source
}

/** The next read that satisfies the condition; the test's own deadline bounds the wait. */
function next(source: ConfigSource, fits: (change: ConfigChange) => boolean): Promise<ConfigChange> {
  return new Promise((resolve) => {
    const stop = source.onChange((change) => {
      if (!fits(change)) return
      stop()
      resolve(change)
    })
  })
}

function listing(...names: string[]): (change: ConfigChange) => boolean {
  return ({ config, changed }) => changed && config.modelNames.join() === names.join()
}

describe('a running configuration', () => {
  it('follows a file written in place', async () => {
    writeFileSync(path, models('a'))
    const source = start()
    const before = source.current()
    const changed = next(source, listing('a', 'b'))
    writeFileSync(path, models('a', 'b'))
    await changed
    expect(source.current().modelNames).toEqual(['a', 'b'])
    expect(source.current().revision).not.toBe(before.revision)
    expect(before.modelNames).toEqual(['a'])
  })

  it('follows a file that an editor replaces, time after time', async () => {
    writeFileSync(path, models('a'))
    const source = start()
    for (const name of ['b', 'c', 'd']) {
      const changed = next(source, listing(name))
      writeFileSync(join(folder, '.draft'), models(name))
      renameSync(join(folder, '.draft'), path)
      await changed
    }
    expect(source.current().modelNames).toEqual(['d'])
  })

  it('does not take the middle of a save for an empty file', async () => {
    writeFileSync(path, models('a'))
    const source = start()
    const seen: string[] = []
    source.onChange(({ config }) => seen.push(config.modelNames.join()))
    const changed = next(source, listing('b'))
    writeFileSync(path, '')
    setTimeout(() => writeFileSync(path, models('b')), 150)
    await changed
    expect(seen).toEqual(['b'])
  })

  it('keeps running through a broken edit, says what is wrong, and takes the mended file', async () => {
    writeFileSync(path, models('a'))
    const source = start()
    const before = source.current()
    const refused = next(source, (change) => change.refused)
    writeFileSync(path, `${models('b')}signalbox: {port: none}\n`)
    const { changed } = await refused
    expect(changed).toBe(false)
    expect(source.refused()).toBe(true)
    expect(source.current()).toBe(before)
    expect(source.problems()[0]).toMatchObject({ severity: 'error', line: 4, path: 'signalbox.port' })
    const mended = next(source, listing('b'))
    writeFileSync(path, models('b'))
    await mended
    expect(source.refused()).toBe(false)
    expect(source.problems()).toEqual([])
  })

  it('keeps running while the file is gone and notices its return', async () => {
    writeFileSync(path, models('a'))
    const source = start()
    const gone = next(source, (change) => change.refused)
    unlinkSync(path)
    await gone
    expect(source.current().modelNames).toEqual(['a'])
    expect(source.problems()[0]?.message).toMatch(/There is no file config\.yaml here/)
    const back = next(source, listing('b'))
    writeFileSync(path, models('b'))
    await back
    expect(source.refused()).toBe(false)
  })

  it('follows providers.json beside it, which may appear later', async () => {
    writeFileSync(path, `${models('a')}  - model_name: c\n    litellm_params: {model: ollama/x}\n`)
    const source = start()
    const changed = next(source, (change) => change.changed)
    writeFileSync(join(folder, 'providers.json'), '{"ollama": {"base_url": "http://gpu-box:11434"}}')
    await changed
    expect(source.current().groups.get('c')?.[0]?.baseUrl).toBe('http://gpu-box:11434')
  })

  it.skipIf(process.platform === 'win32')(
    'follows a mounted folder whose link is swapped, as Kubernetes does',
    async () => {
      for (const [version, name] of [
        ['v1', 'a'],
        ['v2', 'b'],
      ] as const) {
        mkdirSync(join(folder, version))
        writeFileSync(join(folder, version, 'config.yaml'), models(name))
      }
      symlinkSync('v1', join(folder, '..data'))
      symlinkSync(join('..data', 'config.yaml'), path)
      const source = start()
      const changed = next(source, listing('b'))
      symlinkSync('v2', join(folder, '..next'))
      renameSync(join(folder, '..next'), join(folder, '..data'))
      await changed
      expect(source.current().modelNames).toEqual(['b'])
    },
  )

  it.skipIf(process.platform === 'win32')('follows the file behind a link into another folder', async () => {
    const elsewhere = join(folder, 'dotfiles')
    mkdirSync(elsewhere)
    mkdirSync(join(folder, 'home'))
    writeFileSync(join(elsewhere, 'config.yaml'), models('a'))
    symlinkSync(join(elsewhere, 'config.yaml'), join(folder, 'home', 'config.yaml'))
    const source = start({ path: join(folder, 'home', 'config.yaml') })
    const changed = next(source, listing('b'))
    writeFileSync(join(elsewhere, 'config.yaml'), models('b'))
    await changed
    expect(source.current().modelNames).toEqual(['b'])
  })

  it('finds a change by looking, where the folder itself was replaced', async () => {
    const inner = join(folder, 'inner')
    mkdirSync(inner)
    writeFileSync(join(inner, 'config.yaml'), models('a'))
    const source = start({ path: join(inner, 'config.yaml'), fastPollOnly: true })
    mkdirSync(join(folder, 'other'))
    writeFileSync(join(folder, 'other', 'config.yaml'), models('b'))
    const changed = next(source, listing('b'))
    renameSync(inner, join(folder, 'old'))
    renameSync(join(folder, 'other'), inner)
    await changed
    expect(source.current().modelNames).toEqual(['b'])
  })

  it('tells nobody of a change when only a comment changed', async () => {
    writeFileSync(path, models('a'))
    const source = start()
    const before = source.current()
    const read = next(source, () => true)
    writeFileSync(path, `${models('a')}# a comment\n`)
    expect((await read).changed).toBe(false)
    expect(source.current()).toBe(before)
  })

  it('has another revision when a key changed, though no secret is in it', () => {
    writeFileSync(path, models('a'))
    const source = start()
    const before = source.current()
    expect(source.reload()).toBe(false)
    environment = { KEY: 'second' }
    expect(source.reload()).toBe(true)
    expect(source.current().revision).toBe(`${before.revision}-2`)
    expect(source.reload()).toBe(false)
    environment = {}
    expect(source.reload()).toBe(true)
    expect(source.missing()).toEqual(['KEY'])
    environment = { KEY: 'third' }
    expect(source.reload()).toBe(true)
    expect(source.missing()).toEqual([])
  })

  it('says that a changed port needs a restart, until it is changed back', () => {
    writeFileSync(path, 'signalbox: {port: 4000}\n')
    const source = start()
    expect(source.restartNeeded()).toEqual([])
    writeFileSync(path, 'signalbox: {port: 4001, host: 0.0.0.0}\n')
    source.reload()
    expect(source.restartNeeded()).toEqual([
      'signalbox.port is now 4001 and was 4000 at the start',
      'signalbox.host is now 0.0.0.0 and was 127.0.0.1 at the start',
    ])
    writeFileSync(path, '# the default port\n')
    source.reload()
    expect(source.restartNeeded()).toEqual([])
  })

  it('asks for no restart over what the command line sets', () => {
    writeFileSync(path, 'signalbox: {port: 4000}\n')
    const source = start({ flags: { port: 4700 } })
    writeFileSync(path, 'signalbox: {port: 4001, host: 0.0.0.0}\n')
    source.reload()
    expect(source.restartNeeded()).toEqual(['signalbox.host is now 0.0.0.0 and was 127.0.0.1 at the start'])
  })

  it('does not start with a broken file, and hands over what is wrong', () => {
    writeFileSync(path, 'signalbox: {port: x}\nrouter_settings: {num_retries: y}\n')
    expect(() => start()).toThrow(ConfigRefusedError)
    try {
      start()
    } catch (error) {
      expect((error as ConfigRefusedError).problems).toHaveLength(2)
      expect((error as ConfigRefusedError).message).toMatch(/has 2 errors and cannot be used/)
    }
  })

  it('is silent after close', () => {
    writeFileSync(path, models('a'))
    const source = start()
    let calls = 0
    source.onChange(() => (calls += 1))
    source.close()
    source.close()
    source.reload()
    expect(calls).toBe(0)
  })
})
