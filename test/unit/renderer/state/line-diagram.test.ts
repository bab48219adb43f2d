import { describe, expect, it } from 'vitest'
import type { GpuView } from '../../../../renderer/contract.ts'
import { memoryParts } from '../../../../renderer/state/gpu-memory.ts'
import { diagramRows, forkLines } from '../../../../renderer/state/line-diagram.ts'
import { gpus } from '../../../ui/scripted-backends.ts'
import { network } from '../../../ui/scripted-places.ts'

describe('the line diagram', () => {
  it('has a row an end; only the first of a line has its hop and its fork', () => {
    const [loopback, , tunnel] = network.paths
    if (loopback === undefined || tunnel === undefined) throw new Error('The scripted network lost a path.')
    const [end] = loopback.ends
    if (end === undefined) throw new Error('The scripted network lost an end.')
    const wide = { ...loopback, ends: [end, { ...end, name: 'box', state: 'host_down' as const }] }
    const rows = diagramRows([wide, tunnel])
    expect(rows.map(({ first, hop, lamp, lost }) => [first, hop, lamp, lost])).toEqual([
      [true, 'up', 'up', false],
      [false, 'up', 'away', true],
      [true, 'away', 'off', true],
    ])
    expect(new Set(rows.map(({ key }) => key)).size).toBe(3)
    expect(forkLines(rows, 100, 50)).toEqual(['M0 75C50 75 50 25 100 25', 'M0 75C50 75 50 125 100 125'])
  })
})

describe('the memory of a GPU', () => {
  const gibibyte = 2 ** 30
  const [gpu, silent] = gpus.gpus as [GpuView, GpuView]

  it('names the biggest processes first and what is left last', () => {
    const parts = memoryParts(gpu, 'other').map(({ name, bytes }) => [name, Math.round((bytes / gibibyte) * 10) / 10])
    expect(parts).toEqual([
      ['ollama', 15.8],
      ['Xorg', 0.4],
      ['other', 1],
    ])
    const shares = memoryParts(gpu, 'other').reduce((sum, { share }) => sum + share, 0)
    expect(shares).toBeCloseTo(17.2 / 24, 6)
  })

  it('is not guessed where the driver tells nothing', () => {
    expect(memoryParts(silent, 'other')).toEqual([])
  })
})
