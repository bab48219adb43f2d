import { describe, expect, it } from 'vitest'
import {
  agentsOf,
  isFiltering,
  matchesFilter,
  mergeRequests,
  noFilter,
  rangeStart,
  type RequestFilter,
} from '../../../../renderer/state/request-filter.ts'
import { finished, running, scriptedNow } from '../../../ui/scripted-data.ts'

const request = finished('Call-ABC', 60, { model: 'gpt-5.5', agent: 'codex', tier: 'COMPLEX' })
const matches = (part: Partial<RequestFilter>, of = request) => matchesFilter(of, { ...noFilter, ...part }, scriptedNow)

describe('a filter of requests', () => {
  it.each<[Partial<RequestFilter>, boolean]>([
    [{}, true],
    [{ text: ' GPT ' }, true],
    [{ text: 'call-abc' }, true],
    [{ text: 'CODEX' }, true],
    [{ text: 'opencodego' }, true],
    [{ text: 'claude' }, false],
    [{ tier: 'COMPLEX' }, true],
    [{ tier: 'DIRECT' }, false],
    [{ agent: 'codex', tier: 'SIMPLE' }, false],
    [{ status: 'failed' }, false],
    [{ range: 'hour' }, true],
  ])('%j lets it through: %s', (part, through) => {
    expect(matches(part)).toBe(through)
  })

  it('knows requests without a router, failures and ages', () => {
    expect(matches({ tier: 'DIRECT' }, finished('one', 1, { tier: null }))).toBe(true)
    expect(matches({ status: 'failed' }, finished('one', 1, { status: 502, errorCode: 'upstream_error' }))).toBe(true)
    expect(matches({ range: 'hour' }, finished('one', 3_700))).toBe(false)
    expect(matches({ range: 'today' }, finished('one', 86_400))).toBe(false)
    expect(matches({ range: 'week' }, finished('one', 3 * 86_400))).toBe(true)
    expect(rangeStart('all', scriptedNow)).toBeUndefined()
    expect(new Date(rangeStart('today', scriptedNow) ?? 0).getHours()).toBe(0)
  })

  it('is one only where it narrows something', () => {
    expect(isFiltering(noFilter)).toBe(false)
    expect(isFiltering({ ...noFilter, text: '  ' })).toBe(false)
    expect(isFiltering({ ...noFilter, range: 'today' })).toBe(true)
  })

  it('takes the live one of two, newest first', () => {
    const live = [running('a', scriptedNow), finished('b', 10)]
    const merged = mergeRequests(live, [finished('c', 5), finished('b', 10, { model: 'old' })])
    expect(merged.map(({ id }) => id)).toEqual(['a', 'c', 'b'])
    expect(merged[2]?.model).not.toBe('old')
    expect(agentsOf([...live, request])).toEqual(['codex', 'opencode'])
  })
})
