import { describe, expect, test } from 'vitest'
import type { DeploymentQuota } from '../../../../gateway/config/delivery-settings.ts'
import { isRefusal } from '../../../../gateway/relay/deployments/deployment-board.ts'
import { sessionKeyOf } from '../../../../gateway/relay/deployments/fair-queue.ts'
import { openDeployments } from '../../../../gateway/relay/deployments/open-deployments.ts'
import type { Candidate } from '../../../../gateway/routing/plan-types.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'
import { createManualClock } from '../../../doubles/manual-clock.ts'
import { quietDelivery } from '../../../doubles/quiet-config.ts'

const thirtyPerMinute: DeploymentQuota = {
  requestsPerMinute: 30,
  tokensPerMinute: undefined,
  requestsPerDay: undefined,
  tokensPerDay: undefined,
  resetsAtMinute: 0,
  timeZone: 'UTC',
}

function queueOf(changes: Parameters<typeof deploymentDouble>[0] = {}, queueMs = 600_000) {
  const clock = createManualClock(1_800_000_000_000)
  const deployment = deploymentDouble(changes)
  const candidate: Candidate = { deployment, group: 'group', chainIndex: 0, defaults: {} }
  let down = false
  const deployments = openDeployments({
    now: () => clock.now(),
    after: (ms, action) => clock.after(ms, action),
    config: () => quietDelivery,
    queueMs: () => queueMs,
    sources: [() => (down ? { down: { reason: 'is down' } } : undefined)],
  })
  const served: string[] = []
  const take = () => {
    const taken = deployments.board.take(deployment, 1)
    if (isRefusal(taken)) throw new Error(`refused: ${taken.limit}`)
    return taken
  }
  const wait = async (sessionKey: string, signal = new AbortController().signal) => {
    const waiting = [{ candidate, rateLimited: true }]
    const turn = await deployments.queue.wait({ waiting, sessionKey, estimatedTokens: 1 }, signal)
    served.push(turn === undefined ? `${sessionKey} gave up` : sessionKey)
    return turn
  }
  return { clock, deployment, ...deployments, take, wait, served, setDown: (value: boolean) => (down = value) }
}

/** Lets what was resolved be heard of. */
const heard = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the queue', () => {
  test('gives a slot that is given back to who waits, with its ticket', async () => {
    const { take, wait } = queueOf({ maxParallelRequests: 1 })
    const running = take()
    const turn = wait('a')
    running.ended({ kind: 'answered' }, null, 1)
    expect((await turn)?.candidate.group).toBe('group')
  })

  test('who comes later without waiting stands behind those who wait', async () => {
    const { board, condition, deployment, take, wait } = queueOf({ maxParallelRequests: 1 })
    const running = take()
    const first = wait('a')
    void wait('b')
    running.ended({ kind: 'answered' }, null, 1)
    await first
    expect(board.take(deployment, 1)).toEqual({ limit: 'its queue' })
    expect(condition(deployment.id)?.full).toBeDefined()
  })

  test('wakes when the minute has room again', async () => {
    const { clock, served, take, wait } = queueOf({ quota: thirtyPerMinute })
    for (let request = 0; request < 30; request += 1) take().ended({ kind: 'answered' }, null, 1)
    void wait('a')
    clock.advance(59_000)
    await heard()
    expect(served).toEqual([])
    clock.advance(2_000)
    await heard()
    expect(served).toEqual(['a'])
  })

  test('thirty agents that ask all the time do not keep the one in the foreground waiting', async () => {
    const { clock, queue, served, take, wait } = queueOf({ quota: thirtyPerMinute })
    for (let agent = 0; agent < 30; agent += 1) {
      take().ended({ kind: 'answered' }, null, 1)
      queue.served(`background ${agent}`)
    }
    for (let agent = 0; agent < 30; agent += 1) void wait(`background ${agent}`)
    void wait('foreground')
    clock.advance(61_000)
    await heard()
    expect(served).toHaveLength(30)
    expect(served[0]).toBe('foreground')
  })

  test('one session with thirty requests leaves every second turn to another', async () => {
    const { served, take, wait } = queueOf({ maxParallelRequests: 1 })
    let running = take()
    const turns = Array.from({ length: 30 }, () => wait('background'))
    turns.push(wait('foreground'))
    for (let turn = 0; turn < 2; turn += 1) {
      running.ended({ kind: 'answered' }, null, 1)
      await heard()
      const ticket = (await turns[turn === 0 ? 0 : 30])?.ticket
      if (ticket !== undefined) running = ticket
    }
    expect(served).toEqual(['background', 'foreground'])
  })

  test('sends away after queue_ms, and leaves nothing behind', async () => {
    const { clock, board, deployment, served, take, wait } = queueOf({ maxParallelRequests: 1 }, 5_000)
    const running = take()
    void wait('a')
    clock.advance(4_999)
    await heard()
    expect(served).toEqual([])
    clock.advance(1)
    await heard()
    expect(served).toEqual(['a gave up'])
    running.ended({ kind: 'answered' }, null, 1)
    expect(isRefusal(board.take(deployment, 1))).toBe(false)
    clock.advance(10_000)
    expect(clock.pending()).toBe(0)
  })

  test('lets go of who left', async () => {
    const { served, take, wait } = queueOf({ maxParallelRequests: 1 })
    const running = take()
    const leaving = new AbortController()
    void wait('a', leaving.signal)
    void wait('b')
    leaving.abort()
    await heard()
    running.ended({ kind: 'answered' }, null, 1)
    await heard()
    expect(served).toEqual(['a gave up', 'b'])
  })

  test('does not let anybody wait when it is off, and not more than a thousand', async () => {
    const off = queueOf({ maxParallelRequests: 1 }, 0)
    off.take()
    expect(await off.wait('a')).toBeUndefined()
    const full = queueOf({ maxParallelRequests: 1 })
    full.take()
    for (let request = 0; request < 1_000; request += 1) void full.wait(`s${request}`)
    expect(await full.wait('late')).toBeUndefined()
  })

  test('gives nothing of a deployment that is down, until it is back', async () => {
    const { clock, served, setDown, take, wait } = queueOf({ maxParallelRequests: 1 })
    const running = take()
    void wait('a')
    setDown(true)
    running.ended({ kind: 'answered' }, null, 1)
    await heard()
    expect(served).toEqual([])
    setDown(false)
    clock.advance(1_000)
    await heard()
    expect(served).toEqual(['a'])
  })

  test('sends everybody away when the gateway stops', async () => {
    const { clock, queue, served, take, wait } = queueOf({ maxParallelRequests: 1 })
    take()
    void wait('a')
    queue.close()
    await heard()
    expect(served).toEqual(['a gave up'])
    expect(clock.pending()).toBe(0)
  })
})

test('a session takes turns as itself, a client without one by its key', () => {
  expect(sessionKeyOf({ sessionId: 'x', keyId: 'k' })).not.toBe(sessionKeyOf({ sessionId: null, keyId: 'x' }))
})
