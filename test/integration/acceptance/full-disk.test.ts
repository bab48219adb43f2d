import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import {
  createGatewayFolder,
  type GatewayFolder,
  type GatewayProcess,
  startGatewayProcess,
} from '../../doubles/gateway-process.ts'
import { startUpstream, type Upstream } from '../../doubles/upstream-server.ts'
import { chat, chatPath, oneModelConfig } from './stack-gateway.ts'

let upstream: Upstream | undefined
let folder: GatewayFolder | undefined
let gateway: GatewayProcess | undefined
let isMounted = false

afterEach(async () => {
  await gateway?.kill('SIGKILL').catch(() => undefined)
  if (isMounted && folder !== undefined) execFileSync('umount', [folder.dataDir])
  folder?.remove()
  await upstream?.close()
})

/** A disk of 2 MB under the gateway's data; false where this user may mount none. */
function mountSmallDisk(directory: string): boolean {
  mkdirSync(directory, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Writes until the disk takes no more byte. */
function fill(path: string): void {
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
}

test('a full disk: requests are answered, the problem is shown, nothing is corrupted', { timeout: 120_000 }, async ({
  skip,
}) => {
  upstream = await startUpstream()
  folder = createGatewayFolder({ config: oneModelConfig(upstream.url) })
  isMounted = mountSmallDisk(folder.dataDir)
  if (!isMounted) skip('needs the right to mount a tmpfs')
  const started = await startGatewayProcess({ folder })
  gateway = started
  const ask = async () => (await started.request(chatPath, chat('small', 'hello'))).status
  const notices = async () => ((await (await started.request('/api/status')).json()) as { notices?: string[] }).notices
  expect(await ask()).toBe(200)
  const filler = join(folder.dataDir, 'filler')
  fill(filler)
  const statuses: number[] = []
  // The log file beside it is preallocated by nobody either: rows fill what is left of the pages first.
  for (let turn = 0; turn < 400 && (await notices()) === undefined; turn += 1) statuses.push(await ask())
  expect(statuses.every((status) => status === 200)).toBe(true)
  expect(await notices()).toEqual([expect.stringContaining('cannot be kept in the ledger')])

  rmSync(filler)
  expect(await ask()).toBe(200)
  expect(await notices()).toBeUndefined()
  await started.kill('SIGTERM')
  const database = new Sqlite(join(folder.dataDir, 'signalbox.db'), { readonly: true })
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  const sums = 'SELECT (SELECT count(*) FROM requests) = (SELECT sum(requests) FROM spend_hours)'
  expect(database.prepare(sums).pluck().get()).toBe(1)
  database.close()
})
