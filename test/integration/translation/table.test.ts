import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cells } from './cells.ts'
import { clients } from './clients/clients.ts'
import { refusals } from './refusals.ts'
import { type Stage, startStage } from './stage.ts'
import { wires } from './wires/wires.ts'

const marks = new Map<string, string>()

describe('each dialect before each provider', () => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startStage()
  })

  afterAll(async () => {
    await stage.stop()
    console.log(table())
  })

  for (const client of clients) {
    for (const wire of wires) {
      describe(`${client.dialect} → ${wire.name}`, () => {
        for (const cell of cells) {
          const key = `${client.dialect} → ${wire.name}: ${cell.name}`
          const refusal = refusals.find(
            (entry) => entry.dialect === client.dialect && entry.provider === wire.name && entry.cell === cell.name,
          )
          const name = refusal === undefined ? cell.name : `${cell.name}: refused, ${refusal.why}`
          test(name, async () => {
            marks.set(key, '✗')
            const checked = cell.check({ stage, client, wire })
            if (refusal === undefined) await checked
            else await expect(checked).rejects.toThrow(/^400: .*file/s)
            marks.set(key, refusal === undefined ? '✓' : 'refused')
          })
        }
      })
    }
  }
})

/** A line for each dialect before each provider. */
function table(): string {
  const rows = clients.flatMap((client) =>
    wires.map((wire) => [
      `${client.dialect} → ${wire.name}`,
      ...cells.map((cell) => marks.get(`${client.dialect} → ${wire.name}: ${cell.name}`) ?? '–'),
    ]),
  )
  const lines = [['', ...cells.map((cell) => cell.name)], ...rows]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? []
  return lines.map((line) => line.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}
