import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createGroupWriter } from '../../../gateway/ledger/group-writer.ts'
import type { RequestRecord } from '../../../gateway/ledger/request-record.ts'
import { toValues } from '../../../gateway/ledger/request-row.ts'
import { createSqliteLedger } from '../../../gateway/ledger/sqlite-ledger.ts'
import { createRowWriter, type Outcome, type RowValues } from '../../../gateway/ledger/write-rows.ts'
import { createWriteThread, type WriteThread } from '../../../gateway/ledger/write-thread.ts'
import { type Database, openDatabase } from '../../../gateway/store/database.ts'
import { recordDouble } from '../../unit/ledger/record-double.ts'
import { useTemporaryDirectories } from '../store/temporary-directory.ts'

const temporaryDirectory = useTemporaryDirectories()
let path: string
let database: Database

beforeEach(() => {
  path = join(temporaryDirectory(), 'signalbox.db')
  database = openDatabase(path)
})

afterEach(() => {
  database.close()
})

const idsInOrder = (): unknown[] => database.prepare('SELECT id FROM requests ORDER BY rowid').pluck().all()
const valuesOf = (...records: readonly RequestRecord[]): RowValues[] => records.map(toValues)

describe('the write thread', () => {
  async function startThread(workerUrl?: URL): Promise<WriteThread> {
    const thread = createWriteThread({
      database,
      databasePath: path,
      ...(workerUrl === undefined ? {} : { workerUrl }),
    })
    thread.start()
    await vi.waitFor(() => expect(thread.ready).toBe(true), { timeout: 30_000, interval: 5 })
    return thread
  }
  const writeWith = (thread: WriteThread, rows: readonly RowValues[]): Promise<readonly Outcome[] | undefined> =>
    new Promise((resolve) => thread.write(rows, resolve))

  it('has committed rows and the spend of their keys when it answers', async () => {
    const thread = await startThread()
    const outcomes = await writeWith(
      thread,
      valuesOf(
        recordDouble({ id: 'a', keyId: 'k', costNanoUsd: 5 }),
        recordDouble({ id: 'b', keyId: 'k', costNanoUsd: 6 }),
        recordDouble({ id: 'a', keyId: 'k', costNanoUsd: 7 }),
      ),
    )
    expect(outcomes).toEqual(['inserted', 'inserted', 'duplicate'])
    expect(idsInOrder()).toEqual(['a', 'b'])
    expect(createSqliteLedger({ database }).keySpend('k')).toBe(11)
    await thread.close()
  })

  it('tells which row the database refused, and why', async () => {
    const thread = await startThread()
    const bad = recordDouble({ id: 'bad', totalMs: 'not a number' as unknown as number })
    const outcomes = await writeWith(thread, valuesOf(recordDouble({ id: 'a' }), bad))
    expect(outcomes?.[0]).toBe('inserted')
    expect(outcomes?.[1]).toMatchObject({
      message: expect.stringMatching(/total_ms/),
      code: expect.stringMatching(/^SQLITE_/),
    })
    expect(outcomes?.[1]).toBeInstanceOf(Error)
    await thread.close()
  })

  it('answers nothing for a group it dies with, and takes no more', async () => {
    const thread = await startThread(new URL('./faulty-write-worker.ts', import.meta.url))
    expect(await writeWith(thread, valuesOf(recordDouble({ id: 'a' })))).toBeUndefined()
    expect(thread.ready).toBe(false)
    await thread.close()
  })

  it('lets go of the database when it is closed, also while it starts', async () => {
    const thread = createWriteThread({ database, databasePath: path })
    thread.start()
    await thread.close()
    expect(thread.ready).toBe(false)
    expect(database.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }])
  })
})

describe('groups on their way through a thread', () => {
  /** A thread that answers when told to. */
  function threadDouble() {
    const groups: (readonly RowValues[])[] = []
    let answered: (outcomes: readonly Outcome[] | undefined) => void = () => {}
    const double: WriteThread = {
      start: () => {},
      ready: true,
      write: (rows, whenAnswered) => {
        groups.push(rows)
        answered = whenAnswered
      },
      close: async () => {},
    }
    return { double, groups, answer: (outcomes: readonly Outcome[] | undefined) => answered(outcomes) }
  }
  const open = (thread: WriteThread, counted: string[] = []) =>
    createGroupWriter({
      writeRows: createRowWriter(database),
      thread,
      onInserted: ({ id }) => counted.push(id),
    })
  const idsOf = (group: readonly RowValues[] | undefined): unknown[] => (group ?? []).map((values) => values[0])
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

  it('are settled only when the thread has answered; what comes meanwhile is the next group', async () => {
    const { double, groups, answer } = threadDouble()
    const counted: string[] = []
    const writer = open(double, counted)
    const settled: string[] = []
    for (const id of ['a', 'b']) writer.add(recordDouble({ id }), () => settled.push(id))
    await nextTurn()
    for (const id of ['c', 'd']) writer.add(recordDouble({ id }), () => settled.push(id))
    await nextTurn()
    expect([groups.map(idsOf), settled]).toEqual([[['a', 'b']], []])
    answer(['inserted', 'duplicate'])
    expect([settled, counted]).toEqual([['a', 'b'], ['a']])
    await nextTurn()
    expect(groups.map(idsOf)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('are written by the event loop when the thread dies with them, each row once', async () => {
    const { double, answer } = threadDouble()
    const writer = open(double)
    const outcomes: (Error | undefined)[] = []
    for (const id of ['a', 'b']) writer.add(recordDouble({ id }), (error) => outcomes.push(error))
    await nextTurn()
    createRowWriter(database)(valuesOf(recordDouble({ id: 'a' })))
    answer(undefined)
    expect(outcomes).toEqual([undefined, undefined])
    expect(idsInOrder()).toEqual(['a', 'b'])
  })

  it('are waited for by flush and close', async () => {
    const { double, answer } = threadDouble()
    const writer = open(double)
    const order: string[] = []
    writer.add(recordDouble({ id: 'a' }), () => order.push('done'))
    const closed = writer.close().then(() => order.push('closed'))
    await nextTurn()
    expect(order).toEqual([])
    answer(['inserted'])
    await closed
    expect(order).toEqual(['done', 'closed'])
  })
})

describe('a ledger under load', () => {
  it('keeps every row in order while the thread takes over, and counts each', async () => {
    const ledger = createSqliteLedger({ database, databasePath: path })
    await ledger.spendSince(0)
    const wanted: string[] = []
    const errors: (Error | undefined)[] = []
    for (let turn = 0; turn < 300; turn += 1) {
      const commits = Array.from({ length: 8 }, (_, place) => {
        const id = `t${turn}-${place}`
        wanted.push(id)
        return new Promise<void>((resolve) => {
          ledger.commit(recordDouble({ id, costNanoUsd: 1 }), (error) => {
            errors.push(error)
            resolve()
          })
        })
      })
      await Promise.all(commits)
    }
    await ledger.close()
    expect(errors.filter((error) => error !== undefined)).toEqual([])
    expect(idsInOrder()).toEqual(wanted)
    expect((await ledger.spendSince(0)).billedNanoUsd).toBe(wanted.length)
  })
})
