import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from 'vite'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** A folder of our own: other tests start the application, which builds out/renderer anew when it is stale. */
const output = join(root, 'out/renderer-under-test')
const lock = join(root, 'out/renderer-under-test.lock')
const lockLifeMs = 60_000

/** Builds the interface where its sources are newer than the build, once even when several test files ask. Gives the folder. */
export async function buildInterface(): Promise<string> {
  await mkdir(join(root, 'out'), { recursive: true })
  await takeLock()
  try {
    if (await isStale()) {
      const environment = process.env.NODE_ENV
      await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'error', build: { outDir: output } })
      // The build settings ask for production, which is not for the tests after it.
      if (environment === undefined) delete process.env.NODE_ENV
      else process.env.NODE_ENV = environment
    }
  } finally {
    await rmdir(lock)
  }
  return output
}

async function takeLock(): Promise<void> {
  for (;;) {
    try {
      await mkdir(lock)
      return
    } catch {
      const age = Date.now() - (await modified(lock))
      // A build that was killed leaves its lock behind.
      if (age > lockLifeMs && age < Date.now()) await rm(lock, { recursive: true, force: true })
      await wait(100)
    }
  }
}

async function isStale(): Promise<boolean> {
  const built = await modified(join(output, 'index.html'))
  const sources = await Promise.all(
    ['renderer', 'gateway/contract'].map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true })
      return names.map((name) => join(root, folder, name))
    }),
  )
  const times = await Promise.all([...sources.flat(), join(root, 'vite.config.ts')].map(modified))
  return Math.max(...times) > built
}

/** When a file was changed, ms since the epoch; 0 when it is not there. */
async function modified(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  )
}
