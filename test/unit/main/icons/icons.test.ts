import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawIcon } from '../../../../main/icons/draw-icon.ts'
import { iconSet, trayStates } from '../../../../main/icons/icon-set.ts'
import { icnsFile, icoFile } from '../../../../main/icons/image-containers.ts'
import { trayIconFile } from '../../../../main/tray/tray-icon.ts'

const icons = join(import.meta.dirname, '..', '..', '..', '..', 'resources', 'icons')
// The last bit of a rounded colour may differ between processors.
const isReference = process.platform === 'linux' && process.arch === 'x64'

describe('the icons', () => {
  it.skipIf(!isReference)('are what the script draws from the sources', () => {
    const differing = iconSet()
      .filter((file) => !drawIcon(join(icons, 'source'), file).equals(readFileSync(join(icons, file.path))))
      .map(({ path }) => path)
    expect(differing).toEqual([])
  })

  it('are there for every state on every system', () => {
    const paths = new Set(iconSet().map(({ path }) => path))
    for (const state of trayStates) {
      for (const platform of ['darwin', 'win32', 'linux'] as const) {
        for (const chosen of ['light', 'dark'] as const) {
          const path = trayIconFile(state, { platform, darkTaskbar: chosen === 'light', chosen })
          expect(paths.has(path), path).toBe(true)
        }
      }
    }
  })

  it('differ from each other in every state: the lamps tell it without a colour', () => {
    const files = iconSet().filter(({ path }) => path.startsWith('tray/darwin/') && !path.includes('@2x'))
    const pictures = files.map((file) => drawIcon(join(icons, 'source'), file).toString('base64'))
    expect(new Set(pictures).size).toBe(trayStates.length)
  })
})

describe('the containers', () => {
  const picture = (size: number) => ({
    size,
    png: Buffer.from(`png of ${size}`),
    // One pixel in each row's beginning: red, half seen.
    pixels: Buffer.alloc(size * size * 4).fill(Buffer.from([200, 100, 50, 128]), 0, 4),
  })

  it('hold bitmaps from the bottom up in a Windows icon, and a PNG for the largest', () => {
    const file = icoFile([picture(16), picture(256)])
    expect([file.readUInt16LE(4), file.readUInt8(6), file.readUInt8(22)]).toEqual([2, 16, 0])
    const first = file.readUInt32LE(18)
    expect([file.readInt32LE(first + 4), file.readInt32LE(first + 8)]).toEqual([16, 32])
    const topLeft = first + 40 + 15 * 16 * 4
    expect([...file.subarray(topLeft, topLeft + 4)]).toEqual([50, 100, 200, 128])
    expect(file.subarray(file.readUInt32LE(34)).toString()).toBe('png of 256')
  })

  it('hold every size that macOS asks for, or say which is missing', () => {
    const file = icnsFile([16, 32, 64, 128, 256, 512, 1024].map(picture))
    expect([file.toString('latin1', 0, 4), file.readUInt32BE(4)]).toEqual(['icns', file.length])
    expect(() => icnsFile([16, 32].map(picture))).toThrow('128 pixels')
  })
})
