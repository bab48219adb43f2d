import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../gateway/store/database.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()
const program = fileURLToPath(new URL('./commit-until-killed.ts', import.meta.url))
const rounds = 12

/** Lets the child print its first ids, waits a random moment, kills it, and gives every whole line it printed. */
async function printedUntilKilled(child: ChildProcess): Promise<readonly string[]> {
  const { stdout } = child
  if (stdout === null) throw new Error('The child has no standard output.')
  let text = ''
  stdout.setEncoding('utf8')
  stdout.on('data', (chunk: string) => {
    text += chunk
  })
  const ended = once(child, 'close')
  await Promise.race([once(stdout, 'data'), ended])
  // Some kills hit the event loop's writes, some the start of the write thread, some its writes.
  await sleep(Math.random() * 200)
  child.kill('SIGKILL')
  await ended
  // What follows the last line break was cut by the kill.
  return text.split('\n').slice(0, -1)
}

describe('a process killed with SIGKILL at any moment', () => {
  it('has lost no request whose done was called, and its database is sound', { timeout: 120_000 }, async () => {
    const path = join(temporaryDirectory(), 'signalbox.db')
    const printed: string[] = []
    for (let round = 0; round < rounds; round += 1) {
      const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ids = await printedUntilKilled(child)
      expect(child.signalCode).toBe('SIGKILL')
      expect(ids.length).toBeGreaterThan(0)
      printed.push(...ids)
    }
    const database = openDatabase(path)
    const kept = new Set(database.prepare('SELECT id FROM requests').pluck().all())
    expect(printed.filter((id) => !kept.has(id))).toEqual([])
    const spent = 'SELECT (SELECT sum(billed_nano_usd) FROM key_spend) = (SELECT sum(cost_nano_usd) FROM requests)'
    expect(database.prepare(spent).pluck().get()).toBe(1)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
  })
})
