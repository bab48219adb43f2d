import { LineCounter, parseDocument } from 'yaml'
import type { JsonValue } from '../../model/json.ts'
import { sentenceForSyntaxError } from '../source/syntax-errors.ts'

export interface PlainYaml {
  /** The content; an empty object where the text is empty or broken. */
  readonly value: JsonValue
  /** The first syntax error, with its place from 1; the sentence quotes nothing of the text. */
  readonly problem: { readonly message: string; readonly line: number; readonly column: number } | undefined
}

/** Reads the content of any YAML file, for an editor that wants to know what stands where. Never throws. */
export function readPlainYaml(text: string): PlainYaml {
  const lines = new LineCounter()
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  const document = parseDocument(body, { uniqueKeys: false, merge: true, logLevel: 'silent', lineCounter: lines })
  const [error] = document.errors
  if (error === undefined) return { value: (document.toJS() as JsonValue | null) ?? {}, problem: undefined }
  const { line, col } = lines.linePos(error.pos[0])
  return { value: {}, problem: { message: sentenceForSyntaxError(error.code), line, column: col } }
}
