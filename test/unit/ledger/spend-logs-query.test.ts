import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSpendLogsQuery } from '../../../gateway/ledger/spend-logs-query.ts'
import { readSpendQuery } from '../../../gateway/ledger/spend-query.ts'
import { GatewayError } from '../../../gateway/model/errors.ts'

function refusal(action: () => unknown): GatewayError {
  try {
    action()
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
    throw thrown
  }
  throw new Error('Nothing was refused.')
}

const anyParameters = (names: readonly string[]) =>
  fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(
      fc.string(),
      fc.date().map(String),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constantFrom('2026-11-20', '1'),
    ),
  )

describe('the query of /spend/logs', () => {
  it('asks for the newest 1000 rows when it says nothing, empty values included', () => {
    const nothing = {
      limit: 1000,
      offset: 0,
      keyId: undefined,
      requestId: undefined,
      endUser: undefined,
      since: undefined,
      until: undefined,
      perDay: false,
    }
    expect(readSpendLogsQuery({})).toEqual(nothing)
    expect(readSpendLogsQuery({ limit: '', api_key: '', start_date: '', other: 'x' })).toEqual(nothing)
  })

  it('takes LiteLLM’s names', () => {
    const query = { limit: '5', offset: 10, api_key: 'ab12', request_id: 'r1', user_id: 'ann' }
    expect(readSpendLogsQuery(query)).toMatchObject({
      limit: 5,
      offset: 10,
      keyId: 'ab12',
      requestId: 'r1',
      endUser: 'ann',
    })
  })

  it('reads two days as whole UTC days and asks for sums, unless summarize is false', () => {
    const dates = { start_date: '2026-11-19', end_date: '2026-11-20' }
    const range = { since: Date.parse('2026-11-19T00:00:00Z'), until: Date.parse('2026-11-21T00:00:00Z') }
    expect(readSpendLogsQuery(dates)).toMatchObject({ ...range, perDay: true })
    expect(readSpendLogsQuery({ ...dates, summarize: 'True' })).toMatchObject({ ...range, perDay: true })
    expect(readSpendLogsQuery({ ...dates, summarize: 'false' })).toMatchObject({ ...range, perDay: false })
    expect(readSpendLogsQuery({ start_date: '2026-11-19' })).toMatchObject({ until: undefined, perDay: false })
  })

  it.each([
    ['2026-11-20T08:00:00Z', '2026-11-20T08:00:00Z'],
    ['2026-11-20 08:00:00', '2026-11-20T08:00:00Z'],
    ['2026-11-20T08:00', '2026-11-20T08:00:00Z'],
    ['2026-11-20T08:00:00.250+01:00', '2026-11-20T07:00:00.250Z'],
  ])('reads the time %s', (text, moment) => {
    expect(readSpendLogsQuery({ start_date: text }).since).toBe(Date.parse(moment))
    expect(readSpendLogsQuery({ end_date: text }).until).toBe(Date.parse(moment) + 1)
  })

  it.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '100001' }, 'limit'],
    [{ limit: 'ten' }, 'limit'],
    [{ limit: '1.5' }, 'limit'],
    [{ offset: '-1' }, 'offset'],
    [{ summarize: 'maybe' }, 'summarize'],
    [{ start_date: 'yesterday' }, 'start_date'],
    [{ start_date: '2026-11-31' }, 'start_date'],
    [{ start_date: '2026-13-01' }, 'start_date'],
    [{ end_date: '2026-11-20T25:00' }, 'end_date'],
    [{ start_date: '2026-11-20', end_date: '2026-11-18' }, 'end_date'],
    [{ start_date: '2000-01-01', end_date: '2026-11-18' }, 'end_date'],
  ])('refuses %j, naming the parameter', (query, param) => {
    const error = refusal(() => readSpendLogsQuery(query))
    expect(error).toMatchObject({ code: 'invalid_field', param })
    expect(error.message).toMatch(/must be .*; got /)
  })

  it('is read or refused, whatever it is', () => {
    const names = ['limit', 'offset', 'api_key', 'request_id', 'user_id', 'start_date', 'end_date', 'summarize']
    fc.assert(
      fc.property(anyParameters(names), (query) => {
        try {
          const read = readSpendLogsQuery(query)
          expect(read.limit).toBeGreaterThanOrEqual(1)
          expect(read.limit).toBeLessThanOrEqual(100_000)
          expect(Number.isNaN(read.since ?? 0) || Number.isNaN(read.until ?? 0)).toBe(false)
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'invalid_field' })
        }
      }),
    )
  })
})

describe('the query of a spend report', () => {
  it('is by model since ever unless it says otherwise', () => {
    expect(readSpendQuery({})).toEqual({ by: 'model' })
    expect(readSpendQuery({ by: 'day', since: '5', until: 9, limit: '3' })).toEqual({
      by: 'day',
      since: 5,
      until: 9,
      limit: 3,
    })
  })

  it.each([
    [{ by: 'colour' }, 'by'],
    [{ since: '7d' }, 'since'],
    [{ until: '-1' }, 'until'],
    [{ limit: '10001' }, 'limit'],
  ])('refuses %j', (query, param) => {
    expect(refusal(() => readSpendQuery(query))).toMatchObject({ code: 'invalid_field', param })
  })
})
