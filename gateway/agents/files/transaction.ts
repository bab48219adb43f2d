import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { replaceFile } from '../../config/edit/replace-file.ts'
import { ExportError } from '../engine/export-error.ts'
import { hashOf, makeFolders, missingFolders, putDisk, readDisk, removeEmptyFolders } from './disk.ts'

/** One file of a transaction. `null` = no file. */
export interface FileWrite {
  readonly path: string
  readonly before: Buffer | null
  readonly after: Buffer | null
  /** Mode before; null where there was no file. */
  readonly modeBefore: number | null
  /** Mode afterwards. */
  readonly mode: number
}

const JournalSchema = Type.Object({
  pid: Type.Integer(),
  record: Type.String(),
  /** SHA-256 of the record that ends the transaction; null = the record goes. */
  recordAfter: Type.Union([Type.String(), Type.Null()]),
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      before: Type.Union([Type.String(), Type.Null()]),
      after: Type.Union([Type.String(), Type.Null()]),
      modeBefore: Type.Union([Type.Integer(), Type.Null()]),
      folders: Type.Array(Type.String()),
    }),
  ),
})

type Journal = Static<typeof JournalSchema>

const validator = Compile(JournalSchema)

export interface Transaction {
  /** Absolute path of the journal. */
  readonly journal: string
  /** Where the agent's record lies, and what it says afterwards; null = it is gone. */
  readonly record: string
  readonly recordAfter: string | null
  readonly writes: readonly FileWrite[]
  readonly pid: number
  readonly isRunning: (pid: number) => boolean
  /** Called before each step; tests end the process here. */
  readonly beforeStep?: (step: string) => void
}

/**
 * Makes several files new together. Each is replaced as a whole, so that a reader sees the old or the new one; the
 * journal, written first, lets `repair` undo what a killed process began. The record is the last step: once it is
 * there, the transaction is done.
 * @throws ExportError when a file was changed in the meantime, or cannot be written; all are as before then
 */
export function runTransaction(transaction: Transaction): void {
  const { journal, record, recordAfter, writes, beforeStep } = transaction
  repair(journal, transaction)
  const step = beforeStep ?? (() => undefined)
  step('journal')
  const folders = writes.map(({ path }) => missingFolders(path))
  const text = JSON.stringify(journalOf(transaction, folders))
  makeFolders(journal, 0o700)
  replaceFile(journal, text, { newFileMode: 0o600 })
  try {
    for (const write of writes) {
      step(write.path)
      writeOne(write)
    }
    step('record')
    makeFolders(record, 0o700)
    putDisk(record, recordAfter === null ? null : Buffer.from(recordAfter), 0o600)
  } catch (error) {
    undo(JSON.parse(text) as Journal)
    rmSync(journal, { force: true })
    if (error instanceof ExportError) throw error
    const { code, path } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new ExportError(`${path ?? 'A file'} cannot be written (${code}). Every file is as it was.`)
  }
  step('end')
  rmSync(journal, { force: true })
}

function journalOf({ pid, record, recordAfter, writes }: Transaction, folders: readonly string[][]): Journal {
  return {
    pid,
    record,
    recordAfter: recordAfter === null ? null : hashOf(recordAfter),
    files: writes.map(({ path, before, after, modeBefore }, index) => ({
      path,
      before: before === null ? null : before.toString('base64'),
      after: after === null ? null : hashOf(after),
      modeBefore,
      folders: folders[index] ?? [],
    })),
  }
}

function writeOne({ path, before, after, mode, modeBefore }: FileWrite): void {
  const now = readDisk(path)?.bytes ?? null
  if (!isSameBytes(now, before)) {
    throw new ExportError(`${path} was changed while it was being edited. Run the command again.`)
  }
  if (after !== null) makeFolders(path)
  const isStricter = modeBefore !== null && (mode & modeBefore) === mode
  // Closed before a key is in it, opened only after it is out.
  if (after !== null && modeBefore !== null && isStricter && mode !== modeBefore) chmodSync(path, mode)
  if (!isSameBytes(now, after)) putDisk(path, after, mode)
  if (after !== null && modeBefore !== null && !isStricter) chmodSync(path, mode)
}

function isSameBytes(left: Buffer | null, right: Buffer | null): boolean {
  return left === null || right === null ? left === right : left.equals(right)
}

/**
 * Ends what a killed process left: done when its record was written, else every file is put back. Does nothing where no
 * journal is. @throws ExportError while another process is at work
 */
export function repair(journal: string, { pid, isRunning }: Pick<Transaction, 'pid' | 'isRunning'>): void {
  const found = readJournal(journal)
  if (found === undefined) return
  if (found.pid !== pid && isRunning(found.pid)) {
    throw new ExportError(`Another process (${found.pid}) is changing the files of agents. Wait until it has ended.`)
  }
  if (!isDone(found)) undo(found)
  rmSync(journal, { force: true })
}

function readJournal(path: string): Journal | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return validator.Check(json) ? json : undefined
  } catch {
    return undefined
  }
}

function isDone({ record, recordAfter }: Journal): boolean {
  const now = readDisk(record)
  return recordAfter === null ? now === undefined : now !== undefined && hashOf(now.bytes) === recordAfter
}

/** Puts back only what the transaction wrote: whoever changed a file since keeps it. */
function undo({ files }: Journal): void {
  for (const { path, before, after, modeBefore, folders } of files.toReversed()) {
    const now = readDisk(path)
    const isOurs = after === null ? now === undefined : now !== undefined && hashOf(now.bytes) === after
    if (isOurs) putDisk(path, before === null ? null : Buffer.from(before, 'base64'), modeBefore ?? 0o600)
    if (modeBefore !== null && before !== null && existsSync(path)) chmodSync(path, modeBefore)
    if (before === null) removeEmptyFolders(folders)
  }
}
