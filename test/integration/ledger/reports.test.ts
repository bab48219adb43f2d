import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Value } from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SpendReportSchema } from '../../../gateway/contract/spend.ts'
import { createReports, type Reports } from '../../../gateway/ledger/reports.ts'
import { createSqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { sumsDouble } from '../../doubles/spend-sums.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()
let path: string
let database: Database
let reports: Reports

const refused = {
  status: 400,
  errorCode: 'model_not_found',
  usage: null,
  costNanoUsd: null,
  firstTokenMs: null,
  savingsNanoUsd: null,
} as const
const at = (text: string): number => Date.parse(text)

const records = [
  recordDouble({ id: 'r1', startedAt: at('2026-11-17T23:59:59.999Z'), costNanoUsd: 1_000 }),
  recordDouble({ id: 'r2', startedAt: at('2026-11-18T00:00:00Z'), costNanoUsd: 2_000, endUser: 'ann' }),
  recordDouble({
    id: 'r3',
    startedAt: at('2026-11-18T12:00:00Z'),
    costNanoUsd: 4_000,
    upstreamModel: 'big',
    modelName: 'big',
  }),
  recordDouble({
    id: 'r4',
    startedAt: at('2026-11-20T12:00:00Z'),
    costNanoUsd: 8_000,
    keyId: 'master',
    keyAlias: null,
  }),
  recordDouble({ id: 'r5', startedAt: at('2026-11-20T12:00:00Z'), costNanoUsd: null, priceSource: 'unknown' }),
  recordDouble({
    id: 'r6',
    startedAt: at('2026-11-20T13:00:00Z'),
    costNanoUsd: 500,
    priceSource: 'demo',
    billing: 'demo',
    provider: 'demo',
  }),
  recordDouble({
    id: 'r7',
    startedAt: at('2026-11-20T14:00:00Z'),
    ...refused,
    router: null,
    tier: null,
    modelName: null,
  }),
]

beforeEach(async () => {
  path = join(temporaryDirectory(), 'signalbox.db')
  database = openDatabase(path)
  const ledger = createSqliteLedger({ database })
  for (const record of records) {
    ledger.commit(record, (error) => {
      if (error !== undefined) throw error
    })
  }
  await ledger.flush()
  reports = createReports({ databasePath: path })
})

afterEach(async () => {
  await reports.close()
  database.close()
})

async function logs(query: Parameters<Reports['spendLogs']>[0]): Promise<Record<string, unknown>[]> {
  return JSON.parse(await reports.spendLogs(query)) as Record<string, unknown>[]
}

async function ids(query: Parameters<Reports['spendLogs']>[0]): Promise<unknown[]> {
  return (await logs(query)).map((row) => row.request_id)
}

describe('spend logs', () => {
  it('come newest first, the last committed first within a millisecond', async () => {
    expect(await ids({})).toEqual(['r7', 'r6', 'r5', 'r4', 'r3', 'r2', 'r1'])
  })

  it('are cut by limit and offset', async () => {
    expect(await ids({ limit: 2 })).toEqual(['r7', 'r6'])
    expect(await ids({ limit: '2', offset: '5' })).toEqual(['r2', 'r1'])
    expect(await ids({ offset: 7 })).toEqual([])
  })

  it('are filtered by key, request, end user and time', async () => {
    expect(await ids({ api_key: 'master' })).toEqual(['r4'])
    expect(await ids({ request_id: 'r3' })).toEqual(['r3'])
    expect(await ids({ user_id: 'ann' })).toEqual(['r2'])
    expect(await ids({ start_date: '2026-11-18', end_date: '2026-11-18', summarize: false })).toEqual(['r3', 'r2'])
    expect(await ids({ end_date: '2026-11-17' })).toEqual(['r1'])
  })

  it('take a value for a value, not for SQL', async () => {
    expect(await ids({ api_key: `' OR 1=1 --` })).toEqual([])
  })

  it('see what was committed after the thread opened its connection', async () => {
    await ids({})
    const ledger = createSqliteLedger({ database })
    await new Promise((resolve) =>
      ledger.commit(recordDouble({ id: 'late', startedAt: at('2026-11-21T00:00:00Z') }), resolve),
    )
    expect(await ids({ limit: 1 })).toEqual(['late'])
  })

  it('are summed per UTC day, days without requests included, unknown cost and demo money in no sum', async () => {
    const key = 'ab'.repeat(32)
    expect(await logs({ start_date: '2026-11-18', end_date: '2026-11-21' })).toEqual([
      {
        startTime: '2026-11-18',
        spend: 0.000006,
        users: { '': 0.000004, ann: 0.000002 },
        models: { 'gpt-5.4-mini': 0.000002, big: 0.000004 },
        [key]: 0.000006,
        unknown_priced: 0,
      },
      { startTime: '2026-11-19', spend: 0, users: {}, models: {}, unknown_priced: 0 },
      {
        startTime: '2026-11-20',
        spend: 0.000008,
        users: { '': 0.000008 },
        models: { 'gpt-5.4-mini': 0.000008 },
        [key]: 0,
        master: 0.000008,
        unknown_priced: 1,
      },
      { startTime: '2026-11-21', spend: 0, users: {}, models: {}, unknown_priced: 0 },
    ])
  })

  it('refuse a bad query without asking the thread', async () => {
    await expect(reports.spendLogs({ limit: 'many' })).rejects.toMatchObject({ code: 'invalid_field', param: 'limit' })
  })
})

describe('spend reports', () => {
  const tokens = (requests: number) => ({
    inputTokens: 1000 * requests,
    cachedTokens: 800 * requests,
    outputTokens: 100 * requests,
  })
  const totals = sumsDouble({
    requests: 7,
    failures: 1,
    ...tokens(6),
    reasoningTokens: 360,
    billedNanoUsd: 15_000,
    demoNanoUsd: 500,
    unknownPriced: 1,
    savingsNanoUsd: 6 * 7_500_000,
    savingsRequests: 6,
  })

  it('sum by model, dearest first, and keep billed, pretend and unknown apart', async () => {
    const report = await reports.spendReport({ by: 'model' })
    expect(report).toMatchObject({
      by: 'model',
      rows: [
        { name: 'gpt-5.4-mini', requests: 5, ...tokens(5), billedNanoUsd: 11_000, demoNanoUsd: 500, unknownPriced: 1 },
        { name: 'big', requests: 1, ...tokens(1), billedNanoUsd: 4_000, demoNanoUsd: 0, unknownPriced: 0 },
        { name: null, requests: 1, ...tokens(0), billedNanoUsd: 0, demoNanoUsd: 0, unknownPriced: 0 },
      ],
      totals,
      truncated: false,
      notes: [],
    })
  })

  it.each([
    'model',
    'provider',
    'router',
    'tier',
    'agent',
    'key',
    'session',
    'tag',
    'user',
    'team',
    'billing',
    'day',
    'hour',
  ] as const)('by %s fit the contract and add up to the totals', async (by) => {
    const report = await reports.spendReport({ by })
    expect([...Value.Errors(SpendReportSchema, report)]).toEqual([])
    expect(report.totals).toEqual(totals)
    for (const column of ['requests', 'billedNanoUsd', 'demoNanoUsd', 'unknownPriced', 'inputTokens'] as const) {
      expect(report.rows.reduce((sum, row) => sum + row[column], 0)).toBe(totals[column])
    }
  })

  it('name a key by its alias, or else its id', async () => {
    const { rows } = await reports.spendReport({ by: 'key' })
    expect(rows.map(({ name }) => name)).toEqual(['master', 'laptop'])
  })

  it('list days newest first, in local time', async () => {
    const { rows } = await reports.spendReport({ by: 'day' })
    const localDay = (moment: number): string => {
      const local = new Date(moment)
      const parts = [local.getFullYear(), local.getMonth() + 1, local.getDate()]
      return parts.map((part) => String(part).padStart(2, '0')).join('-')
    }
    const newestFirst = records.toReversed().map(({ startedAt }) => localDay(startedAt))
    expect(rows.map(({ name }) => name)).toEqual([...new Set(newestFirst)])
  })

  it('hold to their range and say when rows are left out, never in the totals', async () => {
    const since = at('2026-11-18T00:00:00Z')
    const until = at('2026-11-20T12:00:00Z')
    expect((await reports.spendReport({ by: 'model', since, until })).totals.billedNanoUsd).toBe(6_000)
    const short = await reports.spendReport({ by: 'model', limit: 1 })
    expect(short).toMatchObject({ truncated: true, totals })
    expect(short.rows).toHaveLength(1)
  })

  it('of an empty time are zeros', async () => {
    const { rows, totals: none } = await reports.spendReport({ by: 'model', since: at('2030-01-01T00:00:00Z') })
    expect(rows).toEqual([])
    expect(none).toMatchObject({ requests: 0, billedNanoUsd: 0, inputTokens: 0 })
  })
})

describe('the report thread', () => {
  const workerUrl = new URL('./faulty-report-worker.ts', import.meta.url)

  it.each(['throw', 'exit'])('fails what it was asked when it dies (%s), and is replaced', async (fault) => {
    const faulty = createReports({ databasePath: path, workerUrl })
    const both = [faulty.spendLogs({ request_id: fault }), faulty.spendLogs({ request_id: 'after' })]
    for (const outcome of await Promise.allSettled(both)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'internal_error' } })
    }
    expect(await faulty.spendLogs({ request_id: 'well' })).toBe('well')
    await faulty.close()
  })

  it('is given up at the deadline, and is replaced', async () => {
    const slow = createReports({ databasePath: path, workerUrl, deadlineMs: 400 })
    await expect(slow.spendLogs({ request_id: 'loop' })).rejects.toThrow(/longer than 0\.4 s/)
    await slow.close()
  })

  it('answers many calls at once, each with its own answer', async () => {
    const wanted = records.map(({ id }) => id)
    const answers = await Promise.all(wanted.map((id) => ids({ request_id: id })))
    expect(answers.flat()).toEqual(wanted)
  })

  it('gives the reason when there is no database, and finds it later', async () => {
    const missing = join(temporaryDirectory(), 'signalbox.db')
    const early = createReports({ databasePath: missing })
    await expect(early.spendLogs({})).rejects.toMatchObject({ code: 'database_unusable' })
    openDatabase(missing).close()
    expect(await early.spendLogs({})).toBe('[]')
    await early.close()
  })

  it('fails what waits when it is closed, and takes no more', async () => {
    const waiting = reports.spendLogs({})
    const settled = expect(waiting).rejects.toMatchObject({ code: 'shutting_down' })
    await reports.close()
    await settled
    await expect(reports.spendLogs({})).rejects.toMatchObject({ code: 'shutting_down' })
  })

  it('does not keep a process alive that forgot to close it, but lets it have its answer', async () => {
    const source = `
      import { createReports } from ${JSON.stringify(new URL('../../../gateway/ledger/reports.ts', import.meta.url).href)}
      const text = await createReports({ databasePath: process.argv[1] }).spendLogs({ limit: 1 })
      process.stdout.write(String(JSON.parse(text).length))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', source, path], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, printed }).toEqual({ code: 0, printed: '1' })
  })
})
