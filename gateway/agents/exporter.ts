import { replaceFile } from '../config/edit/replace-file.ts'
import type { AgentUndo } from '../contract/agents.ts'
import type { Agent, AgentPlace, ExportFacts } from './agent.ts'
import { ExportError } from './engine/export-error.ts'
import { type ExportRecord, readRecord, writeRecord } from './engine/record.ts'
import { makeFolders, readDisk, removeEmptyFolders, requireWritable } from './files/disk.ts'
import { type StateFolder, stateFolder } from './files/state-folder.ts'
import { type FileWrite, repair, runTransaction } from './files/transaction.ts'
import { type PlannedExport, planExport, putBack, readSource } from './plan-export.ts'
import { type RestingExports, restingExports } from './resting-exports.ts'

export interface ExporterOptions {
  readonly place: AgentPlace
  /** ms since the epoch. */
  readonly now: () => number
  readonly pid: number
  readonly isRunning: (pid: number) => boolean
  /** See `Transaction`. */
  readonly beforeStep?: (step: string) => void
}

/** The disk side of exports: reads what is there, asks the agent for its plan, and makes it so. */
export interface Exporter {
  readonly state: StateFolder
  /** Undefined = not connected. @throws ExportError when the record is damaged */
  record(agent: string): ExportRecord | undefined
  /** Whether any agent is connected or rests; a damaged record counts. */
  hasExports(): boolean
  /** The secret that the key file of an agent holds; undefined = there is none. */
  secret(agent: string): string | undefined
  /** @throws ExportError, and nothing is written */
  plan(agent: Agent, facts: ExportFacts, keyId: string): PlannedExport
  /** @throws ExportError, and every file is as before */
  apply(planned: PlannedExport): void
  /** @throws ExportError, and every file is as before */
  undo(agent: string): Omit<AgentUndo, 'keyRevoked' | 'notes'>
  /** As `undo`, but the key stays and a mark says that the export only rests. @throws ExportError, and every file is as before */
  rest(agent: string): void
  readonly resting: RestingExports
  /** Ends what a killed process left half done. Called before anything else. */
  repair(): void
}

export function createExporter(options: ExporterOptions): Exporter {
  const { place, now } = options
  const state = stateFolder(place)
  const resting = restingExports(state.resting)

  const record = (agent: string): ExportRecord | undefined => {
    const found = readDisk(state.record(agent))
    if (found === undefined) return undefined
    const read = readRecord(found.bytes.toString('utf8'))
    if (read !== undefined) return read
    throw new ExportError(
      `${state.record(agent)} is damaged. Put the files back from ${state.folder}/backups/${agent}, then remove it.`,
    )
  }

  const transact = (agent: string, recordAfter: string | null, writes: readonly FileWrite[]): void => {
    const { pid, isRunning, beforeStep } = options
    const { journal } = state
    const step = beforeStep === undefined ? {} : { beforeStep }
    runTransaction({ journal, record: state.record(agent), recordAfter, writes, pid, isRunning, ...step })
  }

  const takeBack = (agent: string, key: 'goes' | 'stays'): Omit<AgentUndo, 'keyRevoked' | 'notes'> => {
    const before = record(agent)
    if (before === undefined) throw notConnected(agent)
    const sources = before.files.map((file) => readSource(file.path, file))
    const keyFile = state.key(agent)
    for (const { path, mode, bytes } of sources) {
      if (mode !== null && bytes !== null) requireWritable(path, { bytes, mode })
    }
    const writes = sources.flatMap((source) => {
      if (source.path !== keyFile) return putBack(source, '')
      return key === 'goes' ? { ...putBack(source, ''), after: null } : []
    })
    transact(agent, null, writes)
    for (const { folders } of before.files) removeEmptyFolders(folders)
    return {
      agent,
      files: sources
        .filter(({ path }) => path !== keyFile)
        .map(({ path, outcome, kept }) => ({ path, outcome, kept: [...kept] })),
    }
  }

  return {
    state,
    record,
    hasExports: state.hasExports,
    plan: (agent, facts, keyId) => planExport({ agent, facts, keyId, state, at: now(), before: record(agent.id) }),
    secret: (agent) => readDisk(state.key(agent))?.bytes.toString('utf8').trim(),
    apply({ agent, record: next, writes }) {
      for (const { backup } of writes) {
        if (backup === undefined) continue
        makeFolders(backup.path, 0o700)
        replaceFile(backup.path, backup.bytes, { newFileMode: 0o600 })
      }
      transact(agent.id, writeRecord(next), writes)
    },
    undo: (agent) => takeBack(agent, 'goes'),
    rest(agent) {
      const before = record(agent)
      if (before === undefined) throw notConnected(agent)
      // First the mark: a process that ends here leaves one export that is in place and marked, which does no harm.
      resting.mark(agent, before)
      takeBack(agent, 'stays')
    },
    resting,
    repair: () => repair(state.journal, options),
  }
}

function notConnected(agent: string): ExportError {
  return new ExportError(`${agent} is not connected: there is nothing to take back.`)
}
