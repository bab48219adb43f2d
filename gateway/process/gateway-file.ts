import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Value } from 'typebox/value'
import { type GatewayFile, GatewayFileSchema } from '../contract/gateway-file.ts'
import type { Liveness } from './gateway-liveness.ts'

/** Another gateway runs on this data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse'
  readonly holder: GatewayFile

  constructor(path: string, holder: GatewayFile) {
    const where = holder.url === '' ? 'and is starting' : `at ${holder.url}`
    super(
      `A gateway already runs on this data (process ${holder.pid}, ${where}). Use that one, stop it, or choose another place with --data-dir. If it is not a gateway, delete ${path}.`,
    )
    this.holder = holder
  }
}

export interface GatewayFileOptions {
  readonly path: string
  /** What is written while the gateway starts: `url` and `controlToken` are empty until it listens. */
  readonly entry: GatewayFile
  readonly liveness: (file: GatewayFile) => Promise<Liveness>
}

export interface GatewayFileClaim {
  /** Replaces the content, once the gateway listens. Atomic, mode 0600. */
  publish(file: GatewayFile): void
  /** Removes the file if it is still ours. */
  release(): void
}

/**
 * Takes `<data-dir>/gateway.json`, which is also the lock against a second gateway on the same data. Makes the data
 * directory (0700) when it is missing. A file left by a gateway that no longer runs is replaced. Of any number of
 * processes that claim at once exactly one succeeds; the others reject with DataDirectoryInUse.
 */
export async function claimGatewayFile(options: GatewayFileOptions): Promise<GatewayFileClaim> {
  mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 })
  for (;;) {
    if (createFile(options.path, options.entry)) return createClaim(options.path, options.entry)
    const seen = readBytes(options.path)
    if (seen === undefined) continue
    const holder = parseGatewayFile(seen)
    if (holder !== undefined && (await options.liveness(holder)) === 'running') {
      throw new DataDirectoryInUse(options.path, holder)
    }
    if (replaceStale(options.path, seen, options.entry)) return createClaim(options.path, options.entry)
    await pause(20)
  }
}

/** Reads a gateway file; undefined when there is none or it is not one. */
export function readGatewayFile(path: string): GatewayFile | undefined {
  const text = readBytes(path)
  return text === undefined ? undefined : parseGatewayFile(text)
}

function parseGatewayFile(text: string): GatewayFile | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(GatewayFileSchema, value) ? value : undefined
  } catch {
    return undefined
  }
}

function createClaim(path: string, entry: GatewayFile): GatewayFileClaim {
  const isOurs = (): boolean => {
    const now = readGatewayFile(path)
    return now?.pid === entry.pid && now.startedAt === entry.startedAt
  }
  return {
    publish(file) {
      const temporary = writeTemporary(path, file)
      renameSync(temporary, path)
    },
    release() {
      if (isOurs()) rmSync(path, { force: true })
    },
  }
}

/** Written whole beside the path and linked into place: the file appears complete or not at all, and never over another. */
function createFile(path: string, entry: GatewayFile): boolean {
  const temporary = writeTemporary(path, entry)
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST') return false
    // File systems without hard links (exFAT, some network shares): exclusive creation, not atomic as to its content.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return createExclusive(path, entry)
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

function createExclusive(path: string, entry: GatewayFile): boolean {
  try {
    writeFileSync(path, JSON.stringify(entry), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function writeTemporary(path: string, entry: GatewayFile): string {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.new`
  writeFileSync(temporary, `${JSON.stringify(entry)}\n`, { flag: 'wx', mode: 0o600 })
  return temporary
}

/** A takeover lasts microseconds; one this old (ms) was left by a process killed in the middle of it. */
const abandonedTakeoverMs = 5_000

/**
 * Replaces a stale file, under a short exclusive takeover: without it, a second process that judged the same stale file
 * could remove the fresh file of the first. Everything inside is synchronous. False when another process was quicker.
 */
function replaceStale(path: string, seen: string, entry: GatewayFile): boolean {
  const takeover = `${path}.takeover`
  try {
    writeFileSync(takeover, '', { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    dropAbandoned(takeover)
    return false
  }
  try {
    if (readBytes(path) !== seen) return false
    renameSync(writeTemporary(path, entry), path)
    return true
  } finally {
    rmSync(takeover, { force: true })
  }
}

function dropAbandoned(takeover: string): void {
  try {
    if (Date.now() - statSync(takeover).mtimeMs > abandonedTakeoverMs) unlinkSync(takeover)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function readBytes(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
