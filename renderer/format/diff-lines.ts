export interface DiffLine {
  /** `gap`: lines between two hunks that are not shown. */
  readonly kind: 'added' | 'removed' | 'same' | 'gap'
  /** 1-based: in the new file, for removed lines in the old one; null for a gap. */
  readonly number: number | null
  readonly text: string
}

export interface FileDiffSummary {
  readonly isNew: boolean
  readonly isGone: boolean
  readonly added: number
  readonly removed: number
}

const hunkHead = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/u

/** The lines of one file's unified diff. What is no line of a hunk is left out. */
export function readDiff(diff: string): readonly DiffLine[] {
  const lines: DiffLine[] = []
  let before = 0
  let after = 0
  for (const line of diff.split('\n')) {
    const head = hunkHead.exec(line)
    if (head !== null) {
      if (lines.length > 0) lines.push({ kind: 'gap', number: null, text: '' })
      before = Number(head[1])
      after = Number(head[2])
      continue
    }
    if (before === 0 && after === 0) continue
    const text = line.slice(1)
    if (line.startsWith('+')) lines.push({ kind: 'added', number: after++, text })
    else if (line.startsWith('-')) lines.push({ kind: 'removed', number: before++, text })
    else if (line.startsWith(' ')) {
      lines.push({ kind: 'same', number: after++, text })
      before += 1
    }
  }
  return lines
}

/** How much a diff changes. */
export function summariseDiff(diff: string): FileDiffSummary {
  const lines = readDiff(diff)
  const count = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).length
  return {
    isNew: /^--- \/dev\/null/mu.test(diff),
    isGone: /^\+\+\+ \/dev\/null/mu.test(diff),
    added: count('added'),
    removed: count('removed'),
  }
}
