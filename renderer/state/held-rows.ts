import type { RequestView } from '../contract.ts'

export interface ArrangedRows {
  readonly rows: readonly RequestView[]
  /** New requests that wait behind the head of the list. */
  readonly waiting: number
}

/**
 * What a list shows: everything, or, while it is held (pointer over it, scrolled, a row focused), the rows it had, with
 * their newest content, and the count of those that wait.
 */
export function arrangeRows(requests: readonly RequestView[], heldIds: ReadonlySet<string> | null): ArrangedRows {
  if (heldIds === null) return { rows: requests, waiting: 0 }
  const rows = requests.filter((request) => heldIds.has(request.id))
  // Nothing to hold still: an empty list shows what comes.
  if (rows.length === 0) return { rows: requests, waiting: 0 }
  return { rows, waiting: requests.length - rows.length }
}
