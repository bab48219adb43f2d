const longestCompared = 100

/**
 * The candidate most like `name`, for "did you mean": undefined when nothing is close. Close means at most a third of the
 * longer name differs, or the two differ only in case, dashes, dots and underscores.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplify(name)
  if (wanted === '' || wanted.length > longestCompared) return undefined
  let best: string | undefined
  let bestRank = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const simple = simplify(candidate)
    if (simple === '' || simple.length > longestCompared) continue
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, simple.length) / 3))
    if (Math.abs(wanted.length - simple.length) > limit) continue
    const distance = editDistance(wanted, simple, limit)
    // Of two at the same distance the one that begins alike: `of` is `off` rather than `on`.
    const rank = distance - commonStart(wanted, simple) / (longestCompared + 1)
    if (distance <= limit && rank < bestRank) {
      best = candidate
      bestRank = rank
    }
  }
  return best
}

/**
 * Number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other. More than
 * `limit` is given as infinity, as soon as that is certain.
 */
export function editDistance(left: string, right: string, limit: number = Number.POSITIVE_INFINITY): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = nextRow(left, right, row, last, beforeLast)
    // A later cell comes from this row or, by a swap, from the one before it.
    if (Math.min(...current) > limit && Math.min(...last) > limit) return Number.POSITIVE_INFINITY
    beforeLast = last
    last = current
  }
  const distance = at(last, right.length)
  return distance > limit ? Number.POSITIVE_INFINITY : distance
}

function nextRow(
  left: string,
  right: string,
  row: number,
  last: readonly number[],
  beforeLast: readonly number[],
): number[] {
  const current = [row]
  for (let column = 1; column <= right.length; column++) {
    const same = left[row - 1] === right[column - 1]
    let distance = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1))
    const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
    if (row > 1 && column > 1 && swapped) distance = Math.min(distance, at(beforeLast, column - 2) + 1)
    current.push(distance)
  }
  return current
}

function commonStart(left: string, right: string): number {
  let length = 0
  while (length < left.length && left[length] === right[length]) length += 1
  return length
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.\s]/g, '')
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
