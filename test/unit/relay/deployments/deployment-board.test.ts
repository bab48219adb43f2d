import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../../gateway/config/gateway-config.ts'
import type { DeploymentQuota } from '../../../../gateway/config/delivery-settings.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import { Secret } from '../../../../gateway/model/secret.ts'
import { noUsage } from '../../../../gateway/model/usage.ts'
import {
  type AttemptTicket,
  type BoardDependencies,
  createDeploymentBoard,
  isRefusal,
} from '../../../../gateway/relay/deployments/deployment-board.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'
import { quietDelivery } from '../../../doubles/quiet-config.ts'

const start = Date.parse('2026-11-27T12:00:00Z')
const noQuota: DeploymentQuota = {
  requestsPerMinute: undefined,
  tokensPerMinute: undefined,
  requestsPerDay: undefined,
  tokensPerDay: undefined,
  resetsAtMinute: 0,
  timeZone: 'UTC',
}

function boardOf(changes: Partial<Omit<Deployment, 'prices'>> = {}, dependencies: Partial<BoardDependencies> = {}) {
  const clock = { now: start }
  const deployment = deploymentDouble(changes)
  const board = createDeploymentBoard({ now: () => clock.now, config: () => quietDelivery, ...dependencies })
  const take = (tokens = 10): AttemptTicket => {
    const taken = board.take(deployment, tokens)
    if (isRefusal(taken)) throw new Error(`refused: ${taken.limit}`)
    return taken
  }
  return { clock, deployment, board, take, condition: () => board.condition(deployment.id) }
}

const answered = { kind: 'answered' } as const
const aborted = { kind: 'aborted' } as const

describe('a refused key', () => {
  const keyed = (value: string): Pick<Deployment, 'apiKey'> => ({
    apiKey: { kind: 'value', secret: new Secret(value), names: ['SOME_KEY'] },
  })
  const refused = { kind: 'failed', error: new GatewayError('provider_key_refused', 'no') } as const

  test('keeps its deployment out until there is another one, however long the pause', () => {
    const { board, condition, deployment, take } = boardOf(keyed('old'))
    for (let attempt = 0; attempt < 4; attempt += 1) take().ended(refused, null, 1)
    expect(condition()).toHaveProperty('cooledUntil')
    board.retain([{ ...deployment, ...keyed('old') }])
    expect(condition()).toHaveProperty('cooledUntil')
    board.retain([{ ...deployment, ...keyed('new') }])
    expect(condition()).not.toHaveProperty('cooledUntil')
  })

  test('another key does not end a pause for another cause', () => {
    const { board, condition, deployment, take } = boardOf(keyed('old'))
    const failed = {
      kind: 'failed',
      error: new GatewayError('rate_limited', 'slow down', { retryAfterMs: 60_000 }),
    } as const
    take().ended(failed, null, 1)
    board.retain([{ ...deployment, ...keyed('new') }])
    expect(condition()).toHaveProperty('cooledUntil')
  })
})

describe('slots', () => {
  test('the thirty-first request of a minute is refused until there is room', () => {
    const { board, clock, condition, deployment, take } = boardOf({ quota: { ...noQuota, requestsPerMinute: 30 } })
    for (let request = 0; request < 30; request += 1) take().ended(answered, null, 1)
    expect(board.take(deployment, 10)).toEqual({ limit: 'requests per minute', until: start + 61_000 })
    expect(condition()?.full).toEqual({ limit: 'requests per minute', until: start + 61_000 })
    clock.now = start + 61_000
    expect(condition()?.full).toBeUndefined()
    take()
  })

  test('tokens are reserved by the estimate and settled with what was used', () => {
    const { board, deployment, take } = boardOf({ quota: { ...noQuota, tokensPerMinute: 1_000 } })
    const ticket = take(900)
    expect(board.take(deployment, 200)).toMatchObject({ limit: 'tokens per minute' })
    ticket.ended(answered, { ...noUsage, inputTokens: 300, outputTokens: 100 }, 1)
    take(600).ended(aborted, null, 1)
    expect(board.take(deployment, 1)).toMatchObject({ limit: 'tokens per minute' })
  })

  test('parallel requests are free when one ends, whenever that is', () => {
    const { board, condition, deployment, take } = boardOf({ maxParallelRequests: 1 })
    const ticket = take()
    expect(board.take(deployment, 1)).toEqual({ limit: 'parallel requests' })
    expect(condition()).toMatchObject({ inFlight: 1, full: { limit: 'parallel requests' } })
    ticket.ended(aborted, null, 1)
    ticket.ended(aborted, null, 1)
    expect(condition()).toMatchObject({ inFlight: 0 })
    take()
  })

  test('a refused connection used nothing of the quota, a failed answer did', () => {
    const { condition, take } = boardOf({ quota: { ...noQuota, requestsPerMinute: 2 } })
    take().ended({ kind: 'failed', error: new GatewayError('backend_unavailable', 'x') }, null, 1)
    expect(condition()?.requestsThisMinute).toBe(0)
    take().ended({ kind: 'failed', error: new GatewayError('upstream_error', 'x') }, null, 1)
    expect(condition()).toMatchObject({ requestsThisMinute: 1, tokensThisMinute: 0 })
  })

  test("a day's quota is full until its reset, and stays so over a restart", () => {
    const quota = { ...noQuota, requestsPerDay: 2, resetsAtMinute: 0, timeZone: 'Europe/Berlin' }
    const first = boardOf({ quota })
    first.take()
    first.take()
    const until = Date.parse('2026-11-27T23:00:00Z')
    expect(first.board.take(first.deployment, 1)).toEqual({ limit: 'requests per day', until })
    const use = first.board.dayUse(first.deployment.id)
    const second = boardOf({ quota }, { dayUse: new Map(use === undefined ? [] : [[first.deployment.id, use]]) })
    expect(second.board.take(second.deployment, 1)).toEqual({ limit: 'requests per day', until })
    second.clock.now = until
    second.take()
  })

  test('a clock that is set back an hour frees nothing and locks nothing', () => {
    const { board, clock, deployment, take } = boardOf({ quota: { ...noQuota, requestsPerMinute: 1 } })
    take()
    clock.now -= 3_600_000
    expect(board.take(deployment, 1)).toEqual({ limit: 'requests per minute', until: start - 3_600_000 + 61_000 })
    clock.now += 61_000
    take()
  })
})

describe('limits learned from headers', () => {
  const head = { 'x-ratelimit-limit-minute': '30', 'x-ratelimit-remaining-minute': '0', 'ratelimit-reset': '20' }

  test('none left means full until the reset', () => {
    const { board, clock, deployment, take } = boardOf()
    take().head(200, head)
    expect(board.take(deployment, 1)).toEqual({ limit: 'requests per minute', until: start + 20_000 })
    clock.now += 20_000
    take()
  })

  test('what is under way and not told of yet counts as used', () => {
    const { board, deployment, take } = boardOf()
    take().head(200, { ...head, 'x-ratelimit-remaining-minute': '2' })
    take()
    take()
    expect(board.take(deployment, 1)).toMatchObject({ limit: 'requests per minute' })
  })

  test('fewer tokens left than a request probably has mean full for it, until a reset within the minute', () => {
    const tokens = { 'x-ratelimit-limit-tokens': '1000', 'x-ratelimit-remaining-tokens': '400' }
    const { board, clock, condition, deployment, take } = boardOf()
    take().head(200, { ...tokens, 'x-ratelimit-reset-tokens': '30s' })
    expect(board.take(deployment, 401)).toEqual({ limit: 'tokens', until: start + 30_000 })
    expect(condition()?.full).toBeUndefined()
    take(400)
    // No window has room for this one: the upstream has the word.
    take(1001)
    clock.now += 30_000
    take(401)
    const later = boardOf()
    later.take().head(200, { ...tokens, 'x-ratelimit-reset-tokens': '6h' })
    later.take(401)
  })

  test('are shown with what the config says', () => {
    const { board, deployment, take } = boardOf({ quota: { ...noQuota, requestsPerDay: 1_000 } })
    take().head(200, { ...head, 'x-ratelimit-remaining-minute': '12' })
    expect(board.limits(deployment)).toEqual([
      {
        limit: 'requests per day',
        most: 1000,
        used: 1,
        left: 999,
        resetsAt: Date.parse('2026-11-28T00:00:00Z'),
        knownFrom: 'config',
      },
      { limit: 'requests per minute', most: 30, used: 18, left: 12, resetsAt: start + 20_000, knownFrom: 'header' },
    ])
  })
})

describe('what is learned', () => {
  test('a deployment that gets three times slower than usual is slow before it fails', () => {
    const { condition, take } = boardOf()
    const answerIn = (ms: number): void => {
      const ticket = take()
      ticket.firstToken(ms)
      ticket.ended(answered, { ...noUsage, outputTokens: 10 }, ms + 100)
    }
    for (let request = 0; request < 20; request += 1) answerIn(400)
    expect(condition()).toMatchObject({ firstTokenMs: 400, msPerToken: 50 })
    expect(condition()?.slow).toBeUndefined()
    answerIn(6_000)
    answerIn(6_000)
    expect(condition()?.slow).toBe(true)
    for (let request = 0; request < 10; request += 1) answerIn(400)
    expect(condition()?.slow).toBeUndefined()
  })

  test('bytes per token of real requests', () => {
    const { board, deployment } = boardOf()
    for (let request = 0; request < 50; request += 1) {
      const taken = board.take(deployment, 1, 3_000)
      if (!isRefusal(taken)) taken.ended(answered, { ...noUsage, inputTokens: 1_000 }, 1)
    }
    expect(board.bytesPerToken(deployment.id)).toBeCloseTo(3)
  })

  test('the last attempt that was about the deployment is its health', () => {
    const { board, deployment, take } = boardOf()
    expect(board.health(deployment.id)).toBeUndefined()
    const ticket = take()
    ticket.head(500, {})
    ticket.ended({ kind: 'failed', error: new GatewayError('upstream_error', 'x') }, null, 1)
    take().ended(aborted, null, 1)
    take().ended({ kind: 'failed', error: new GatewayError('context_length_exceeded', 'x') }, null, 1)
    expect(board.health(deployment.id)).toMatchObject({
      healthy: false,
      error: 'The last attempt ended with upstream_error (status 500).',
    })
    take().ended(answered, null, 1)
    expect(board.health(deployment.id)?.healthy).toBe(true)
  })
})

describe('an account that several deployments share', () => {
  const account = { id: 'account:saia:1', quota: { ...noQuota, requestsPerMinute: 2, requestsPerDay: 3 } }
  const one = deploymentDouble({ id: 'one', account })
  const other = deploymentDouble({ id: 'other', account })
  const stranger = deploymentDouble({ id: 'stranger', account: { ...account, id: 'account:saia:2' } })

  test('is full for all of them, and for no other key', () => {
    const { board, clock } = boardOf()
    const take = (deployment: Deployment): AttemptTicket => {
      const taken = board.take(deployment, 1)
      if (isRefusal(taken)) throw new Error(`refused: ${taken.limit}`)
      return taken
    }
    take(one).ended(answered, null, 1)
    take(other).ended(answered, null, 1)
    const full = { limit: 'requests per minute of the account', until: start + 61_000 }
    expect(board.take(one, 1)).toEqual(full)
    expect(board.condition('other')?.full).toEqual(full)
    take(stranger)
    clock.now += 61_000
    take(one)
    expect(board.take(other, 1)).toEqual({
      limit: 'requests per day of the account',
      until: Date.parse('2026-11-28T00:00:00Z'),
    })
    expect(board.dayUse(account.id)).toMatchObject({ requests: 3 })
    expect(board.limits(other).map(({ limit, left }) => [limit, left])).toEqual([
      ['requests per minute of the account', 1],
      ['requests per day of the account', 0],
    ])
  })

  test('goes on where it was before a restart, and gives back what never got there', () => {
    const kept = { startsAt: Date.parse('2026-11-27T00:00:00Z'), endsAt: Date.parse('2026-11-28T00:00:00Z') }
    const dayUse = new Map([[account.id, { ...kept, requests: 2, tokens: 0 }]])
    const { board } = boardOf({}, { dayUse })
    const first = board.take(one, 1)
    if (isRefusal(first)) throw new Error('refused')
    expect(board.take(other, 1)).toMatchObject({ limit: 'requests per day of the account' })
    first.ended({ kind: 'failed', error: new GatewayError('backend_unavailable', 'x') }, null, 1)
    expect(isRefusal(board.take(other, 1))).toBe(false)
  })

  test('learns from the heads of each', () => {
    const { board } = boardOf()
    const taken = board.take(one, 1)
    if (isRefusal(taken)) throw new Error('refused')
    taken.head(200, { 'x-ratelimit-remaining-minute': '0', 'ratelimit-reset': '20' })
    expect(board.take(other, 1)).toEqual({ limit: 'requests per minute of the account', until: start + 20_000 })
  })
})
