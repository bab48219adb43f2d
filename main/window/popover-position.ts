import type { Point, Rectangle } from '../ports/geometry.ts'

export interface PopoverSurroundings {
  readonly platform: NodeJS.Platform
  /** Of the tray icon; undefined (or empty) where the system does not tell, as on Linux. */
  readonly tray: Rectangle | undefined
  /** The display the icon is on: all of it, and without the taskbar, dock and menu bar. */
  readonly display: Rectangle
  readonly workArea: Rectangle
  readonly size: { readonly width: number; readonly height: number }
}

export const popoverSize = { width: 380, height: 600 } as const

const macGap = 5
const edgeGap = 10

/** Where the panel opens, in the whole pixels of the desktop; always inside the work area. */
export function popoverBounds(surroundings: PopoverSurroundings): Rectangle {
  return clamp(place(surroundings), surroundings)
}

function place({ platform, tray, display, workArea, size }: PopoverSurroundings): Point {
  const right = workArea.x + workArea.width - size.width - edgeGap
  const bottom = workArea.y + workArea.height - size.height - edgeGap
  if (platform === 'linux' || tray === undefined || tray.width === 0 || tray.height === 0)
    return { x: right, y: bottom }
  const centredX = tray.x + (tray.width - size.width) / 2
  const centredY = tray.y + (tray.height - size.height) / 2
  if (platform === 'darwin') return { x: centredX, y: tray.y + tray.height + macGap }
  switch (taskbarEdge(display, workArea)) {
    case 'top':
      return { x: centredX, y: workArea.y + edgeGap }
    case 'left':
      return { x: workArea.x + edgeGap, y: centredY }
    case 'right':
      return { x: right, y: centredY }
    case 'bottom':
      return { x: centredX, y: bottom }
  }
}

/** The edge the work area lacks. An automatically hidden taskbar leaves no gap; it is at the bottom on most desktops. */
function taskbarEdge(display: Rectangle, workArea: Rectangle): 'top' | 'left' | 'right' | 'bottom' {
  if (workArea.y > display.y) return 'top'
  if (workArea.x > display.x) return 'left'
  return workArea.width < display.width ? 'right' : 'bottom'
}

/** Kept clear of the edges by the gap where there is room; a work area smaller than the panel shows its top left corner. */
function clamp({ x, y }: Point, { platform, workArea, size }: PopoverSurroundings): Rectangle {
  const gap = platform === 'darwin' ? macGap : edgeGap
  const within = (value: number, start: number, length: number, wanted: number) =>
    Math.round(Math.max(start, Math.min(value, start + length - wanted - gap)))
  return {
    x: within(x, workArea.x, workArea.width, size.width),
    y: within(y, workArea.y, workArea.height, size.height),
    width: size.width,
    height: size.height,
  }
}

/** True when a point (of the pointer) lies on the tray icon: the click that blurs the panel is then the one that toggles it. */
export function contains(area: Rectangle | undefined, point: Point): boolean {
  if (area === undefined) return false
  return point.x >= area.x && point.x < area.x + area.width && point.y >= area.y && point.y < area.y + area.height
}
