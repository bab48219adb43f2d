import { expect, it } from 'vitest'
import { readWindowState, restoreWindowState, writeWindowState } from '../../../../main/window/window-state.ts'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const second = { x: 1440, y: 0, width: 2560, height: 1440 }
const at = (x: number, y: number, width = 1000, height = 700) => ({ bounds: { x, y, width, height }, maximised: false })

it('opens the window where it was, on any display that is still there', () => {
  expect(restoreWindowState(at(1500, 100), [laptop, second])).toEqual(at(1500, 100))
  expect(restoreWindowState(at(-800, 300), [laptop])).toEqual(at(-800, 300))
})

it.each([
  ['the display is gone', at(1500, 100), [laptop]],
  ['too little of it is left', at(1400, 100), [laptop]],
  ['its title would be above the edge', at(100, -200), [laptop]],
  ['there is no display', at(0, 30), []],
])('leaves the place to the system when %s', (_why, state, areas) => {
  expect(restoreWindowState(state, areas)).toBeUndefined()
})

it('reads what it wrote, and nothing else', () => {
  const state = { ...at(10, 40), maximised: true }
  expect(readWindowState(writeWindowState(state))).toEqual(state)
  for (const text of [
    undefined,
    '',
    '{}',
    '{"bounds":{"x":0,"y":0,"width":0,"height":9}}',
    '{"bounds":{"x":"0"}}',
    '[1]',
  ]) {
    expect(readWindowState(text)).toBeUndefined()
  }
})
