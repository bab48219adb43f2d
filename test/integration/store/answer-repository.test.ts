import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type AnswerRepository,
  type AnswerRow,
  openAnswerRepository,
} from '../../../gateway/store/answer-repository.ts'

let folder: string
let answers: AnswerRepository

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-answers-'))
  answers = openAnswerRepository(join(folder, 'answers.db'))
})
afterEach(() => {
  answers.close()
  rmSync(folder, { recursive: true, force: true })
})

const row = (key: string, given: Partial<AnswerRow> = {}): AnswerRow => ({
  key,
  storedAt: 1_000,
  expiresAt: 10_000,
  facts: '{}',
  body: Buffer.from([0, 255, 13, 10]),
  ...given,
})
const large = (key: string, storedAt: number) => row(key, { storedAt, body: Buffer.alloc(1_000) })
const write = (rows: AnswerRow[], given: { used?: string[]; now?: number; maxBytes?: number } = {}) =>
  answers.write({ rows, used: given.used ?? [], now: given.now ?? 2_000, maxBytes: given.maxBytes ?? 1_000_000 })
const kept = async (...keys: string[]) => {
  const found = await Promise.all(
    keys.map(async (key) => ((await answers.find(key, 2_000)) === undefined ? [] : [key])),
  )
  return found.flat()
}

describe('kept answers', () => {
  it('are given back as they came, until their time is over', async () => {
    await write([row('a')])
    expect(await answers.find('a', 9_999)).toEqual(row('a'))
    expect(await answers.find('a', 10_000)).toBeUndefined()
    expect(await answers.find('b', 2_000)).toBeUndefined()
  })

  it('are replaced by newer ones without counting twice', async () => {
    await write([row('a')])
    const once = await answers.size()
    await write([row('a', { facts: '[]' })])
    expect(await answers.size()).toEqual(once)
    expect((await answers.find('a', 2_000))?.facts).toBe('[]')
  })

  it('are dropped when their time is over', async () => {
    await write([row('a'), row('b', { expiresAt: 3_000 })])
    await write([], { now: 3_000, used: ['a'] })
    expect((await answers.size()).answers).toBe(1)
  })

  it('stay below the bound: the least recently used goes first', async () => {
    await write([large('a', 1), large('b', 2), large('c', 3)])
    await write([], { used: ['a'], now: 4 })
    await write([large('d', 5)], { now: 5, maxBytes: 4_000 })
    expect(await kept('a', 'b', 'c', 'd')).toEqual(['a', 'c', 'd'])
    expect((await answers.size()).bytes).toBeLessThanOrEqual(4_000)
  })

  it('larger than the bound are not kept at all', async () => {
    await write([large('a', 1)], { maxBytes: 500 })
    expect(await answers.size()).toEqual({ answers: 0, bytes: 0 })
  })

  it('can be deleted one by one and all together', async () => {
    await write([row('a'), row('b'), row('c')])
    expect(await answers.delete(['a', 'nothing'])).toBe(1)
    expect(await answers.clear()).toBe(2)
    expect(await answers.size()).toEqual({ answers: 0, bytes: 0 })
    await write([row('d')])
    expect(await kept('d')).toEqual(['d'])
  })

  it('are counted anew when the file is opened again', async () => {
    await write([row('a'), row('b')])
    const before = await answers.size()
    answers.close()
    answers = openAnswerRepository(join(folder, 'answers.db'))
    expect(await answers.size()).toEqual(before)
  })
})
