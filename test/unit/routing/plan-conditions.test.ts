import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import { outline, plan } from '../../../gateway/routing/plan.ts'
import type { DeploymentCondition, Plan } from '../../../gateway/routing/plan-types.ts'
import { conditions, makeDeployment, makeFacts, makeSnapshot, refusalOf } from './routing-fixtures.ts'

const now = 1_000_000
const models = [
  makeDeployment('main', { id: 'a', baseUrl: 'http://user:secret@gpu.example:8000/v1?key=x', provider: 'hosted_vllm' }),
  makeDeployment('main', { id: 'b' }),
  makeDeployment('spare', { id: 's' }),
]

interface Situation {
  readonly of: Readonly<Record<string, Partial<DeploymentCondition>>>
  readonly chain?: boolean
  readonly queueMs?: number
  readonly deployments?: readonly Deployment[]
}

function snapshotOf({ of, chain = false, queueMs = 0, deployments = models }: Situation) {
  return makeSnapshot({
    deployments,
    routers: [],
    config: {
      fallbacks: new Map(chain ? [['main', ['spare']]] : []),
    },
    delivery: { queueMs },
    snapshot: { now, condition: conditions(of) },
  })
}

const facts = makeFacts({ model: 'main' })
const planOf = (situation: Situation) => plan(facts, snapshotOf(situation))
const outlineOf = (situation: Situation) => outline(facts, snapshotOf(situation))
const ids = ({ candidates }: Pick<Plan, 'candidates'>) => candidates.map(({ deployment }) => deployment.id)

const cooled = (ms = 5000) => ({ cooledUntil: now + ms, cooledBy: 'failures' as const })
const limited = (ms = 5000) => ({ cooledUntil: now + ms, cooledBy: 'rate_limit' as const })
const full = (ms?: number) => ({
  full: ms === undefined ? { limit: 'slots' } : { limit: 'requests per minute', until: now + ms },
})
const down = { down: { reason: 'is down: connection refused' } }

describe('what is out for a while', () => {
  test.each([
    ['cooled after failures', cooled(), 'is cooled for 5 s after failures'],
    ['rate-limited', limited(300), 'is rate-limited for 300 ms'],
    ['full', full(90_000), 'is full (requests per minute, for 90 s)'],
    ['full until a request ends', full(), 'is full (slots)'],
    ['down', down, 'is down: connection refused'],
    ['over its budget', { overBudget: { reason: 'has used up its budget of $5' } }, 'has used up its budget of $5'],
  ])('%s leaves the plan, with the reason', (_what, condition, reason) => {
    const planned = planOf({ of: { a: condition } })
    expect(ids(planned)).toEqual(['b'])
    expect(planned.skipped).toEqual([{ model: 'main', reason, deploymentId: 'a' }])
    expect(planned.warnings).toEqual([])
  })

  test('a whole group out leaves its fallback, without a word to the client', () => {
    const planned = planOf({ of: { a: cooled(), b: full(1000) }, chain: true })
    expect(ids(planned)).toEqual(['s'])
    expect(planned.candidates[0]?.chainIndex).toBe(1)
    expect(planned.warnings).toEqual([])
  })

  test.each([
    ['a cooldown', { cooledUntil: now, cooledBy: 'failures' as const }],
    ['a full window', { full: { limit: 'x', until: now } }],
  ])('%s that is over is none', (_what, condition) => {
    expect(ids(planOf({ of: { a: condition, b: down } }))).toEqual(['a'])
  })
})

describe('the last one', () => {
  test('stays in play while it is cooled after failures, the soonest of its group, and this is told', () => {
    const planned = planOf({ of: { a: cooled(9000), b: cooled(4000) } })
    expect(ids(planned)).toEqual(['b'])
    expect(planned.skipped.map(({ deploymentId }) => deploymentId)).toEqual(['a'])
    expect(planned.warnings).toEqual([
      'main is cooled for 4 s after failures, and is tried because nothing else is left.',
    ])
  })

  test('of the asked group comes before that of a fallback', () => {
    expect(ids(planOf({ of: { a: cooled(9000), b: down, s: cooled(1000) }, chain: true }))).toEqual(['a'])
  })

  test('does not stay while a fallback is well', () => {
    expect(ids(planOf({ of: { a: cooled(), b: cooled() }, chain: true }))).toEqual(['s'])
  })

  test.each([
    ['down', down],
    ['full', full(10)],
    ['rate-limited', limited()],
  ])('does not stay when it is %s', (_what, condition) => {
    expect(outlineOf({ of: { a: condition, b: condition } }).candidates).toEqual([])
  })
})

describe('a plan that leads nowhere', () => {
  test('is a 503 that names model, backend and state when anything is down, without credentials', () => {
    const refusal = refusalOf(() => planOf({ of: { a: down, b: limited() } }))
    expect(refusal).toMatchObject({ code: 'backend_unavailable', status: 503, shouldRetry: true })
    expect(refusal.message).toContain('main on hosted_vllm (gpu.example:8000) is down: connection refused')
    expect(refusal.message).toContain('is rate-limited for 5 s')
    expect(refusal.message).not.toMatch(/secret|user|key=/)
  })

  test('is a 429 with the shortest wait only when all are at a limit', () => {
    const refusal = refusalOf(() => planOf({ of: { a: limited(9000), b: full(4000) } }))
    expect(refusal).toMatchObject({ code: 'rate_limited', status: 429, retryAfterMs: 4000 })
    expect(refusalOf(() => planOf({ of: { a: full(), b: full(4000) } })).retryAfterMs).toBe(1000)
  })

  test('is a 503 when a budget is used up beside a limit', () => {
    const of = { a: { overBudget: { reason: 'has used up its budget' } }, b: limited() }
    expect(refusalOf(() => planOf({ of }))).toMatchObject({ code: 'backend_unavailable' })
  })

  test('names the budget when nothing but budgets hinders', () => {
    const overBudget = { overBudget: { reason: 'has used up the budget of openai' } }
    const refusal = refusalOf(() => planOf({ of: { a: overBudget, b: overBudget } }))
    expect(refusal).toMatchObject({ code: 'budget_exceeded', status: 429, shouldRetry: false })
    expect(refusal.message).toContain('has used up the budget of openai')
  })

  test('names the missing key only when nothing else hinders', () => {
    const deployments = [
      makeDeployment('main', { id: 'a', apiKey: { kind: 'missing', names: ['KEY_A'] } }),
      makeDeployment('main', { id: 'b' }),
    ]
    expect(refusalOf(() => planOf({ of: { b: limited() }, deployments }))).toMatchObject({ code: 'rate_limited' })
    expect(refusalOf(() => planOf({ of: { b: down }, deployments }))).toMatchObject({ code: 'backend_unavailable' })
  })
})

describe('waiting', () => {
  test('is for what is out for a while, soonest first, where the file allows it', () => {
    const of = { a: limited(9000), b: full(4000), s: full() }
    const planned = outlineOf({ of, chain: true, queueMs: 10_000 })
    expect(planned.candidates).toEqual([])
    expect(planned.refusal?.code).toBe('rate_limited')
    expect(
      planned.waiting.map(({ candidate, until, rateLimited }) => [candidate.deployment.id, until, rateLimited]),
    ).toEqual([
      ['s', undefined, true],
      ['b', now + 4000, true],
      ['a', now + 9000, true],
    ])
    expect(outlineOf({ of, chain: true }).waiting).toEqual([])
  })

  test('is not for what is tried or down', () => {
    const planned = outlineOf({ of: { a: cooled(1000), b: down, s: cooled(2000) }, chain: true, queueMs: 1 })
    expect(ids(planned)).toEqual(['a'])
    expect(planned.waiting.map(({ candidate, rateLimited }) => [candidate.deployment.id, rateLimited])).toEqual([
      ['s', false],
    ])
  })
})

describe('fail_fast', () => {
  const deployments = [
    makeDeployment('main', { id: 'a', failFast: true }),
    makeDeployment('main', { id: 'b' }),
    makeDeployment('spare', { id: 's' }),
  ]

  test('means one try: no second deployment, no fallback, no queue', () => {
    const planned = outlineOf({ of: { b: full(1000) }, deployments, chain: true, queueMs: 10_000 })
    expect(planned).toMatchObject({ failFast: true, waiting: [], onContextWindow: [], onContentPolicy: [] })
    expect(ids(planned)).toEqual(['a'])
  })

  test('is a refusal at once when the backend is down', () => {
    const planned = outlineOf({ of: { a: down, b: down }, deployments, chain: true, queueMs: 10_000 })
    expect(planned.candidates).toEqual([])
    expect(planned.waiting).toEqual([])
    expect(planned.refusal).toMatchObject({ code: 'backend_unavailable', status: 503 })
  })

  test('of a fallback does not make the asked model fail fast', () => {
    const spareFails = [makeDeployment('main', { id: 'a' }), makeDeployment('spare', { id: 's', failFast: true })]
    expect(planOf({ of: {}, deployments: spareFails, chain: true })).toMatchObject({ failFast: false })
  })
})
