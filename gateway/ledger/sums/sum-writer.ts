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
        const key = [hour, ...dimensions, keyAlias]
        addTo(hours, JSON.stringify(key), key, amounts, sign)
        addLabel(labels, ['session', hour, session], amounts, sign)
        addLabel(labels, ['role', hour, role], amounts, sign)
        for (const tag of tags) addLabel(labels, ['tag', hour, tag], amounts, sign)
      }
      for (const { key, amounts } of hours.values()) upsertHour.run(...key, ...amounts)
      for (const { key, amounts } of labels.values()) upsertLabel.run(...key, ...amounts)
    },
  }
}

/** Only the label may hold anything: behind kind and hour it needs no quotes to be told from others. */
function addLabel(
  cells: Map<string, Cell>,
  key: readonly [kind: string, hour: number, label: string],
  amounts: readonly number[],
  sign: number,
): void {
  addTo(cells, `${key[0]} ${key[1]} ${key[2]}`, key, amounts, sign)
}

function addTo(
  cells: Map<string, Cell>,
  name: string,
  key: Cell['key'],
  amounts: readonly number[],
  sign: number,
): void {
  const cell = cells.get(name)
  if (cell === undefined) cells.set(name, { key, amounts: amounts.map((amount) => amount * sign) })
  else
    for (let place = 0; place < amounts.length; place += 1)
      cell.amounts[place] = (cell.amounts[place] ?? 0) + (amounts[place] ?? 0) * sign
}

const addUp = measures.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')
const marks = (count: number) => Array.from({ length: count }, () => '?').join(', ')

const hourUpsert = `INSERT INTO spend_hours (hour, ${hourDimensions.join(', ')}, key_alias, ${measures.join(', ')})
  VALUES (${marks(2 + hourDimensions.length + measures.length)})
  ON CONFLICT DO UPDATE SET key_alias = coalesce(excluded.key_alias, key_alias), ${addUp}`

const labelUpsert = `INSERT INTO spend_label_hours (kind, hour, label, ${measures.join(', ')})
  VALUES (${marks(3 + measures.length)}) ON CONFLICT DO UPDATE SET ${addUp}`
