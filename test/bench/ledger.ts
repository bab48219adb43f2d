import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SpendQuery } from '../../gateway/contract/spend.ts'
import type { RequestRecord } from '../../gateway/ledger/request-record.ts'
import { createReports } from '../../gateway/ledger/reports.ts'
import { createSqliteLedger } from '../../gateway/ledger/sqlite-ledger.ts'
import { createCheckpoints } from '../../gateway/store/checkpoints.ts'
import { openDatabase } from '../../gateway/store/database.ts'
import { recordDouble } from '../unit/ledger/record-double.ts'
import { printTable } from './print-table.ts'

/*
 * npm run bench:ledger [-- rows]: so many requests of a year (1,000,000 unless given) go through the ledger in groups of
 * 50; then every report is asked for. Tells whether inserting stays flat, the size of the file and the time of each report.
 */

const rows = Number(process.argv[2] ?? 1_000_000)
const groupSize = 50
const block = Math.max(groupSize, Math.floor(rows / 10))
const year = 365 * 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')
const models = ['gpt-5.4-mini', 'gpt-5.5', 'claude-haiku-4-5', 'claude-opus-4-8', 'kimi-k2.6', 'qwen3:8b']
const tiers = ['SIMPLE', 'MEDIUM', 'COMPLEX', 'REASONING'] as const
const billings = ['billed', 'billed', 'billed', 'billed', 'flat_rate', 'local'] as const

/** Requests come in sessions of 60, a session with its key and agent, as agents work. */
function makeRecord(place: number): RequestRecord {
  const session = Math.floor(place / 60)
  const model = (place * 7 + session) % models.length
  return recordDouble({
    id: `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    startedAt: start + Math.floor((place / rows) * year),
    keyId: `key-${session % 5}`.padEnd(64, '0'),
    keyAlias: `key ${session % 5}`,
    agent: ['opencode', 'claude-code', 'codex'][session % 3] ?? null,
    sessionId: `ses_${session}`,
    tags: session % 4 === 0 ? [] : [`project-${session % 40}`],
    userId: `user-${session % 3}`,
    modelName: models[model] ?? null,
    upstreamModel: models[model] ?? null,
    provider: ['openai', 'openai', 'anthropic', 'anthropic', 'opencode_go', 'ollama'][model] ?? null,
    tier: tiers[place % 4] ?? null,
    billing: billings[model] ?? 'billed',
    costNanoUsd: 1_000_000 + place,
  })
}

const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
const databasePath = join(folder, 'signalbox.db')
const database = openDatabase(databasePath)
const checkpoints = createCheckpoints({ database, databasePath })
const ledger = createSqliteLedger({ database, databasePath, checkpoints })
const reports = createReports({ databasePath, deadlineMs: 600_000 })

const megabytes = (): number => statSync(databasePath).size / 1e6

async function insertAll(): Promise<void> {
  const table = [['rows', 'µs per row', 'MB']]
  for (let first = 0; first < rows; first += block) {
    const begun = performance.now()
    const last = Math.min(rows, first + block)
    for (let place = first; place < last; place += groupSize) {
      await commitGroup(place, Math.min(last, place + groupSize))
    }
    const micro = ((performance.now() - begun) * 1000) / (last - first)
    table.push([last.toLocaleString('en-US'), micro.toFixed(1), megabytes().toFixed(0)])
  }
  const [heading = [], ...lines] = table
  console.log(`Inserting, in groups of ${groupSize}`)
  printTable(heading, lines)
}

function commitGroup(first: number, end: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let open = end - first
    for (let place = first; place < end; place += 1) {
      ledger.commit(makeRecord(place), (error) => {
        open -= 1
        if (error !== undefined) reject(error)
        else if (open === 0) resolve()
      })
    }
  })
}

async function timeReports(): Promise<void> {
  const recent = start + year - 7 * 86_400_000 + 1234
  const queries: readonly (readonly [string, SpendQuery])[] = [
    ...(
      [
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
      ] as const
    ).map((by) => [`by ${by}`, { by }] as const),
    ['by model, 7 days', { by: 'model', since: recent }],
    ['by day of one model', { by: 'day', model: 'gpt-5.5' }],
    ['series of days by model', { by: 'model', bucket: 'day' }],
    ['by model of one tag, 7 days: single rows', { by: 'model', tag: 'project-7', since: recent }],
    ['by session of one model: all single rows', { by: 'session', model: 'gpt-5.5' }],
  ]
  const table = [['report', 'ms', 'rows']]
  await reports.spendReport({ by: 'billing' })
  for (const [name, query] of queries) {
    const begun = performance.now()
    const report = await reports.spendReport({ ...query })
    table.push([name, (performance.now() - begun).toFixed(0), String(report.rows.length)])
  }
  for (const [name, read] of [
    ['/spend/logs, newest 1,000', () => reports.spendLogs({})],
    ['/spend/logs by day, a year', () => reports.spendLogs({ start_date: '2026-01-01', end_date: '2026-12-31' })],
    [
      '/user/daily/activity',
      () => reports.liteSpend('user/daily/activity', { start_date: '2026-01-01' }, start + year),
    ],
    ['one session, turn by turn', () => reports.sessionView('ses_100').then((view) => JSON.stringify(view))],
  ] as const) {
    const begun = performance.now()
    const text = await read()
    table.push([name, (performance.now() - begun).toFixed(0), `${(text.length / 1000).toFixed(0)} kB`])
  }
  const [heading = [], ...lines] = table
  console.log('')
  printTable(heading, lines)
}

try {
  await insertAll()
  await timeReports()
  const counts = database
    .prepare<[], { hours: number; labels: number }>(
      'SELECT (SELECT count(*) FROM spend_hours) AS hours, (SELECT count(*) FROM spend_label_hours) AS labels',
    )
    .get()
  console.log(
    `\n${rows.toLocaleString('en-US')} rows, ${counts?.hours} sums by hour, ${counts?.labels} by session and tag: ${megabytes().toFixed(0)} MB.`,
  )
} finally {
  await reports.close()
  await ledger.close()
  await checkpoints.close()
  database.close()
  rmSync(folder, { recursive: true, force: true })
}
