/** The two ends of a block that a coding agent puts into a user's turn and that the user did not write. */
export interface ReminderMarker {
  readonly open: string
  readonly close: string
}

/** Cuts blocks out of a text. */
export type ReminderRemover = (text: string) => string

interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Builds a function that cuts every complete block, ends included, without regard to case. Nested and overlapping
 * blocks go as one; a block that is not closed stays, as does a stray closing marker. Linear in the text.
 */
export function createReminderRemover(markers: readonly ReminderMarker[]): ReminderRemover {
  const scanners = markers
    .filter((marker) => marker.open !== '' && marker.close !== '')
    .map((marker) => createBlockScanner(marker))
  return (text) => {
    const spans = scanners.flatMap((scan) => scan(text))
    return spans.length === 0 ? text : cutSpans(text, spans).trim()
  }
}

/** The first text of `turns` (newest first) that still says something after the cut; empty when none does. */
export function newestUsableText(turns: Iterable<string>, remove: ReminderRemover): string {
  for (const turn of turns) {
    const text = remove(turn)
    if (text.trim() !== '') return text
  }
  return ''
}

function createBlockScanner(marker: ReminderMarker): (text: string) => Span[] {
  const isToggle = marker.open.toLowerCase() === marker.close.toLowerCase()
  const open = `(?<open>${escapePattern(marker.open)})`
  const close = `(?<close>${escapePattern(marker.close)})`
  // Where one marker begins with the other, the longer one must be tried first.
  const source = marker.open.length >= marker.close.length ? `${open}|${close}` : `${close}|${open}`
  const pattern = new RegExp(source, 'gi')
  const sign = caselessSign(marker.open)
  return (text) => {
    const spans: Span[] = []
    if (sign !== undefined && !text.includes(sign)) return spans
    const opened: number[] = []
    for (const match of text.matchAll(pattern)) {
      const isOpening = match.groups?.open !== undefined && !(isToggle && opened.length > 0)
      if (isOpening) {
        opened.push(match.index)
        continue
      }
      const start = opened.pop()
      if (start !== undefined) spans.push({ start, end: match.index + match[0].length })
    }
    return spans
  }
}

/** A character without upper and lower case that a marker begins with: most texts do not have it, and then not the marker. */
function caselessSign(marker: string): string | undefined {
  const [first = ''] = marker
  return first.toLowerCase() === first.toUpperCase() ? first : undefined
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}

function cutSpans(text: string, spans: readonly Span[]): string {
  const pieces: string[] = []
  let position = 0
  for (const span of [...spans].sort((left, right) => left.start - right.start)) {
    if (span.start > position) pieces.push(text.slice(position, span.start))
    position = Math.max(position, span.end)
  }
  pieces.push(text.slice(position))
  return pieces.join('')
}
