import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import { spendReport } from '../../../gateway/ledger/spend-report.ts'
import { createSqliteLedger, type SqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { contributionOf } from '../../../gateway/ledger/sums/contribution.ts'
import { noteRowsKeptFrom } from '../../../gateway/ledger/sums/kept-rows.ts'
import { hourOf, measures } from '../../../gateway/ledger/sums/measures.ts'
import type { SpendQuery } from '../../../gateway/contract/spend.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { migrations } from '../../../gateway/store/migrations/all.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()
let path: string
let database: Database
let ledger: SqliteLedger

beforeEach(() => {
  path = join(temporaryDirectory(), 'signalbox.db')
  database = openDatabase(path)
  ledger = createSqliteLedger({ database })
})

afterEach(() => {
  database.close()
})

async function keep(records: readonly RequestRecord[]): Promise<void> {
  const failures: Error[] = []
  for (const record of records) ledger.commit(record, (error) => error !== undefined && failures.push(error))
  await ledger.flush()
  expect(failures).toEqual([])
}

const start = Date.parse('2026-11-20T10:00:00Z')
const oneOf = <Value>(...values: Value[]) => fc.constantFrom(...values)

const anyRecord = fc.record({
  startedAt: fc.integer({ min: start, max: start + 5 * 3_600_000 }),
  keyId: oneOf('k1', 'k2'),
  agent: oneOf('opencode', null),
  sessionId: oneOf('s1', 's2', null),
  userId: oneOf('ann', null),
  endUser: oneOf('bob', null),
  teamId: oneOf('red', null),
  tags: oneOf<readonly string[]>([], ['a'], ['a', 'b'], ['b', 'b']),
  role: oneOf('role/oracle', 'category/quick', null),
  router: oneOf('r', null),
  modelName: oneOf('m1', 'm2', null),
  provider: oneOf('openai', 'ollama'),
  status: oneOf(200, 429, 499),
  errorCode: oneOf<string | null>(null, null, 'upstream_error'),
  usage: oneOf<RequestRecord['usage']>(null, {
    inputTokens: 10,
    cachedTokens: 4,
    cacheWriteTokens: 3,
    outputTokens: 5,
    reasoningTokens: 1,
  }),
  costNanoUsd: oneOf(null, 0, 7, 1_000_003),
  estimatedNanoUsd: oneOf(0, 11),
  billing: oneOf<RequestRecord['billing']>('billed', 'flat_rate', 'local', 'demo'),
  savingsNanoUsd: oneOf(null, -5, 900),
  cache: oneOf<RequestRecord['cache']>(null, 'hit'),
})

describe('sums', () => {
  it('are those of the rows, whatever the range and the filter', async () => {
    const moment = fc.integer({ min: start - 1000, max: start + 6 * 3_600_000 })
    const query = fc.record(
      {
        by: oneOf<SpendQuery['by']>('model', 'key', 'session', 'tag', 'role', 'user', 'billing', 'hour', 'day'),
        since: moment,
        until: moment,
        model: fc.constant('m1'),
        key: fc.constant('k1'),
        tag: fc.constant('a'),
        session: fc.constant('s1'),
        role: fc.constant('role/oracle'),
      },
      { requiredKeys: ['by'] },
    )
    const given = fc
      .sample(anyRecord, { numRuns: 300, seed: 5 })
      .map((fields, place) => recordDouble({ id: `r${place}`, ...fields }))
    await keep(given)
    fc.assert(
      fc.property(query, (asked) => {
        const { since = 0, until = Number.MAX_SAFE_INTEGER } = asked
        const wanted = given.filter(
          (record) =>
            record.startedAt >= since &&
            record.startedAt < until &&
            (asked.model === undefined || record.modelName === asked.model) &&
            (asked.key === undefined || record.keyId === asked.key) &&
            (asked.tag === undefined || record.tags.includes(asked.tag)) &&
            (asked.session === undefined || record.sessionId === asked.session) &&
            (asked.role === undefined || record.role === asked.role),
        )
        const sums = wanted.map((record) => contributionOf(record).amounts)
        const added = sums.reduce(
          (total, amounts) => total.map((amount, place) => amount + (amounts[place] ?? 0)),
          Array<number>(measures.length).fill(0),
        )
        const report = spendReport(database, asked)
        expect(Object.values(report.totals)).toEqual(added)
        if (asked.by !== 'tag') {
          expect(report.rows.reduce((sum, row) => sum + row.requests, 0)).toBe(wanted.length)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('count a request under each of its tags once, and one without tags under none', async () => {
    await keep([
      recordDouble({ id: 'a', tags: ['x', 'y', 'x'], costNanoUsd: 3 }),
      recordDouble({ id: 'b', tags: [], costNanoUsd: 5 }),
    ])
    const { rows, totals } = spendReport(database, { by: 'tag' })
    expect(rows.map(({ name, billedNanoUsd }) => [name, billedNanoUsd])).toEqual([
      [null, 5],
      ['x', 3],
      ['y', 3],
    ])
    expect(totals.billedNanoUsd).toBe(8)
  })

  it('give series by day and name, oldest first, of the names that are shown', async () => {
    const day = 86_400_000
    await keep([
      recordDouble({ id: 'a', startedAt: start, modelName: 'm1', costNanoUsd: 3 }),
      recordDouble({ id: 'b', startedAt: start + day, modelName: 'm1', costNanoUsd: 4 }),
      recordDouble({ id: 'c', startedAt: start + day, modelName: 'm2', costNanoUsd: 1 }),
    ])
    const { series } = spendReport(database, { by: 'model', bucket: 'day', limit: 1 })
    expect(series?.map(({ name, billedNanoUsd }) => [name, billedNanoUsd])).toEqual([
      ['m1', 3],
      ['m1', 4],
    ])
    expect(series?.map(({ at }) => at)).toEqual(series?.map(({ at }) => at).toSorted())
  })

  it('do not count a row that was there already, nor one that was refused', async () => {
    await keep([recordDouble({ id: 'a' }), recordDouble({ id: 'a' })])
    const bad = recordDouble({ id: 'bad', totalMs: 'x' as unknown as number })
    await new Promise((resolve) => ledger.commit(bad, resolve))
    expect(spendReport(database, { by: 'model' }).totals.requests).toBe(1)
  })

  it('stay when a clock that jumps back makes older rows', async () => {
    await keep([recordDouble({ id: 'a', startedAt: start })])
    await keep([recordDouble({ id: 'b', startedAt: start - 3_600_000 })])
    expect(spendReport(database, { by: 'hour' }).rows.map(({ requests }) => requests)).toEqual([1, 1])
    expect(await ledger.spendSince(start)).toMatchObject({ requests: 1 })
  })

  it('take an hour whole where its rows are deleted, and say what only rows could tell', async () => {
    await keep([recordDouble({ id: 'a', startedAt: start + 600_000, tags: ['t'] })])
    database.exec('DELETE FROM requests')
    noteRowsKeptFrom(database, start + 86_400_000)
    const cut = { by: 'model', since: start + 1_200_000 } as const
    expect(spendReport(database, cut).totals.requests).toBe(1)
    const both = spendReport(database, { by: 'tag', model: 'gpt-5.4-mini' })
    expect([both.totals.requests, both.notes.join()]).toEqual([1, expect.stringContaining('retention')])
  })
})

it('sums are made of the rows that an older version left', async () => {
  const older = join(temporaryDirectory(), 'signalbox.db')
  const first = openDatabase(older, { migrations: migrations.slice(0, 1) })
  const insert = first.prepare(
    `INSERT INTO requests (id, started_at, key_id, key_alias, session_id, end_user, tags, dialect, asked_model, model_name,
       attempts, fallbacks, status, stream, input_tokens, cached_tokens, cache_write_tokens, output_tokens,
       reasoning_tokens, cost_nano_usd, price_source, total_ms, warnings)
     VALUES (?, ?, 'k', 'laptop', 's', 'ann', ?, 'chat-completions', 'm', 'm', '[]', 0, 200, 0, 10, 1, 2, 3, 0, ?, ?, 5, '[]')`,
  )
  insert.run('a', start + 1234, '["x","y"]', 70, 'catalogue')
  insert.run('b', start + 3_600_000, '[]', null, 'unknown')
  insert.run('c', start + 3_600_001, '["x"]', 9, 'demo')
  first.close()
  const newer = openDatabase(older)
  const report = spendReport(newer, { by: 'key' })
  expect(report.rows).toMatchObject([
    { name: 'laptop', requests: 3, billedNanoUsd: 70, demoNanoUsd: 9, unknownPriced: 1 },
  ])
  expect(spendReport(newer, { by: 'tag' }).rows.map(({ name, requests }) => [name, requests])).toEqual([
    ['x', 2],
    ['y', 1],
    [null, 1],
  ])
  expect(spendReport(newer, { by: 'session' }).totals).toEqual(report.totals)
  expect(spendReport(newer, { by: 'role' }).rows).toMatchObject([{ name: null, requests: 3 }])
  const hours = newer.prepare('SELECT DISTINCT hour FROM spend_hours ORDER BY hour').pluck().all()
  expect(hours).toEqual([hourOf(start), hourOf(start + 3_600_000)])
  newer.close()
})
