import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insertSql } from '../../../gateway/ledger/write-rows.ts'
import type { Ledger } from '../../../gateway/ledger/ledger.ts'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import { lastTierSql, spendByRouterSql, spendSumsSql } from '../../../gateway/ledger/spend-counter.ts'
import {
  createSqliteLedger,
  findSql,
  recentBeforeSql,
  recentSql,
  type SqliteLedger,
} from '../../../gateway/ledger/sqlite-ledger.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'
import { countWalCommits } from './wal-commits.ts'

const temporaryDirectory = useTemporaryDirectories()
let path: string
let database: Database
let ledger: SqliteLedger

beforeEach(() => {
  path = join(temporaryDirectory(), 'signalbox.db')
  database = openDatabase(path, { busyTimeoutMs: 20 })
  ledger = createSqliteLedger({ database })
})

afterEach(() => {
  database.close()
})

/** Resolves with what `done` was given. */
function commit(record: RequestRecord, into: Ledger = ledger): Promise<Error | undefined> {
  return new Promise((resolve) => into.commit(record, resolve))
}

function countRows(): number {
  return Number(database.prepare('SELECT count(*) FROM requests').pluck().get())
}

describe('a committed record', () => {
  const bare = recordDouble({
    id: 'bare',
    keyAlias: null,
    agent: null,
    sessionId: null,
    tags: [],
    router: null,
    tier: null,
    score: null,
    reason: null,
    features: null,
    modelName: null,
    deploymentId: null,
    provider: null,
    upstreamModel: null,
    attempts: [],
    status: 400,
    errorCode: 'model_not_found',
    stream: false,
    usage: null,
    costNanoUsd: null,
    priceSource: 'unknown',
    firstTokenMs: null,
    warnings: ['one', 'two'],
  })

  it.each([recordDouble({ id: 'full' }), bare])('comes back as it was ($id)', async (record) => {
    expect(await commit(record)).toBeUndefined()
    expect(await ledger.find(record.id)).toEqual(record)
    expect(await ledger.recent(10)).toEqual([record])
  })

  it('is on disk for every other connection when done is called', async () => {
    const other = new Sqlite(path, { readonly: true })
    const seen = await new Promise((resolve) => {
      ledger.commit(recordDouble({ id: 'a' }), () => resolve(other.prepare('SELECT id FROM requests').pluck().all()))
    })
    expect(seen).toEqual(['a'])
    other.close()
  })

  it('is not found under another id', async () => {
    expect(await ledger.find('nothing')).toBeUndefined()
  })
})

describe('group commit', () => {
  it('writes all requests of one turn in one transaction, then calls each done', async () => {
    const before = countWalCommits(path)
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, place) => commit(recordDouble({ id: `r${place}` }))),
    )
    expect(outcomes).toEqual(Array.from({ length: 50 }, () => undefined))
    expect(countWalCommits(path) - before).toBe(1)
    expect(countRows()).toBe(50)
  })

  it('does not wait for a second request', async () => {
    const before = countWalCommits(path)
    await commit(recordDouble({ id: 'a' }))
    await commit(recordDouble({ id: 'b' }))
    expect(countWalCommits(path) - before).toBe(2)
  })

  it('never calls done before commit has returned', async () => {
    const order: string[] = []
    const settled = new Promise<void>((resolve) => {
      ledger.commit(recordDouble({ id: 'a' }), () => {
        order.push('done')
        resolve()
      })
    })
    order.push('returned')
    await settled
    expect(order).toEqual(['returned', 'done'])
  })

  it('writes at once on flush, and on close takes no more', async () => {
    const outcomes: (Error | undefined)[] = []
    ledger.commit(recordDouble({ id: 'a' }), (error) => outcomes.push(error))
    await ledger.flush()
    expect(outcomes).toEqual([undefined])
    ledger.commit(recordDouble({ id: 'b' }), (error) => outcomes.push(error))
    await ledger.close()
    expect(outcomes).toEqual([undefined, undefined])
    expect((await commit(recordDouble({ id: 'c' })))?.message).toMatch(/ledger is closed/)
    expect(countRows()).toBe(2)
  })

  it('lets every done run when one of them throws, and does not hide the fault', async () => {
    let secondRan = false
    ledger.commit(recordDouble({ id: 'a' }), () => {
      throw new Error('a fault in the caller')
    })
    ledger.commit(recordDouble({ id: 'b' }), () => {
      secondRan = true
    })
    await expect(ledger.flush()).rejects.toThrow('a fault in the caller')
    expect(secondRan).toBe(true)
    expect(countRows()).toBe(2)
  })
})

describe('an id that is there already', () => {
  it('keeps the first row, reports no error and is counted once', async () => {
    await ledger.spendSince(0)
    const first = recordDouble({ id: 'same', costNanoUsd: 100 })
    await commit(first)
    expect(await commit(recordDouble({ id: 'same', costNanoUsd: 999 }))).toBeUndefined()
    const twice = [recordDouble({ id: 'twins', costNanoUsd: 1 }), recordDouble({ id: 'twins', costNanoUsd: 2 })]
    expect(await Promise.all(twice.map((record) => commit(record)))).toEqual([undefined, undefined])
    expect(await ledger.find('same')).toEqual(first)
    expect(await ledger.spendSince(0)).toMatchObject({ requests: 2, billedNanoUsd: 101 })
  })
})

describe('a row the database refuses', () => {
  it('does not take the other rows of its turn with it, and leaves nothing of itself', async () => {
    const bad = recordDouble({ id: 'bad', totalMs: 'not a number' as unknown as number })
    const outcomes = await Promise.all([
      commit(recordDouble({ id: 'a' })),
      commit(bad),
      commit(recordDouble({ id: 'b' })),
    ])
    expect(outcomes.map((error) => error?.message)).toEqual([undefined, expect.stringMatching(/total_ms/), undefined])
    expect(await ledger.find('bad')).toBeUndefined()
    expect(countRows()).toBe(2)
  })

  it('is told apart from a value JSON cannot hold', async () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const bad = recordDouble({ id: 'bad', features: circular as never })
    const outcomes = await Promise.all([commit(bad), commit(recordDouble({ id: 'a' }))])
    expect(outcomes[0]).toBeInstanceOf(TypeError)
    expect(outcomes[1]).toBeUndefined()
    expect(countRows()).toBe(1)
  })
})

describe('a database that cannot be written', () => {
  it('gives an error to every done while it is locked, and works again after', async () => {
    const other = new Sqlite(path)
    other.exec('BEGIN IMMEDIATE')
    const outcomes = await Promise.all([commit(recordDouble({ id: 'a' })), commit(recordDouble({ id: 'b' }))])
    expect(outcomes.map((error) => (error as { code?: string }).code)).toEqual(['SQLITE_BUSY', 'SQLITE_BUSY'])
    other.exec('ROLLBACK')
    other.close()
    expect(await commit(recordDouble({ id: 'a' }))).toBeUndefined()
    expect(countRows()).toBe(1)
  })

  it('gives an error when it is full, keeps nothing half and stays sound', async () => {
    await commit(recordDouble({ id: 'before' }))
    const pages = Number(database.pragma('page_count', { simple: true }))
    database.pragma(`max_page_count = ${pages}`)
    const large = Array.from({ length: 20 }, (_, place) => recordDouble({ id: `r${place}`, reason: 'x'.repeat(5000) }))
    const outcomes = await Promise.all(large.map((record) => commit(record)))
    const kept = outcomes.filter((error) => error === undefined).length
    expect(outcomes.filter((error) => (error as { code?: string } | undefined)?.code === 'SQLITE_FULL')).not.toEqual([])
    expect(countRows()).toBe(1 + kept)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.pragma('max_page_count = 100000')
    expect(await commit(recordDouble({ id: 'after' }))).toBeUndefined()
  })

  it('gives an error when it is read-only', async () => {
    await commit(recordDouble({ id: 'a' }))
    const reader = openDatabase(path, { readonly: true })
    const outcome = await commit(recordDouble({ id: 'b' }), createSqliteLedger({ database: reader }))
    expect((outcome as { code?: string }).code).toBe('SQLITE_READONLY')
    reader.close()
    expect(countRows()).toBe(1)
  })

  it('does not count what was not kept', async () => {
    await ledger.spendSince(0)
    const other = new Sqlite(path)
    other.exec('BEGIN IMMEDIATE')
    await commit(recordDouble({ id: 'a' }))
    other.exec('ROLLBACK')
    other.close()
    expect(await ledger.spendSince(0)).toMatchObject({ requests: 0, billedNanoUsd: 0 })
  })
})

describe('recent requests', () => {
  it('come newest first, the last committed first within a millisecond, and page by time', async () => {
    const times = [
      ['a', 1000],
      ['b', 3000],
      ['c', 2000],
      ['d', 3000],
    ] as const
    for (const [id, startedAt] of times) await commit(recordDouble({ id, startedAt }))
    const ids = async (limit: number, before?: number) => (await ledger.recent(limit, before)).map(({ id }) => id)
    expect(await ids(10)).toEqual(['d', 'b', 'c', 'a'])
    expect(await ids(1)).toEqual(['d'])
    expect(await ids(10, 3000)).toEqual(['c', 'a'])
    expect(await ids(10, 1000)).toEqual([])
  })
})

describe('spend since a moment', () => {
  const records = [
    recordDouble({ id: 'old', startedAt: 500, costNanoUsd: 7 }),
    recordDouble({ id: 'billed', startedAt: 1000, costNanoUsd: 100, router: 'a-router', tier: 'SIMPLE' }),
    recordDouble({ id: 'newest', startedAt: 3000, costNanoUsd: 20, router: 'b-router', tier: 'REASONING' }),
    recordDouble({ id: 'late-commit', startedAt: 2000, costNanoUsd: 3, router: 'a-router', tier: 'COMPLEX' }),
    recordDouble({
      id: 'demo',
      startedAt: 4000,
      costNanoUsd: 5,
      priceSource: 'demo',
      billing: 'demo',
      router: null,
      tier: null,
    }),
    recordDouble({
      id: 'unknown',
      startedAt: 4000,
      costNanoUsd: null,
      priceSource: 'unknown',
      router: null,
      tier: null,
    }),
    recordDouble({ id: 'no-usage', startedAt: 4000, costNanoUsd: null, usage: null, router: null, tier: null }),
    recordDouble({ id: 'cut', startedAt: 4000, costNanoUsd: null, status: 502, router: null, tier: null }),
    recordDouble({
      id: 'left',
      startedAt: 4000,
      costNanoUsd: null,
      status: 499,
      firstTokenMs: null,
      router: null,
      tier: null,
    }),
    recordDouble({
      id: 'refused',
      startedAt: 4000,
      costNanoUsd: null,
      status: 400,
      firstTokenMs: null,
      router: null,
      tier: null,
    }),
  ]
  const expected = {
    requests: 9,
    billedNanoUsd: 123,
    demoNanoUsd: 5,
    unknownPriced: 4,
    requestsByRouter: new Map([
      ['a-router', 2],
      ['b-router', 1],
    ]),
    lastTier: 'REASONING',
  }

  it('adds up what the database holds', async () => {
    for (const record of records) await commit(record)
    expect(await ledger.spendSince(1000)).toEqual(expected)
  })

  it('gives the same when the rows come after the first question', async () => {
    await ledger.spendSince(1000)
    for (const record of records) await commit(record)
    expect(await ledger.spendSince(1000)).toEqual(expected)
    expect(await createSqliteLedger({ database }).spendSince(1000)).toEqual(expected)
  })

  it('starts anew when the day changes', async () => {
    for (const record of records) await commit(record)
    await ledger.spendSince(1000)
    expect(await ledger.spendSince(5000)).toEqual({
      requests: 0,
      billedNanoUsd: 0,
      demoNanoUsd: 0,
      unknownPriced: 0,
      requestsByRouter: new Map(),
      lastTier: undefined,
    })
    expect((await ledger.spendSince(0)).requests).toBe(10)
  })

  it('gives sums of its own that later rows do not change', async () => {
    const before = await ledger.spendSince(0)
    await commit(recordDouble({ id: 'a' }))
    expect(before.requests).toBe(0)
    expect(before.requestsByRouter.size).toBe(0)
  })
})

describe('the event loop’s queries', () => {
  const plan = (sql: string, ...parameters: unknown[]): string =>
    database
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...parameters)
      .map(({ detail }) => detail)
      .join('; ')

  it.each([
    ['one request by id', findSql, ['a'], /^SEARCH requests USING INDEX sqlite_autoindex_requests_1 \(id=\?\)$/],
    ['the newest requests', recentSql, [10], /^SCAN requests USING INDEX requests_by_time/],
    ['a page before a moment', recentBeforeSql, [1, 10], /^SEARCH requests USING INDEX requests_by_time/],
    ['the sums of a day', spendSumsSql, [1], /^SEARCH requests USING COVERING INDEX requests_by_time/],
    ['the routers of a day', spendByRouterSql, [1], /^SEARCH requests USING COVERING INDEX requests_by_time/],
    ['the last tier', lastTierSql, [1], /^SEARCH requests USING COVERING INDEX requests_by_time/],
  ])('%s: by an index, never through the whole table', (_, sql, parameters, wanted) => {
    expect(plan(sql, ...parameters)).toMatch(wanted)
  })

  it('names every column in an insert', () => {
    const columns = database.prepare(`SELECT name FROM pragma_table_info('requests')`).pluck().all() as string[]
    for (const column of columns) expect(insertSql).toContain(column)
  })
})
