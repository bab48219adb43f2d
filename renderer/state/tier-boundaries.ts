import type { Boundaries } from '../contract.ts'
import { type BoundaryName, boundaryOrder } from './router-edits.ts'

/** The ends of the scale that boundaries are drawn on. */
export interface ScoreRange {
  readonly low: number
  readonly high: number
}

const step = 0.01
const room = 0.15

/** A range that holds the boundaries with room at both ends. Of the saved ones, so that it stands still while one moves. */
export function scoreRange(saved: Boundaries): ScoreRange {
  return {
    low: Math.floor((Math.min(-room, saved.simple_medium) - room + 0.1) * 10) / 10,
    high: Math.ceil((Math.max(0.6, saved.complex_reasoning) + room) * 10) / 10,
  }
}

/** Where a value stands on the range, in percent. */
export function placeOn({ low, high }: ScoreRange, value: number): number {
  return ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * 100
}

/** The value of a boundary that is moved to `wanted`: whole hundredths, inside the range, never past its neighbours. */
export function moveBoundary(boundaries: Boundaries, name: BoundaryName, wanted: number, range: ScoreRange): number {
  const place = boundaryOrder.indexOf(name)
  const before = boundaryOrder[place - 1]
  const after = boundaryOrder[place + 1]
  const least = before === undefined ? range.low : boundaries[before]
  const most = after === undefined ? range.high : boundaries[after]
  const value = Math.min(hundredths(most - step), Math.max(hundredths(least + step), hundredths(wanted)))
  // Two neighbours closer than two steps leave no place but the one it has.
  return value > least && value < most ? value : boundaries[name]
}

/** The value after a key was pressed on a boundary: arrows 0.01, with Shift 0.05; undefined for any other key. */
export function keyedValue(key: string, shift: boolean, value: number, range: ScoreRange): number | undefined {
  const stride = shift ? 5 * step : step
  if (key === 'ArrowRight' || key === 'ArrowUp') return value + stride
  if (key === 'ArrowLeft' || key === 'ArrowDown') return value - stride
  if (key === 'PageUp') return value + 5 * step
  if (key === 'PageDown') return value - 5 * step
  if (key === 'Home') return range.low
  return key === 'End' ? range.high : undefined
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}
