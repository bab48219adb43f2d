import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../gateway/model/errors.ts'
import type { CarrySettings } from '../../../gateway/relay/carrier-dependencies.ts'
import { Course } from '../../../gateway/relay/course.ts'
import { hedgeDelay } from '../../../gateway/relay/hedge.ts'
import { lastWord } from '../../../gateway/relay/last-word.ts'
import { requestDeadlines } from '../../../gateway/relay/request-deadlines.ts'
import { retryCount } from '../../../gateway/relay/retry-count.ts'
import type { Candidate, Plan } from '../../../gateway/routing/plan-types.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { carrySettings } from '../../doubles/relay-server.ts'
import { makeFacts } from '../routing/routing-fixtures.ts'

const candidate = (id: string, changes = {}): Candidate => ({
  deployment: deploymentDouble({ id, ...changes }),
  group: id,
  chainIndex: 0,
  defaults: {},
})

const planOf = (changes: Partial<Plan>): Plan => ({
  asked: 'a',
  candidates: [],
  skipped: [],
  onContextWindow: [],
  onContentPolicy: [],
  waiting: [],
  failFast: false,
  decision: undefined,
  warnings: [],
  ...changes,
})

const idOf = (one: Candidate | undefined): string | undefined => one?.deployment.id

describe('Course', () => {
  const [a, b, c] = [candidate('a'), candidate('b'), candidate('c')]

  it('gives each candidate once, in order', () => {
    const course = new Course(planOf({ candidates: [a, b] }))
    expect([course.next(), course.next(), course.next()].map(idOf)).toEqual(['a', 'b', undefined])
  })

  it('turns to the chain for a kind of failure in place of what is left, without what was given already', () => {
    const course = new Course(planOf({ candidates: [a, b], onContextWindow: [a, c] }))
    course.next()
    expect(course.turn('upstream_error')).toBe(false)
    expect(course.turn('context_length_exceeded')).toBe(true)
    expect([course.next(), course.next()].map(idOf)).toEqual(['c', undefined])
    expect(course.turn('context_length_exceeded')).toBe(false)
  })

  it('stays within such a chain when the same failure comes again', () => {
    const course = new Course(planOf({ candidates: [a], onContextWindow: [b, c] }))
    course.next()
    course.turn('context_length_exceeded')
    course.next()
    expect(course.turn('context_length_exceeded')).toBe(true)
    expect(idOf(course.next())).toBe('c')
  })

  it('has one candidate and no chain where the plan fails fast', () => {
    const course = new Course(planOf({ candidates: [a, b], onContextWindow: [c], failFast: true }))
    expect(idOf(course.next())).toBe('a')
    expect([course.hasNext, course.turn('context_length_exceeded')]).toEqual([false, false])
  })
})

describe('retryCount', () => {
  const error = new GatewayError('rate_limited', 'x')
  const retryPolicy: CarrySettings['retryPolicy'] = {
    general: { default: 4 },
    byGroup: new Map([['g', { rate_limit: 5 }]]),
    retryAfterMs: 0,
  }
  const count = (group: string, numRetries: number | undefined, controls = {}, policy = retryPolicy, plan = {}) =>
    retryCount(
      error,
      { ...candidate('x', { numRetries }), group },
      { plan: planOf(plan), facts: makeFacts({ controls }) },
      { numRetries: 1, retryPolicy: policy },
    )
  const none = { general: {}, byGroup: new Map(), retryAfterMs: 0 }

  it('takes the nearest word: request, group’s policy, general policy, deployment, general number', () => {
    expect(count('g', 3, { numRetries: 0 })).toBe(0)
    expect(count('g', 3)).toBe(5)
    expect(count('other', 3)).toBe(4)
    expect(count('other', 3, {}, none)).toBe(3)
    expect(count('other', undefined, {}, none)).toBe(1)
    expect(count('g', 3, { numRetries: 9 }, retryPolicy, { failFast: true })).toBe(0)
  })
})

describe('requestDeadlines', () => {
  const deadlines = { connectMs: 1, firstByteMs: 100, idleMs: 200, totalMs: 300 }
  const of = (stream: boolean, controls: object) => requestDeadlines(deadlines, makeFacts({ stream, controls }))

  it('are the deployment’s unless the request says otherwise', () => {
    expect(of(true, {})).toBe(deadlines)
    expect(of(true, { timeoutMs: 5 })).toEqual({ ...deadlines, firstByteMs: 5 })
    expect(of(true, { timeoutMs: 900 })).toEqual({ ...deadlines, firstByteMs: 900, totalMs: 900 })
    expect(of(true, { streamTimeoutMs: 5 })).toEqual({ ...deadlines, firstByteMs: 5, idleMs: 5 })
    expect(of(true, { timeoutMs: 9, streamTimeoutMs: 5 })).toEqual({ ...deadlines, firstByteMs: 5, idleMs: 5 })
    expect(of(false, { streamTimeoutMs: 5 })).toBe(deadlines)
  })

  it('have another first wait for streams where the deployment says so', () => {
    const own = { ...deadlines, streamFirstByteMs: 7 }
    const ofOwn = (stream: boolean, controls: object) => requestDeadlines(own, makeFacts({ stream, controls }))
    expect(ofOwn(true, {})).toEqual({ ...deadlines, firstByteMs: 7 })
    expect(ofOwn(true, { timeoutMs: 5 })).toEqual({ ...deadlines, firstByteMs: 5 })
    expect(ofOwn(false, {}).firstByteMs).toBe(100)
    expect(ofOwn(false, { timeoutMs: 5 })).toEqual({ ...deadlines, firstByteMs: 5, totalMs: 5 })
  })

  it('bound all of an answer in one piece', () => {
    expect(of(false, { timeoutMs: 5, streamTimeoutMs: 7 })).toEqual({ ...deadlines, firstByteMs: 5, totalMs: 5 })
  })
})

describe('hedgeDelay', () => {
  const of = (changes: object, settings = {}, facts = {}) =>
    hedgeDelay(
      { plan: planOf({}), facts: makeFacts(facts), ...changes } as Parameters<typeof hedgeDelay>[0],
      carrySettings({ hedgeAfterMs: 9, ...settings }),
    )

  it('is none for tools without leave, for plans that fail fast and for what is no conversation', () => {
    expect(of({})).toBe(9)
    expect(of({}, {}, { toolCount: 2 })).toBeUndefined()
    expect(of({}, { hedgeTools: true }, { toolCount: 2 })).toBe(9)
    expect(of({ plan: planOf({ failFast: true }) })).toBeUndefined()
    expect(of({ endpoint: '/images/generations' })).toBeUndefined()
  })
})

describe('lastWord', () => {
  const limited = new GatewayError('rate_limited', 'A is limited.', { retryAfterMs: 9_000 })
  const left = (kind: 'down' | 'full' | 'no_key', until?: number) => ({
    candidate: candidate('b'),
    kind,
    reason: 'is so',
    ...(until === undefined ? {} : { until }),
  })

  it('is the plan’s refusal where nothing could be tried', () => {
    const refusal = new GatewayError('backend_unavailable', 'down')
    expect(lastWord(planOf({ refusal }), 'm', [], 0)).toBe(refusal)
  })

  it('is 503 naming what is down, also when that was never asked', () => {
    expect(lastWord(planOf({ hindered: [left('down')] }), 'm', [limited], 0)).toMatchObject({
      code: 'backend_unavailable',
      message: 'Nothing could answer for m. b on openai is so. A is limited.',
    })
  })

  it('is 429 with the shortest wait when all are limited', () => {
    expect(lastWord(planOf({ hindered: [left('full', 5_000)] }), 'm', [limited], 2_000)).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 3_000,
    })
    expect(lastWord(planOf({ hindered: [left('no_key')] }), 'm', [limited], 0)).toMatchObject({ retryAfterMs: 9_000 })
  })
})
