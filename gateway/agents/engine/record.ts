import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { JsonValue } from '../../model/json.ts'
import type { AppliedSetting } from './settings.ts'

const FileSchema = Type.Object({
  path: Type.String(),
  /** `own` = all of the file is ours. */
  format: Type.Union([
    Type.Literal('jsonc'),
    Type.Literal('yaml'),
    Type.Literal('toml'),
    Type.Literal('dotenv'),
    Type.Literal('own'),
  ]),
  /** The backup of what was there before the first export; null = there was no file. */
  backup: Type.Union([Type.String(), Type.Null()]),
  /** Its mode then. */
  mode: Type.Union([Type.Integer(), Type.Null()]),
  /** SHA-256 of what was written. */
  hash: Type.String(),
  /** AppliedSetting, in order. */
  applied: Type.Array(Type.Unknown()),
  /** Folders made for the file, innermost first. */
  folders: Type.Array(Type.String()),
})

const RecordSchema = Type.Object({
  version: Type.Literal(1),
  agent: Type.String(),
  /** ms since the epoch. */
  at: Type.Number(),
  url: Type.String(),
  model: Type.String(),
  smallModel: Type.String(),
  keyId: Type.String(),
  files: Type.Array(FileSchema),
})

type WrittenRecord = Static<typeof RecordSchema>
type WrittenFile = Static<typeof FileSchema>

export interface RecordedFile extends Omit<WrittenFile, 'applied'> {
  readonly applied: readonly AppliedSetting[]
}

/** What an export did, kept so that it can be told from later edits and taken back. */
export interface ExportRecord extends Omit<WrittenRecord, 'files'> {
  readonly files: readonly RecordedFile[]
}

const validator = Compile(RecordSchema)

/** Undefined = it is damaged, or of another version. */
export function readRecord(text: string): ExportRecord | undefined {
  try {
    const json = JSON.parse(text) as JsonValue
    return validator.Check(json) ? (json as unknown as ExportRecord) : undefined
  } catch {
    return undefined
  }
}

export function writeRecord(record: ExportRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`
}
