import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Checkpoints, createCheckpoints } from '../../../gateway/store/checkpoints.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'

let folder: string
let path: string
let database: Database
let checkpoints: Checkpoints

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-checkpoints-'))
  path = join(folder, 'signalbox.db')
  database = openDatabase(path)
  checkpoints = createCheckpoints({ database, databasePath: path })
})

afterEach(async () => {
  await checkpoints.close()
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes about 6 MB, well over SQLite's own limit of 1,000 pages. */
function writeMuch(): void {
  const insert = database.prepare('INSERT INTO settings (key, value) VALUES (?, ?)')
  for (let index = 0; index < 1_500; index += 1) insert.run(`k${index}`, JSON.stringify('x'.repeat(4_000)))
}

it('leaves the file alone on the writing connection', () => {
  const before = statSync(path).size
  writeMuch()
  expect(statSync(path).size).toBe(before)
})

it('moves committed rows into the file from another thread once enough were written', async () => {
  writeMuch()
  checkpoints.noteRows(499)
  checkpoints.noteRows(1)
  await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(5_000_000), { timeout: 45_000 })
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
})

it('makes the last checkpoint when the last connection closes', async () => {
  writeMuch()
  await checkpoints.close()
  database.close()
  expect(statSync(path).size).toBeGreaterThan(5_000_000)
  database = openDatabase(path)
})
