import type { ChangedPlace } from '../contract/agents.ts'
import type { Agent, AgentKey, ExportFacts, FileChange } from './agent.ts'
import { type BaseFile, withoutExport } from './engine/base-file.ts'
import { type ExportRecord, type RecordedFile, writeRecord } from './engine/record.ts'
import { changedPlaces } from './engine/changed-places.ts'
import { applySettings } from './engine/settings.ts'
import { textDiff } from './engine/text-diff.ts'
import { hashOf, missingFolders, readDisk, requireWritable, textOf } from './files/disk.ts'
import type { StateFolder } from './files/state-folder.ts'
import type { FileWrite } from './files/transaction.ts'
import { reading } from './read-content.ts'

/** Everything an export would do; nothing is done yet. */
export interface PlannedExport {
  readonly agent: Agent
  readonly record: ExportRecord
  readonly writes: readonly PlannedWrite[]
  /** Places that are other than the last export left them. */
  readonly changed: readonly ChangedPlace[]
  readonly notes: readonly string[]
  readonly snippet: string | undefined
}

export interface PlannedWrite extends FileWrite {
  /** What is to be kept of before, and where. */
  readonly backup: { readonly path: string; readonly bytes: Buffer } | undefined
  /** Unified, without secrets. */
  readonly diff: string
  /** The file of the key, and not of the agent. */
  readonly holdsKeyOnly: boolean
}

export interface PlanRequest {
  readonly agent: Agent
  readonly facts: ExportFacts
  readonly keyId: string
  readonly state: StateFolder
  /** ms since the epoch. */
  readonly at: number
  /** The last export; undefined = there is none. */
  readonly before: ExportRecord | undefined
}

/**
 * Reads what is there, takes the last export out of it, and lets the agent plan the new one: so a second export gives
 * what the first one would have given. @throws ExportError, and nothing is written
 */
export function planExport({ agent, facts, keyId, state, at, before }: PlanRequest): PlannedExport {
  const recorded = new Map((before?.files ?? []).map((file) => [file.path, file]))
  const paths = [...new Set([...agent.files(facts.place), ...recorded.keys()])]
  const sources = new Map(paths.map((path) => [path, readSource(path, recorded.get(path))]))
  const texts = new Map<string, string>()
  for (const [path, { base }] of sources) if (base !== undefined) texts.set(path, base)
  const { changes, notes, snippet } = agent.plan(texts, facts)
  const all: FileChange[] = [
    ...changes,
    ...(agent.isKeyless === true
      ? []
      : [{ kind: 'own', path: facts.key.file, content: facts.key.secret, secret: true } as const]),
  ]
  const made = all.map((change, index) => {
    const source = sources.get(change.path) ?? readSource(change.path, recorded.get(change.path))
    return makeWrite(change, source, state.backup(agent.id, at, index, change.path), facts.key)
  })
  const touched = new Set(all.map(({ path }) => path))
  const left = [...sources.values()].filter(({ file, path }) => file !== undefined && !touched.has(path))
  const writes = [...made.map(({ write }) => write), ...left.map((source) => putBack(source, facts.key.secret))]
  const files = made.map(({ file }) => file)
  const changed = [...sources.values()].flatMap((source) => {
    const after = writes.find(({ path }) => path === source.path)?.after?.toString('utf8')
    return source.file === undefined || !isEdited(source, source.file)
      ? []
      : changedPlaces(source.file, { now: source.text, after }, [facts.key.secret])
  })
  const next: ExportRecord = {
    version: 1,
    agent: agent.id,
    at,
    url: facts.url,
    model: facts.model.name,
    smallModel: facts.smallModel.name,
    keyId,
    files,
  }
  const isSame = before !== undefined && writeRecord({ ...before, at }) === writeRecord(next)
  return { agent, record: isSame ? before : next, writes, changed, notes, snippet }
}

/** A file as it is, and as it would be without our last export. */
interface Source {
  readonly path: string
  readonly bytes: Buffer | null
  readonly text: string | undefined
  readonly mode: number | null
  readonly base: string | undefined
  readonly outcome: BaseFile['outcome']
  readonly kept: readonly string[]
  readonly file: RecordedFile | undefined
}

/** @param file what the last export did with it; undefined = nothing */
export function readSource(path: string, file: RecordedFile | undefined): Source {
  const found = readDisk(path)
  const text = found === undefined ? undefined : textOf(path, found.bytes)
  const now = { path, bytes: found?.bytes ?? null, text, mode: found?.mode ?? null, file }
  if (file === undefined) return { ...now, base: text, outcome: 'kept', kept: [] }
  const backup = file.backup === null ? null : readBackup(file.backup)
  const hash = found === undefined ? undefined : hashOf(found.bytes)
  const { text: base, outcome, kept } = reading(path, () => withoutExport(file, { text, hash }, backup))
  return { ...now, base, outcome, kept }
}

function isEdited({ bytes }: Source, { hash }: RecordedFile): boolean {
  return bytes === null || hashOf(bytes) !== hash
}

function readBackup(path: string): string | undefined {
  const found = readDisk(path)
  return found === undefined ? undefined : textOf(path, found.bytes)
}

function makeWrite(
  change: FileChange,
  source: Source,
  backupPath: string,
  key: AgentKey,
): { readonly write: PlannedWrite; readonly file: RecordedFile } {
  const { path } = change
  requireWritable(path, source.mode === null ? undefined : { bytes: Buffer.alloc(0), mode: source.mode })
  const { text, applied } =
    change.kind === 'own'
      ? { text: change.content, applied: [] }
      : reading(path, () => applySettings(source.base ?? '', change.format, change.settings))
  const after = Buffer.from(text)
  const backup = backupOf(change, source, backupPath)
  const modeNow = source.mode ?? (change.secret === true ? 0o600 : 0o644)
  const mode = change.secret === true ? modeNow & 0o700 : modeNow
  return {
    write: {
      path,
      before: source.bytes,
      after,
      modeBefore: source.mode,
      mode,
      backup,
      diff: textDiff(path, source.text, text, [key.secret]),
      holdsKeyOnly: path === key.file,
    },
    file: {
      path,
      format: change.kind === 'own' ? 'own' : change.format,
      backup:
        source.file !== undefined && (change.kind === 'own' || source.outcome === 'restored')
          ? source.file.backup
          : (backup?.path ?? null),
      mode: source.file === undefined ? source.mode : source.file.mode,
      hash: hashOf(after),
      applied,
      folders: source.file?.folders ?? missingFolders(path),
    },
  }
}

/** What of a file must be kept: nothing that was kept before, and nothing of ours. */
function backupOf(change: FileChange, source: Source, path: string): PlannedWrite['backup'] {
  if (source.base === undefined || (source.file !== undefined && source.outcome === 'restored')) return undefined
  const isOursStill = change.kind === 'own' && source.text === change.content
  return isOursStill ? undefined : { path, bytes: Buffer.from(source.base) }
}

/** A file without our export. @param secret what is not to be seen in the diff; empty = no diff is made */
export function putBack(source: Source, secret: string): PlannedWrite {
  const { path, bytes, text, mode, base, file } = source
  return {
    path,
    before: bytes,
    after: base === undefined ? null : base === text ? bytes : Buffer.from(base),
    modeBefore: mode,
    mode: file?.mode ?? mode ?? 0o644,
    backup: undefined,
    diff: secret === '' ? '' : textDiff(path, text, base, [secret]),
    holdsKeyOnly: false,
  }
}
