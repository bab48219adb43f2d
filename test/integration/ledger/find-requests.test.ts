import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRequests } from '../../../gateway/ledger/find-requests.ts'
import { readRequestQuery } from '../../../gateway/ledger/request-query.ts'
import { sessionPlace } from '../../../gateway/ledger/session-place.ts'
import { createSqliteLedger, type SqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'

let database: Database
let ledger: SqliteLedger
const folder = mkdtempSync(join(tmpdir(), 'signalbox-test-'))

const rows = [
  recordDouble({ id: 'a', startedAt: 10, modelName: 'glm-5', agent: 'opencode', tier: 'SIMPLE', sessionId: 's' }),
  recordDouble({ id: 'b', startedAt: 20, modelName: 'glm-5', agent: 'codex', tier: 'COMPLEX', sessionId: 's' }),
  recordDouble({
    id: 'c',
    startedAt: 20,
    modelName: 'qwen_3',
    router: null,
    tier: null,
    keyId: 'master',
    keyAlias: null,
  }),
  recordDouble({
    id: 'd',
    startedAt: 20,
    modelName: 'qwen%3',
    status: 429,
    errorCode: 'rate_limited',
    router: null,
    tier: null,
  }),
  recordDouble({
    id: 'e',
    startedAt: 30,
    askedModel: 'GLM-big',
    modelName: null,
    status: 503,
    errorCode: 'backend_unavailable',
    skipped: [{ model: 'glm-5', deploymentId: 'x', reason: 'is down: connection refused' }],
  }),
]

beforeAll(async () => {
  database = openDatabase(join(folder, 'signalbox.db'))
  ledger = createSqliteLedger({ database })
  for (const row of rows) ledger.commit(row, () => undefined)
  await ledger.flush()
})
afterAll(async () => {
  await ledger.close()
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const find = (query: Record<string, string>, mostRows?: number) => {
  const { requests, ...rest } = findRequests(database, readRequestQuery(query), mostRows)
  return { ids: requests.map(({ id }) => id).join(''), ...rest }
}

describe('the search for requests', () => {
  it.each([
    [{ model: 'glm-5' }, 'ba'],
    [{ tier: 'complex' }, 'b'],
    [{ tier: 'direct' }, 'dc'],
    [{ agent: 'opencode', status: 'ok' }, 'ca'],
    [{ key: 'master' }, 'c'],
    [{ status: 'failed' }, 'ed'],
    [{ status: '429' }, 'd'],
    [{ since: '20', until: '30' }, 'dcb'],
    [{ before: '20' }, 'a'],
    [{ text: 'glm' }, 'eba'],
    [{ text: 'RATE' }, 'd'],
    // Neither of SQL's signs for any text is one here.
    [{ text: 'qwen_' }, 'c'],
    [{ text: '%' }, 'd'],
    [{ text: '\\' }, ''],
    [{ text: 'glm', status: 'failed', tier: 'MEDIUM' }, 'e'],
  ] as const)('%j finds %s', (query, ids) => {
    expect(find({ ...query }).ids).toBe(ids)
  })

  it('goes on where the page before ended, also within one millisecond', () => {
    const pages: string[] = []
    let cursor: string | null | undefined
    do {
      const page = find({ limit: '2', ...(typeof cursor === 'string' ? { cursor } : {}) })
      pages.push(page.ids)
      cursor = page.next
    } while (typeof cursor === 'string')
    expect(pages).toEqual(['ed', 'cb', 'a'])
    expect(() => find({ cursor: 'gone' })).toThrow(/Begin without it/)
  })

  it('ends at its bound and says so', () => {
    expect(find({ model: 'glm-5' }, 3)).toEqual({ ids: '', next: null, bounded: true })
    expect(find({ model: 'glm-5' }, 5)).toEqual({ ids: 'ba', next: null, bounded: false })
  })

  it('leaves a row whole: what its plan left out is kept', async () => {
    expect((await ledger.find('e'))?.skipped).toEqual(rows[4]?.skipped)
    expect((await ledger.find('a'))?.skipped).toBeUndefined()
  })
})

describe('the place in a session', () => {
  it('counts the turns up to this one', () => {
    expect(sessionPlace(database, { session: 's', startedAt: 10 })).toMatchObject({ turn: 1, turns: 2 })
    expect(sessionPlace(database, { session: 's', startedAt: 20 })).toMatchObject({ turn: 2, turns: 2 })
  })
})
