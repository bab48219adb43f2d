import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CooldownSettings, DeploymentCooldown } from '../../../../gateway/config/delivery-settings.ts'
import { type ErrorCode, GatewayError } from '../../../../gateway/model/errors.ts'
import { Cooldown } from '../../../../gateway/relay/deployments/cooldown.ts'

const general: CooldownSettings = { allowedFails: 3, cooldownMs: 60_000, disabled: false, allowedFailsPolicy: {} }
const noOwn: DeploymentCooldown = { allowedFails: undefined, cooldownMs: undefined, allowedFailsPolicy: undefined }

function cooldownWith(changes: Partial<CooldownSettings> = {}, own: Partial<DeploymentCooldown> = {}) {
  const cooldown = new Cooldown()
  const policy = { general: { ...general, ...changes }, own: { ...noOwn, ...own } }
  return {
    cooldown,
    state: (now: number) => cooldown.state(now),
    fail: (now: number, code: ErrorCode = 'upstream_error', retryAfterMs?: number) => {
      const error = new GatewayError(code, 'x', retryAfterMs === undefined ? {} : { retryAfterMs })
      const attempt = cooldown.begin(now)
      cooldown.failed(attempt, error, policy, now)
      return attempt
    },
    answer: (now: number) => cooldown.answered(cooldown.begin(now)),
  }
}

describe('failures', () => {
  test('three within the window take a deployment out for the cooldown time', () => {
    const { fail, state } = cooldownWith()
    fail(1_000)
    fail(2_000)
    expect(state(2_000)).toBeUndefined()
    fail(3_000)
    expect(state(3_000)).toEqual({ until: 63_000, by: 'failures' })
    expect(state(63_000)).toBeUndefined()
  })

  test('three spread wider than the window do not', () => {
    const { fail, state } = cooldownWith({ cooldownMs: 5_000 })
    fail(0)
    fail(31_000)
    fail(62_000)
    expect(state(62_000)).toBeUndefined()
    fail(63_000)
    expect(state(63_000)).toEqual({ until: 68_000, by: 'failures' })
  })

  test('answers between them do not make them undone', () => {
    const { fail, answer, state } = cooldownWith()
    for (const at of [1, 2]) {
      fail(at)
      answer(at)
    }
    fail(3)
    expect(state(3)?.by).toBe('failures')
  })

  test('allowed_fails: 0 means the first one', () => {
    const { fail, state } = cooldownWith({ allowedFails: 0 })
    fail(1)
    expect(state(1)?.until).toBe(60_001)
  })

  test.each(['upstream_timeout', 'backend_unavailable', 'upstream_stream_cut', 'upstream_invalid_answer'] as const)(
    '%s is a failure',
    (code) => {
      const { fail, state } = cooldownWith({ allowedFails: 1 })
      fail(1, code)
      expect(state(1)?.by).toBe('failures')
    },
  )

  test.each(['provider_key_refused', 'provider_payment_required'] as const)('%s needs no second one', (code) => {
    const { fail, state } = cooldownWith({ allowedFails: 100 })
    fail(1, code)
    expect(state(1)?.by).toBe('failures')
  })

  test.each([
    'client_closed_request',
    'context_length_exceeded',
    'content_policy_violation',
    'upstream_bad_request',
    'upstream_unprocessable',
    'conflict',
    'internal_error',
    'shutting_down',
  ] as const)('%s is none', (code) => {
    const { fail, state } = cooldownWith({ allowedFails: 1 })
    for (let at = 0; at < 10; at += 1) fail(at, code)
    expect(state(10)).toBeUndefined()
  })

  test('a policy gives a kind its own count', () => {
    const { fail, state } = cooldownWith({ allowedFailsPolicy: { timeout: 2, bad_request: 2 } })
    fail(1, 'upstream_timeout')
    fail(2, 'upstream_error')
    fail(3, 'upstream_error')
    expect(state(3)).toBeUndefined()
    fail(4, 'upstream_timeout')
    expect(state(4)?.by).toBe('failures')
  })

  test('a policy may count what is the fault of the request', () => {
    const { fail, state } = cooldownWith({ allowedFailsPolicy: { bad_request: 2 } })
    fail(1, 'upstream_bad_request')
    expect(state(1)).toBeUndefined()
    fail(2, 'upstream_bad_request')
    expect(state(2)?.by).toBe('failures')
  })

  test("the deployment's own numbers win", () => {
    const { fail, state } = cooldownWith({}, { allowedFails: 1, cooldownMs: 7_000 })
    fail(1)
    expect(state(1)?.until).toBe(7_001)
  })

  test.each([
    ['disable_cooldowns', { disabled: true }, {}],
    ['cooldown_time: 0 of the deployment', {}, { cooldownMs: 0 }],
  ])('%s keeps it in', (_name, changes, own) => {
    const { fail, state } = cooldownWith(changes, own)
    for (let at = 0; at < 10; at += 1) fail(at)
    fail(10, 'rate_limited', 60_000)
    expect(state(10)).toBeUndefined()
  })
})

describe('after the pause', () => {
  test('one request at a time tries it; its failure begins the next pause', () => {
    const { cooldown, fail, state } = cooldownWith({ allowedFails: 1 })
    fail(0)
    expect(state(60_000)).toBeUndefined()
    const trial = cooldown.begin(60_000)
    expect(trial.isTrial).toBe(true)
    expect(state(60_001)).toEqual({ until: 120_000, by: 'failures' })
    cooldown.failed(trial, new GatewayError('upstream_error', 'x'), { general, own: noOwn }, 61_000)
    expect(state(61_000)).toEqual({ until: 121_000, by: 'failures' })
  })

  test('a trial that answers ends the cooldown and forgets the failures', () => {
    const { fail, answer, state } = cooldownWith()
    for (const at of [0, 1, 2]) fail(at)
    answer(60_002)
    expect(state(60_003)).toBeUndefined()
    fail(60_004)
    fail(60_005)
    expect(state(60_006)).toBeUndefined()
  })

  test('a trial that nobody waited for leaves the place to the next one', () => {
    const { cooldown, fail, state } = cooldownWith({ allowedFails: 1 })
    fail(0)
    cooldown.aborted(cooldown.begin(60_000))
    expect(state(60_001)).toBeUndefined()
    expect(cooldown.begin(60_001).isTrial).toBe(true)
  })

  test('an answer of a request from before the pause proves nothing', () => {
    const { cooldown, fail, state } = cooldownWith({ allowedFails: 1 })
    const early = cooldown.begin(0)
    fail(10)
    cooldown.answered(early)
    expect(state(11)?.by).toBe('failures')
  })

  test('a probe that reaches it ends a pause for refused connections only', () => {
    const refused = cooldownWith({ allowedFails: 1 })
    refused.fail(0, 'backend_unavailable')
    refused.cooldown.reachable()
    expect(refused.state(1)).toBeUndefined()
    const broken = cooldownWith({ allowedFails: 1 })
    broken.fail(0, 'upstream_error')
    broken.cooldown.reachable()
    expect(broken.state(1)?.by).toBe('failures')
  })
})

describe('rate limits', () => {
  test('take it out at once until the time the provider names', () => {
    const { fail, state } = cooldownWith()
    fail(0, 'rate_limited', 20_000)
    expect(state(0)).toEqual({ until: 20_000, by: 'rate_limit' })
    expect(state(20_000)).toBeUndefined()
  })

  test('without a time for the cooldown time', () => {
    const { fail, state } = cooldownWith({ cooldownMs: 5_000 })
    fail(0, 'rate_limited')
    expect(state(0)).toEqual({ until: 5_000, by: 'rate_limit' })
  })

  test('end by themselves: afterwards everybody may', () => {
    const { cooldown, fail } = cooldownWith()
    fail(0, 'rate_limited', 20_000)
    expect([cooldown.begin(20_000), cooldown.begin(20_000)].map(({ isTrial }) => isTrial)).toEqual([false, false])
  })

  test('a pause of the deployment itself is the least', () => {
    const { fail, state } = cooldownWith({}, { cooldownMs: 30_000 })
    fail(0, 'rate_limited', 1_000)
    expect(state(0)?.until).toBe(30_000)
  })

  test('a policy decides about those without a time', () => {
    const { fail, state } = cooldownWith({ allowedFailsPolicy: { rate_limit: 2 } })
    fail(0, 'rate_limited')
    expect(state(0)).toBeUndefined()
    fail(1, 'rate_limited')
    expect(state(1)?.by).toBe('rate_limit')
  })

  test('a later end stays when another failure comes in', () => {
    const { cooldown, fail, state } = cooldownWith({ allowedFails: 1 })
    const early = cooldown.begin(0)
    fail(0, 'rate_limited', 3_600_000)
    cooldown.failed(early, new GatewayError('upstream_error', 'x'), { general, own: noOwn }, 1)
    expect(state(2)).toEqual({ until: 3_600_000, by: 'rate_limit' })
  })
})

test('whatever comes in, a deployment is never out for longer than its pause and one more for the trial', () => {
  const step = fc.record({
    after: fc.integer({ min: 0, max: 30_000 }),
    what: fc.constantFrom('begin', 'fail', 'answer', 'abort'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cooldown = new Cooldown()
      const running: ReturnType<Cooldown['begin']>[] = []
      let now = 0
      for (const { after, what } of steps) {
        now += after
        const attempt = running.pop() ?? cooldown.begin(now)
        if (what === 'begin') running.push(attempt, cooldown.begin(now))
        else if (what === 'answer') cooldown.answered(attempt)
        else if (what === 'abort') cooldown.aborted(attempt)
        else cooldown.failed(attempt, new GatewayError('upstream_error', 'x'), { general, own: noOwn }, now)
        expect(cooldown.state(now)?.until ?? 0).toBeLessThanOrEqual(now + 60_000)
        expect(cooldown.state(now + 120_000)).toBeUndefined()
      }
    }),
  )
})
