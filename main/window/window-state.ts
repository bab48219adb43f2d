import type { Rectangle } from '../ports/geometry.ts'

/** Where the dashboard was, in the pixels of the desktop, independent of the scale of a display. */
export interface WindowState {
  readonly bounds: Rectangle
  readonly maximised: boolean
}

/** So much of the window must lie on a display, in pixels: enough to take it by its title. */
const leastVisible = { width: 160, height: 48 }

/** The state in a file's text; undefined when it holds none. */
export function readWindowState(text: string | undefined): WindowState | undefined {
  try {
    const { bounds, maximised } = JSON.parse(text ?? '') as { bounds?: Partial<Rectangle>; maximised?: unknown }
    const { x, y, width, height } = bounds ?? {}
    if (!isPixel(x) || !isPixel(y) || !isPixel(width) || !isPixel(height)) return undefined
    if (width < 1 || height < 1) return undefined
    return { bounds: { x, y, width, height }, maximised: maximised === true }
  } catch {
    return undefined
  }
}

export function writeWindowState({ bounds, maximised }: WindowState): string {
  const { x, y, width, height } = bounds
  return `${JSON.stringify({ bounds: { x, y, width, height }, maximised })}\n`
}

/**
 * The state to open the window with: as it was, while enough of it lies on a display that is there now. Undefined when
 * that display is gone: the window then opens where the system puts it.
 */
export function restoreWindowState(
  saved: WindowState | undefined,
  workAreas: readonly Rectangle[],
): WindowState | undefined {
  if (saved === undefined) return undefined
  const { bounds, maximised } = saved
  const reachable = workAreas.some((area) => {
    const seen = intersection(bounds, area)
    // A title above the upper edge could not be taken any more.
    return seen.width >= leastVisible.width && seen.height >= leastVisible.height && bounds.y >= area.y - 8
  })
  return reachable ? { bounds, maximised } : undefined
}

function intersection(one: Rectangle, other: Rectangle): { readonly width: number; readonly height: number } {
  return {
    width: Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x),
    height: Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y),
  }
}

function isPixel(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 100_000
}
