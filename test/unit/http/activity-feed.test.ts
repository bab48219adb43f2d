import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createActivityFeed, type FeedChange } from '../../../gateway/http/control/activity-feed.ts'
import { type RequestRecord, unpriced } from '../../../gateway/ledger/request-record.ts'
import type { RunningRequest } from '../../../gateway/relay/activity.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the activity feed', () => {
  it('keeps the last 200, newest first, and lets no running one go before a finished one', () => {
    const feed = createActivityFeed()
    feed.started(running('long', 0))
    for (let index = 1; index <= 250; index += 1) feed.finished(record(`r${index}`, index))
    const ids = feed.recent().map((view) => view.id)
    expect(ids).toHaveLength(200)
    expect([ids[0], ids.at(-1)]).toEqual(['r250', 'long'])
    expect(ids).not.toContain('r51')
  })

  it('begins with what the ledger holds, which goes first when it is full', () => {
    const feed = createActivityFeed([record('newer', 2), record('older', 1)])
    expect(feed.recent().map((view) => view.id)).toEqual(['newer', 'older'])
    for (let index = 3; index <= 201; index += 1) feed.finished(record(`r${index}`, index))
    expect(feed.recent().map((view) => view.id)).toContain('newer')
    expect(feed.recent().map((view) => view.id)).not.toContain('older')
  })

  it('stays bounded when everything is running', () => {
    const feed = createActivityFeed()
    for (let index = 0; index < 300; index += 1) feed.started(running(`r${index}`, index))
    expect(feed.recent()).toHaveLength(200)
  })

  it('tells each changed request once per batch, in its last state', () => {
    const feed = createActivityFeed()
    const changes = listen(feed)
    feed.started(running('a', 1))
    feed.firstToken('a', 5)
    feed.started(running('b', 2))
    feed.finished(record('a', 1))
    expect(changes).toEqual([])
    vi.advanceTimersByTime(100)
    expect(changes).toHaveLength(1)
    expect(changes[0]?.requests.map(({ id, phase }) => [id, phase])).toEqual([
      ['a', 'finished'],
      ['b', 'running'],
    ])
    vi.advanceTimersByTime(1000)
    expect(changes).toHaveLength(1)
  })

  it('tells of routers and of the state, and of nothing after the listener left', () => {
    const feed = createActivityFeed()
    const changes: FeedChange[] = []
    const stop = feed.subscribe((change) => changes.push(change))
    feed.routersChanged()
    vi.advanceTimersByTime(100)
    feed.statusChanged()
    vi.advanceTimersByTime(100)
    expect(changes.map(({ routers, status }) => [routers, status])).toEqual([
      [true, false],
      [false, true],
    ])
    feed.routersChanged()
    stop()
    vi.advanceTimersByTime(1000)
    expect(changes).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('holds no timer while nobody listens', () => {
    const feed = createActivityFeed()
    feed.started(running('a', 1))
    feed.routersChanged()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('passes over a first token of a request it no longer has', () => {
    const feed = createActivityFeed()
    feed.firstToken('unknown', 5)
    expect(feed.recent()).toEqual([])
  })
})

function listen(feed: ReturnType<typeof createActivityFeed>): FeedChange[] {
  const changes: FeedChange[] = []
  feed.subscribe((change) => changes.push(change))
  return changes
}

function running(id: string, startedAt: number): RunningRequest {
  return {
    id,
    startedAt,
    askedModel: 'm',
    role: null,
    purpose: null,
    model: 'm',
    provider: 'p',
    decision: undefined,
    agent: null,
    sessionId: null,
    keyAlias: null,
    stream: true,
  }
}

function record(id: string, startedAt: number): RequestRecord {
  return {
    id,
    startedAt,
    keyId: 'master',
    keyAlias: null,
    agent: null,
    sessionId: null,
    endUser: null,
    userId: null,
    teamId: null,
    tags: [],
    dialect: 'chat-completions',
    askedModel: 'm',
    router: null,
    tier: null,
    score: null,
    reason: null,
    features: null,
    modelName: 'm',
    deploymentId: 'd',
    provider: 'p',
    upstreamModel: 'u',
    attempts: [],
    fallbacks: 0,
    status: 200,
    errorCode: null,
    stream: true,
    usage: null,
    ...unpriced,
    firstTokenMs: null,
    totalMs: 1,
    warnings: [],
    explanation: null,
  }
}
