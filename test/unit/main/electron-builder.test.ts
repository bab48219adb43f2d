import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { linkScheme } from '../../../main/links/deep-link.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface PlatformPart {
  icon: string
  files: string[]
}
const settings = parse(read('electron-builder.yml')) as {
  files: string[]
  electronFuses: Record<string, boolean>
  publish: { provider: string; url: string }
  protocols: { schemes: string[] }[]
  mac: PlatformPart & { entitlements: string; entitlementsInherit: string }
  win: PlatformPart
  linux: PlatformPart
}

describe('electron-builder.yml', () => {
  it('has only keys and values that the installed electron-builder knows', () => {
    const schema = JSON.parse(read('node_modules/app-builder-lib/scheme.json')) as object
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)
    validate(settings)
    expect(validate.errors).toBeNull()
    validate({ ...settings, noSuchKey: true })
    expect(validate.errors).not.toBeNull()
  })

  it('names icons and entitlements that are there', () => {
    const named = [settings.mac.icon, settings.win.icon, settings.linux.icon]
    for (const path of [...named, settings.mac.entitlements, settings.mac.entitlementsInherit]) {
      expect(existsSync(join(root, path)), path).toBe(true)
    }
  })

  it('decides on every fuse that can be set', () => {
    const schema = JSON.parse(read('node_modules/app-builder-lib/scheme.json')) as {
      definitions: { FuseOptionsV1: { properties: Record<string, unknown> } }
    }
    // Not a fuse but a matter of signing.
    const fuses = Object.keys(schema.definitions.FuseOptionsV1.properties).filter(
      (name) => name !== 'resetAdHocDarwinSignature',
    )
    expect(Object.keys(settings.electronFuses).toSorted()).toEqual(fuses.toSorted())
  })

  it('keeps exactly one platform of prebuilt libraries in each package', () => {
    const prebuilds = globSync('node_modules/better-sqlite3/prebuilds/*.node', { cwd: root }).map((path) =>
      path.replaceAll('\\', '/'),
    )
    expect(prebuilds.length).toBeGreaterThanOrEqual(6)
    const kept = ({ files }: PlatformPart) => {
      const dropped = new Set(
        files
          .filter((pattern) => pattern.startsWith('!'))
          .flatMap((pattern) => globSync(pattern.replace(/^!/, '').concat('*'), { cwd: root }))
          .map((path) => path.replaceAll('\\', '/')),
      )
      return prebuilds.filter((path) => !dropped.has(path)).map((path) => path.replace(/^.*\/(\w+)-.*$/, '$1'))
    }
    expect(new Set(kept(settings.mac))).toEqual(new Set(['darwin']))
    expect(new Set(kept(settings.win))).toEqual(new Set(['win32']))
    expect(new Set(kept(settings.linux))).toEqual(new Set(['linux', 'linuxmusl']))
  })

  it('has no list of one system that only leaves out: electron-builder reads that as everything else', () => {
    for (const { files } of [settings.mac, settings.win, settings.linux]) {
      expect(files.some((pattern) => !pattern.startsWith('!'))).toBe(true)
    }
  })

  it('uploads nothing by itself, and names one feed over https for updates', () => {
    expect(settings.publish).toMatchObject({ provider: 'generic', url: expect.stringMatching(/^https:/) })
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(scripts['package']).toContain('--publish never')
  })

  it('takes the links that the app reads', () => {
    expect(settings.protocols.flatMap(({ schemes }) => schemes)).toEqual([linkScheme])
  })
})

describe('icons', () => {
  const png = (path: string) => {
    const bytes = readFileSync(join(root, 'resources', 'icons', path))
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    return bytes.readUInt32BE(16)
  }

  it.each(['off', 'degraded', 'limit', 'working', 'ok'])(
    'has the tray image "%s" for every system, in every size',
    (state) => {
      expect(png(`tray/darwin/${state}Template.png`)).toBe(16)
      expect(png(`tray/darwin/${state}Template@2x.png`)).toBe(32)
      for (const theme of ['light', 'dark']) {
        expect(png(`tray/linux/${state}-${theme}.png`)).toBe(24)
        expect(png(`tray/linux/${state}-${theme}@2x.png`)).toBe(48)
        const ico = readFileSync(join(root, 'resources', 'icons', 'tray', 'win32', `${state}-${theme}.ico`))
        const count = ico.readUInt16LE(4)
        expect(Array.from({ length: count }, (_, index) => ico.readUInt8(6 + index * 16))).toEqual([16, 20, 24, 32])
      }
    },
  )

  it('has the application icon in the sizes the systems ask for', () => {
    for (const size of [16, 32, 48, 64, 128, 256, 512]) expect(png(`linux/${size}x${size}.png`)).toBe(size)
    expect(png('app.png')).toBe(1024)
  })
})
