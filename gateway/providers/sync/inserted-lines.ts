/** The lines that one text has and the other has not, where the second is the first with one piece put in. Pure. */
export function insertedLines(before: string, after: string): string[] {
  const [old, next] = [before.split(/\r?\n/), after.split(/\r?\n/)]
  let head = 0
  while (head < old.length && old[head] === next[head]) head += 1
  let tail = 0
  while (tail < old.length - head && old.at(-1 - tail) === next.at(-1 - tail)) tail += 1
  return next.slice(head, next.length - tail)
}
