import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GatewayFile } from '../../../gateway/contract/gateway-file.ts'
import { claimGatewayFile, DataDirectoryInUse, readGatewayFile } from '../../../gateway/process/gateway-file.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-lock-'))
  path = join(folder, 'data', 'gateway.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const entry: GatewayFile = { pid: process.pid, url: '', controlToken: '', version: '0.1.0', startedAt: Date.now() }
const stale = { ...entry, pid: 2 ** 30, url: 'http://127.0.0.1:9', startedAt: 1 }
const isStale = () => Promise.resolve('stale' as const)
const isRunning = () => Promise.resolve('running' as const)

describe('gateway.json', () => {
  it('is private, in a private folder, and leaves nothing beside it', async () => {
    const claim = await claimGatewayFile({ path, entry, liveness: isRunning })
    claim.publish({ ...entry, url: 'http://127.0.0.1:4000', controlToken: 'token' })
    expect(readGatewayFile(path)?.url).toBe('http://127.0.0.1:4000')
    expect(readdirSync(join(folder, 'data'))).toEqual(['gateway.json'])
    if (process.platform !== 'win32') {
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700)
    }
    claim.release()
    expect(existsSync(path)).toBe(false)
  })

  it('refuses a second gateway and names the first', async () => {
    const first = await claimGatewayFile({ path, entry, liveness: isRunning })
    first.publish({ ...entry, url: 'http://127.0.0.1:4000' })
    const second = claimGatewayFile({ path, entry: { ...entry, pid: 1 }, liveness: isRunning })
    await expect(second).rejects.toThrow(DataDirectoryInUse)
    await expect(second).rejects.toThrow(new RegExp(`process ${process.pid}, at http://127.0.0.1:4000`))
  })

  it.each([
    ['a stale file', JSON.stringify(stale)],
    ['a file cut in the middle', JSON.stringify(stale).slice(0, 20)],
    ['an empty file', ''],
    ['something else', '[]'],
  ])('replaces %s', async (_name, text) => {
    await claimGatewayFile({ path, entry, liveness: isStale }).then((claim) => claim.release())
    writeFileSync(path, text)
    await claimGatewayFile({ path, entry, liveness: isStale })
    expect(readGatewayFile(path)).toEqual(entry)
    expect(readdirSync(join(folder, 'data'))).toEqual(['gateway.json'])
  })

  it('is not removed by a gateway it no longer belongs to', async () => {
    const first = await claimGatewayFile({ path, entry, liveness: isStale })
    await claimGatewayFile({ path, entry: { ...entry, pid: 1 }, liveness: isStale })
    first.release()
    expect(readGatewayFile(path)?.pid).toBe(1)
  })

  it('gets over a takeover whose process was killed in the middle', async () => {
    await claimGatewayFile({ path, entry: stale, liveness: isStale })
    const takeover = `${path}.takeover`
    writeFileSync(takeover, '')
    const long = new Date(Date.now() - 60_000)
    utimesSync(takeover, long, long)
    await claimGatewayFile({ path, entry, liveness: isStale })
    expect(readGatewayFile(path)).toEqual(entry)
  })
})

/** Lets `count` processes claim the same file at the same moment; gives what each of them said. */
async function contend(count: number): Promise<string[]> {
  const script = join(import.meta.dirname, 'claim-once.ts')
  const start = String(Date.now() + 700)
  const contenders = Array.from({ length: count }, () =>
    spawn(process.execPath, [script, path, start], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  const said = await Promise.all(
    contenders.map(async (child) => String(((await once(child.stdout, 'data')) as [Buffer])[0]).trim()),
  )
  await Promise.all(contenders.map(end))
  return said
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.stdin?.end()
  await exited
}

describe('several gateways starting at once on the same data', () => {
  it('exactly one wins on a fresh folder', async () => {
    expect((await contend(4)).sort()).toEqual(['lost', 'lost', 'lost', 'won'])
  })

  it('exactly one replaces a stale file', async () => {
    await claimGatewayFile({ path, entry: stale, liveness: isStale })
    expect((await contend(4)).sort()).toEqual(['lost', 'lost', 'lost', 'won'])
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: 'test' })
  })
})
