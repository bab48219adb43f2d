import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, popoverBounds, popoverSize } from '../../../../main/window/popover-position.ts'

const size = popoverSize
const display = { x: 0, y: 0, width: 1920, height: 1080 }

describe('popoverBounds', () => {
  it('macOS: centred under the icon in the menu bar', () => {
    const workArea = { x: 0, y: 25, width: 1440, height: 875 }
    const tray = { x: 1000, y: 0, width: 30, height: 24 }
    const mac = { x: 0, y: 0, width: 1440, height: 900 }
    expect(popoverBounds({ platform: 'darwin', tray, display: mac, workArea, size })).toEqual({
      x: 825,
      y: 29,
      ...size,
    })
  })

  it('Windows: above a taskbar at the bottom, kept on the screen', () => {
    const workArea = { ...display, height: 1032 }
    const tray = { x: 1800, y: 1040, width: 24, height: 32 }
    expect(popoverBounds({ platform: 'win32', tray, display, workArea, size })).toEqual({ x: 1530, y: 422, ...size })
  })

  it('Windows: beside a taskbar at the left, below one at the top, beside one at the right', () => {
    const left = { platform: 'win32', display, workArea: { x: 62, y: 0, width: 1858, height: 1080 }, size } as const
    expect(popoverBounds({ ...left, tray: { x: 10, y: 1000, width: 40, height: 40 } })).toMatchObject({ x: 72, y: 470 })
    const top = { ...left, workArea: { x: 0, y: 48, width: 1920, height: 1032 } }
    expect(popoverBounds({ ...top, tray: { x: 900, y: 8, width: 24, height: 24 } })).toMatchObject({ x: 722, y: 58 })
    const right = { ...left, workArea: { ...display, width: 1858 } }
    expect(popoverBounds({ ...right, tray: { x: 1870, y: 500, width: 40, height: 40 } })).toMatchObject({
      x: 1468,
      y: 220,
    })
  })

  it('Linux: bottom right, on the display at hand', () => {
    const second = { x: 1920, y: 0, width: 2560, height: 1440 }
    const workArea = { ...second, y: 32, height: 1408 }
    expect(popoverBounds({ platform: 'linux', tray: undefined, display: second, workArea, size })).toEqual({
      x: 4090,
      y: 830,
      ...size,
    })
  })

  it('takes an icon without a size for no icon', () => {
    const nowhere = { x: 0, y: 0, width: 0, height: 0 }
    const bounds = popoverBounds({ platform: 'win32', tray: nowhere, display, workArea: display, size })
    expect(bounds).toMatchObject({ x: 1530, y: 470 })
  })

  it('is whole pixels inside the work area wherever the icon is', () => {
    const place = fc.record({ x: fc.integer({ min: -4000, max: 4000 }), y: fc.integer({ min: -4000, max: 4000 }) })
    fc.assert(
      fc.property(place, fc.constantFrom('darwin', 'win32', 'linux'), place, (icon, platform, corner) => {
        const workArea = { ...corner, width: 800, height: 700 }
        const tray = { ...icon, width: 25, height: 23 }
        const bounds = popoverBounds({ platform, tray, display: { ...workArea, height: 740 }, workArea, size })
        expect(Number.isInteger(bounds.x) && Number.isInteger(bounds.y)).toBe(true)
        expect(bounds.x).toBeGreaterThanOrEqual(workArea.x)
        expect(bounds.y).toBeGreaterThanOrEqual(workArea.y)
        expect(bounds.x + bounds.width).toBeLessThanOrEqual(workArea.x + workArea.width)
        expect(bounds.y + bounds.height).toBeLessThanOrEqual(workArea.y + workArea.height)
      }),
    )
  })
})

it('knows whether the pointer is on the icon', () => {
  const icon = { x: 10, y: 10, width: 20, height: 20 }
  expect(contains(icon, { x: 10, y: 29 })).toBe(true)
  expect(contains(icon, { x: 30, y: 10 })).toBe(false)
  expect(contains(undefined, { x: 0, y: 0 })).toBe(false)
})
