import { describe, expect, it } from 'vitest'
import type { GatewayEvent } from '../../../../gateway/contract/events.ts'
import { arrangeRows } from '../../../../renderer/state/held-rows.ts'
import { applyEvents, initialLiveState, parseEvent, requestLimit } from '../../../../renderer/state/live-state.ts'
import { costFigure, hasFailed } from '../../../../renderer/state/request-figures.ts'
import { finished, routers, running, status } from '../../../ui/scripted-data.ts'

const snapshot = (...requests: ReturnType<typeof finished>[]): GatewayEvent => ({
  type: 'snapshot',
  status,
  routers: [...routers],
  requests,
  backends: [],
  discovery: true,
})
const request = (view: ReturnType<typeof finished>): GatewayEvent => ({ type: 'request', request: view })
const idsAfter = (...events: GatewayEvent[]) => applyEvents(initialLiveState, events, 1).requests.map((one) => one.id)

describe('applyEvents', () => {
  it('takes a snapshot for everything there is', () => {
    const before = applyEvents(initialLiveState, [snapshot(finished('old', 1))], 1)
    const after = applyEvents({ ...before, connection: 'away' }, [snapshot(finished('new', 1))], 2)
    expect(after.requests.map((one) => one.id)).toEqual(['new'])
    expect(after.connection).toBe('live')
    expect(after.lastHeardAt).toBe(2)
  })

  it('puts a request in the order of its start', () => {
    expect(idsAfter(snapshot(finished('b', 20), finished('a', 40)), request(finished('m', 30)))).toEqual([
      'b',
      'm',
      'a',
    ])
  })

  it('changes a request in its place', () => {
    const state = applyEvents(
      initialLiveState,
      [
        snapshot(),
        request(running('one', 5)),
        request(running('two', 6)),
        request({ ...finished('one', 0), startedAt: 5 }),
      ],
      1,
    )
    expect(state.requests.map((one) => [one.id, one.phase])).toEqual([
      ['two', 'running'],
      ['one', 'finished'],
    ])
  })

  it('keeps a finished request finished', () => {
    const done = finished('one', 1)
    const state = applyEvents(initialLiveState, [snapshot(done), request({ ...done, phase: 'running' })], 1)
    expect(state.requests[0]?.phase).toBe('finished')
  })

  it('keeps the newest and no more than the list shows', () => {
    const events = Array.from({ length: requestLimit + 5 }, (_, index) => request(running(`r${index}`, index)))
    const ids = idsAfter(snapshot(), ...events)
    expect(ids).toHaveLength(requestLimit)
    expect(ids[0]).toBe(`r${requestLimit + 4}`)
  })

  it('gives the same state for no event', () => expect(applyEvents(initialLiveState, [], 9)).toBe(initialLiveState))
})

describe('parseEvent', () => {
  it.each(['', 'null', '[]', '{"type":"later"}', '{broken', '7'])('passes over %s', (data) =>
    expect(parseEvent(data)).toBeUndefined(),
  )
  it('reads what it knows', () =>
    expect(parseEvent('{"type":"routers","routers":[]}')).toEqual({ type: 'routers', routers: [] }))
})

describe('arrangeRows', () => {
  const rows = [finished('new', 1), finished('b', 2), finished('a', 3)]

  it('shows everything while nobody holds it', () => expect(arrangeRows(rows, null)).toEqual({ rows, waiting: 0 }))
  it('lets new rows wait while it is held', () => {
    const arranged = arrangeRows(rows, new Set(['a', 'b']))
    expect(arranged.rows.map((one) => one.id)).toEqual(['b', 'a'])
    expect(arranged.waiting).toBe(1)
  })
  it('keeps a short list whole when new rows would push its last ones out', () => {
    const shown = arrangeRows(rows, null, 2)
    expect(shown.rows.map((one) => one.id)).toEqual(['new', 'b'])
    const held = arrangeRows([finished('newer', 0), ...rows], new Set(['new', 'b']), 2)
    expect(held.rows.map((one) => one.id)).toEqual(['new', 'b'])
    expect(held.waiting).toBe(1)
  })
  it('holds nothing still when there was nothing', () => expect(arrangeRows(rows, new Set()).rows).toEqual(rows))
})

describe('costFigure', () => {
  it('says unknown, never zero', () => {
    expect(costFigure(finished('one', 1, { costNanoUsd: null, priceSource: 'unknown' })).text).toBe('unknown')
    expect(costFigure(finished('one', 1, { costNanoUsd: null })).text).toBe('unknown')
  })
  it('labels the money of the demo models', () =>
    expect(costFigure(finished('one', 1, { priceSource: 'demo' })).label).toBe('pretend'))
  it('tells a request that waits from one that streams', () => {
    expect(costFigure(running('one', 1)).text).toBe('running')
    expect(costFigure(running('one', 1, { firstTokenMs: 12 })).text).toBe('streaming')
  })
  it('says stopped, not failed, when the client went away', () => {
    const stopped = finished('one', 1, { errorCode: 'client_closed_request', status: 499, costNanoUsd: null })
    expect(costFigure(stopped)).toMatchObject({ text: 'stopped', tone: 'quiet' })
    expect(hasFailed(stopped)).toBe(false)
    expect(costFigure({ ...stopped, costNanoUsd: 1_000_000_000 }).text).toBe('$1.00')
  })
  it('says failed before any cost', () =>
    expect(costFigure(finished('one', 1, { errorCode: 'x' })).text).toBe('failed'))
})
