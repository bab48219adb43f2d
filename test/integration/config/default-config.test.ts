import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeDefaultConfig } from '../../../gateway/config/default-config.ts'
import { loadConfig } from '../../../gateway/config/load-config.ts'
import { findPackageRoot, resourcePath } from '../../../gateway/config/package-root.ts'
import { readCatalogue } from '../../../gateway/config/providers/catalogue.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-default-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function load(path: string) {
  return loadConfig({ path, lookup: () => undefined, catalogue: readCatalogue() })
}

describe('the first configuration', () => {
  it('is written into a folder that is not there yet, for its owner only, and is sound', async () => {
    const path = join(folder, 'new', 'config.yaml')
    expect(await writeDefaultConfig(path)).toBe(true)
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(load(path)).toMatchObject({ problems: [], missing: [], config: { modelNames: [] } })
    expect(readdirSync(join(folder, 'new'))).toEqual(['config.yaml'])
  })

  it('never replaces a file, not even of two writers at once', async () => {
    const path = join(folder, 'config.yaml')
    const written = await Promise.all(Array.from({ length: 8 }, () => writeDefaultConfig(path)))
    expect(written.filter(Boolean)).toHaveLength(1)
    writeFileSync(path, 'mine\n')
    expect(await writeDefaultConfig(path)).toBe(false)
    expect(readFileSync(path, 'utf8')).toBe('mine\n')
    expect(readdirSync(folder)).toEqual(['config.yaml'])
  })

  it('holds examples that work once their # is taken off', () => {
    const text = readFileSync(resourcePath('default-config.yaml'), 'utf8')
    const [head = '', examples = ''] = text.split('at once if you like.\n')
    const uncommented = head.replace('model_list: []', 'model_list:') + examples.replaceAll(/^# ?/gm, '')
    const path = join(folder, 'config.yaml')
    writeFileSync(path, uncommented)
    const { config, problems } = load(path)
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([])
    expect(config?.modelNames).toEqual(['gpt-5.4-mini', 'claude-opus-4-8', 'qwen3-local', 'gpu-box', 'my-router'])
    expect(config?.fallbacks.get('gpu-box')).toEqual(['gpt-5.4-mini'])
    expect(config?.signalbox.demo).toBe('on')
  })
})

describe('the package root', () => {
  it('is found from the sources and from a bundle', () => {
    const root = findPackageRoot()
    expect(findPackageRoot(join(root, 'out', 'gateway'))).toBe(root)
    expect(() => findPackageRoot(folder)).toThrow(/Install the application again/)
  })
})
