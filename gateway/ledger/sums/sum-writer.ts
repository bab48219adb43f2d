import type { Database } from '../../store/database.ts'
import type { Contribution } from './contribution.ts'
import { hourDimensions, measures } from './measures.ts'

/** Adds requests to the sums by hour, inside the transaction of their rows. */
export interface SumWriter {
  /** `sign` -1 takes them out again. */
  add(contributions: readonly Contribution[], sign?: 1 | -1): void
}

interface Cell {
  readonly key: readonly (string | number | null)[]
  readonly amounts: number[]
}

export function createSumWriter(database: Database): SumWriter {
  const upsertHour = database.prepare(hourUpsert)
  const upsertLabel = database.prepare(labelUpsert)
  return {
    add(contributions, sign = 1) {
      // Requests of one moment mostly share their cells: one write for all of them.
      const hours = new Map<string, Cell>()
      const labels = new Map<string, Cell>()
      for (const { hour, dimensions, keyAlias, session, role, tags, amounts } of contributions) {
        addTo(hours, [hour, ...dimensions, keyAlias], amounts, sign)
        addTo(labels, ['session', hour, session], amounts, sign)
        addTo(labels, ['role', hour, role], amounts, sign)
        for (const tag of tags) addTo(labels, ['tag', hour, tag], amounts, sign)
      }
      for (const { key, amounts } of hours.values()) upsertHour.run(...key, ...amounts)
      for (const { key, amounts } of labels.values()) upsertLabel.run(...key, ...amounts)
    },
  }
}

function addTo(cells: Map<string, Cell>, key: Cell['key'], amounts: readonly number[], sign: number): void {
  const name = JSON.stringify(key)
  const cell = cells.get(name)
  if (cell === undefined) cells.set(name, { key, amounts: amounts.map((amount) => amount * sign) })
  else {
    for (const [place, amount] of amounts.entries()) cell.amounts[place] = (cell.amounts[place] ?? 0) + amount * sign
  }
}

const addUp = measures.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')
const marks = (count: number) => Array.from({ length: count }, () => '?').join(', ')

const hourUpsert = `INSERT INTO spend_hours (hour, ${hourDimensions.join(', ')}, key_alias, ${measures.join(', ')})
  VALUES (${marks(2 + hourDimensions.length + measures.length)})
  ON CONFLICT DO UPDATE SET key_alias = coalesce(excluded.key_alias, key_alias), ${addUp}`

const labelUpsert = `INSERT INTO spend_label_hours (kind, hour, label, ${measures.join(', ')})
  VALUES (${marks(3 + measures.length)}) ON CONFLICT DO UPDATE SET ${addUp}`
