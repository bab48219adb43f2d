import { stringify } from 'yaml'
import type { JsonValue } from '../../model/json.ts'

/** A value on one line: a plain or quoted scalar, or a flow collection. */
export function renderInline(value: JsonValue): string {
  if (typeof value === 'string') return scalarText(value)
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trimEnd()
}

/** Text with line breaks and every other odd text goes into double quotes, so that one line stays one line. */
function scalarText(value: string): string {
  const options = { lineWidth: 0, blockQuote: false, defaultStringType: 'PLAIN' } as const
  const text = stringify(value, options).trimEnd()
  return text.includes('\n') ? JSON.stringify(value) : text
}

/** The lines of a key with its value, indented. */
export function renderEntry(key: string, value: JsonValue, indent: number): string[] {
  return indented(renderLines({ [key]: value }), indent)
}

/** The lines of a list's entry, its dash at `indent`. */
export function renderItem(value: JsonValue, indent: number): string[] {
  return indented(renderLines([value]), indent)
}

function renderLines(value: JsonValue): string[] {
  const options = { lineWidth: 0, blockQuote: false, indentSeq: true } as const
  return stringify(value, options).trimEnd().split('\n')
}

function indented(lines: readonly string[], indent: number): string[] {
  return lines.map((line) => ' '.repeat(indent) + line)
}
