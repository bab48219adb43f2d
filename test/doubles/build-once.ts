import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const root = join(import.meta.dirname, '..', '..')
const lockLifeMs = 120_000
/** Builds of earlier sources that are left alone: somebody may still run them. */
const keptBuilds = 3

export interface TestBuild {
  /** First part of the folder's name below `out/under-test`. */
  readonly name: string
  /** Files and folders below the project that the build is made of. */
  readonly sources: readonly string[]
  readonly build: (outDir: string) => Promise<unknown>
}

/**
 * Builds what tests run, once for each state of its sources, even when several test files ask at the same moment. Gives
 * the folder. It lies below the project, where what was built finds its packages; other tests start the application,
 * which keeps builds of its own.
 */
export async function buildOnce({ name, sources, build }: TestBuild): Promise<string> {
  const parent = join(root, 'out', 'under-test')
  await mkdir(parent, { recursive: true })
  const folder = join(parent, `${name}-${await fingerprint(sources)}`)
  if (await isThere(folder)) return folder
  const lock = join(parent, `${name}.lock`)
  await takeLock(lock)
  try {
    if (await isThere(folder)) return folder
    const draft = `${folder}-draft`
    await rm(draft, { recursive: true, force: true })
    await build(draft)
    await rename(draft, folder)
    await removeOld(parent, name)
  } finally {
    await rmdir(lock)
  }
  return folder
}

async function takeLock(lock: string): Promise<void> {
  for (;;) {
    try {
      await mkdir(lock)
      return
    } catch {
      const age = Date.now() - ((await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now())
      // A build that was killed leaves its lock behind.
      if (age > lockLifeMs) await rm(lock, { recursive: true, force: true })
      await wait(100)
    }
  }
}

async function fingerprint(sources: readonly string[]): Promise<string> {
  const files = (await Promise.all(sources.map(filesOf))).flat().toSorted()
  const facts = await Promise.all(files.map((path) => stat(path).then(({ size, mtimeMs }) => [path, size, mtimeMs])))
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 12)
}

async function filesOf(source: string): Promise<string[]> {
  const path = join(root, source)
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function removeOld(parent: string, name: string): Promise<void> {
  const names = (await readdir(parent)).filter((entry) => entry.startsWith(`${name}-`))
  const aged = await Promise.all(
    names.map(async (entry) => ({ path: join(parent, entry), at: (await stat(join(parent, entry))).mtimeMs })),
  )
  const old = aged.toSorted((left, right) => right.at - left.at).slice(keptBuilds)
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })))
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
