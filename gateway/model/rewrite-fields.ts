import type { FieldSpan } from './json-fields.ts'

/** What to change in a JSON object. `replace` and `add` hold JSON text. A field in `remove` wins over the others. */
export interface FieldEdits {
  readonly remove: ReadonlySet<string>
  readonly replace: ReadonlyMap<string, string>
  readonly add: ReadonlyMap<string, string>
}

/**
 * Applies edits to the top level of a JSON object and leaves every other byte as it was: a client's own spelling of
 * numbers, key order and spacing survives. `fields` must be the spans of this body in order.
 */
export function rewriteFields(body: Buffer, fields: ReadonlyMap<string, FieldSpan>, edits: FieldEdits): Buffer {
  if (changesNothing(body, fields, edits)) return body
  const pieces: Buffer[] = []
  let copiedTo = 0
  let kept = 0
  let lastKeptEnd = -1
  let cutOpen = false
  for (const [key, span] of fields) {
    if (edits.remove.has(key)) {
      if (!cutOpen) {
        // The separator before a removed field goes with it; the one before the next kept field is written anew.
        pieces.push(body.subarray(copiedTo, lastKeptEnd === -1 ? span.keyStart : lastKeptEnd))
        cutOpen = true
      }
      continue
    }
    if (cutOpen) {
      if (kept > 0) pieces.push(commaBytes)
      copiedTo = span.keyStart
      cutOpen = false
    }
    const replacement = edits.replace.get(key)
    if (replacement !== undefined) {
      pieces.push(body.subarray(copiedTo, span.valueStart), Buffer.from(replacement))
      copiedTo = span.valueEnd
    }
    kept += 1
    lastKeptEnd = span.valueEnd
  }
  pieces.push(...closing(body, fields, edits.add, { copiedTo, cutOpen, kept, lastKeptEnd }))
  return Buffer.concat(pieces)
}

/** Often the model's name is the only edit, and the same on both sides: no body is copied for that. */
function changesNothing(body: Buffer, fields: ReadonlyMap<string, FieldSpan>, edits: FieldEdits): boolean {
  if (edits.add.size > 0) return false
  for (const key of edits.remove) if (fields.has(key)) return false
  for (const [key, text] of edits.replace) {
    const span = fields.get(key)
    if (span !== undefined && !Buffer.from(text).equals(body.subarray(span.valueStart, span.valueEnd))) return false
  }
  return true
}

const commaBytes = Buffer.from(',')

interface CopyState {
  readonly copiedTo: number
  readonly cutOpen: boolean
  readonly kept: number
  readonly lastKeptEnd: number
}

/** The rest of the last kept field, the added ones, and everything after the last field. */
function closing(
  body: Buffer,
  fields: ReadonlyMap<string, FieldSpan>,
  add: ReadonlyMap<string, string>,
  state: CopyState,
): Buffer[] {
  const tailStart = endOfFields(body, fields)
  const pieces: Buffer[] = []
  if (!state.cutOpen) pieces.push(body.subarray(state.copiedTo, tailStart))
  if (add.size > 0) {
    const text = [...add].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')
    pieces.push(Buffer.from(state.kept > 0 ? `,${text}` : text))
  }
  pieces.push(body.subarray(tailStart))
  return pieces
}

function endOfFields(body: Buffer, fields: ReadonlyMap<string, FieldSpan>): number {
  let end = -1
  for (const span of fields.values()) end = span.valueEnd
  return end === -1 ? body.indexOf(0x7b) + 1 : end
}
