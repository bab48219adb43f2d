import type { RequestView } from '../contract.ts'

export interface ArrangedRows {
  readonly rows: readonly RequestView[]
  /** New requests that wait behind the head of the list. */
  readonly waiting: number
}

/**
 * What a list shows: its newest rows (`limit` of them), or, while it is held (pointer over it, scrolled, a row focused),
 * the rows it had, with their newest content, and the count of those that wait.
 */
export function arrangeRows(
  requests: readonly RequestView[],
  heldIds: ReadonlySet<string> | null,
  limit = Infinity,
): ArrangedRows {
  const newest = { rows: requests.slice(0, limit), waiting: 0 }
  if (heldIds === null) return newest
  const rows = requests.filter((request) => heldIds.has(request.id))
  const last = rows.at(-1)
  // Nothing to hold still: an empty list shows what comes.
  if (last === undefined) return newest
  // What comes after the last row was there before and found no room.
  return { rows, waiting: requests.indexOf(last) + 1 - rows.length }
}
