import { describe, expect, test } from 'vitest'
import type { Deployment } from '../../../../gateway/config/gateway-config.ts'
import { GatewayError } from '../../../../gateway/model/errors.ts'
import { Secret } from '../../../../gateway/model/secret.ts'
import type { ModelListAnswer } from '../../../../gateway/providers/model-list.ts'
import { createHealthChecks } from '../../../../gateway/relay/deployments/health-checks.ts'
import { isLocalAddress } from '../../../../gateway/relay/deployments/local-address.ts'
import { deploymentDouble } from '../../../doubles/deployment.ts'
import { createManualClock } from '../../../doubles/manual-clock.ts'

const local = deploymentDouble({ id: 'local', baseUrl: 'http://127.0.0.1:8080/v1' })
const sibling = deploymentDouble({ id: 'sibling', baseUrl: 'http://127.0.0.1:8080/v1', upstreamModel: 'other' })
const cloud = deploymentDouble({ id: 'cloud', baseUrl: 'https://api.example.com/v1' })
const up: ModelListAnswer = { kind: 'answered', status: 200, models: ['gpt-4o'] }
const gone: ModelListAnswer = { kind: 'unreachable', reason: '127.0.0.1:8080 refused the connection' }
const refused = { kind: 'failed', error: new GatewayError('backend_unavailable', 'x') } as const

function checksOf(deployments: readonly Deployment[], scope: 'off' | 'local' | 'all' = 'local') {
  const clock = createManualClock(1_000_000)
  const asked: string[] = []
  const turns: string[] = []
  const reached: (readonly string[] | undefined)[] = []
  const world = { answer: up, deployments }
  const checks = createHealthChecks({
    settings: () => ({ scope, intervalMs: 60_000 }),
    deployments: () => world.deployments,
    readList: async ({ id }) => {
      asked.push(id)
      return world.answer
    },
    now: () => clock.now(),
    after: (ms, action) => clock.after(ms, action),
    onReached: (_deployments, models) => reached.push(models),
    onTurn: (turned, down) =>
      turns.push(`${turned.map(({ id }) => id).join('+')} ${down === undefined ? 'up' : 'down'}`),
  })
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { advance, asked, checks, clock, reached, turns, world }
}

describe('asked for', () => {
  test('one question serves all deployments of an address and key, once in two seconds', async () => {
    const otherKey = deploymentDouble({
      ...local,
      id: 'k',
      prices: {},
      apiKey: { kind: 'value', secret: new Secret('a key') },
    })
    const { advance, asked, checks } = checksOf([local, sibling, otherKey])
    await checks.probe([local, sibling, otherKey])
    await checks.probe([sibling])
    expect(asked).toEqual(['sibling', 'k'])
    await advance(2_000)
    await checks.probe([local])
    expect(asked).toEqual(['sibling', 'k', 'local'])
  })

  test('neither the demo nor a deployment without its key is asked', async () => {
    const keyless = deploymentDouble({ apiKey: { kind: 'missing', names: ['KEY'] } })
    const demo = deploymentDouble({ adapter: 'demo', baseUrl: '' })
    const { asked, checks } = checksOf([keyless, demo])
    await checks.probe([keyless, demo])
    expect(asked).toEqual([])
  })

  test.each<[string, ModelListAnswer, boolean]>([
    ['a list', up, false],
    ['no list at that path', { kind: 'answered', status: 404, models: undefined }, false],
    ['a refused key', { kind: 'answered', status: 401, models: undefined }, false],
    ['a broken server', { kind: 'answered', status: 502, models: undefined }, true],
    ['no connection', gone, true],
  ])('%s', async (_name, answer, isDown) => {
    const { checks, world } = checksOf([local, sibling])
    world.answer = answer
    await checks.probe([local])
    expect(checks.condition('local')?.down !== undefined).toBe(isDown)
    expect(checks.condition('sibling')?.down !== undefined).toBe(isDown)
  })
})

describe('what is down', () => {
  test('is told once, asked again soon and often, and told when it is back', async () => {
    const { advance, asked, checks, turns, world } = checksOf([local])
    world.answer = gone
    checks.note(local, refused)
    expect(checks.condition('local')?.down?.reason).toContain('127.0.0.1:8080')
    for (const wait of [250, 500, 1_000, 2_000, 2_000]) await advance(wait)
    expect(asked).toHaveLength(5)
    expect(checks.condition('local')?.down?.reason).toBe('is down: 127.0.0.1:8080 refused the connection')
    world.answer = up
    await advance(2_000)
    expect(checks.condition('local')).toBeUndefined()
    expect(turns).toEqual(['local down', 'local up'])
    await advance(10_000)
    expect(asked).toHaveLength(6)
  })

  test('is back with the first real answer', async () => {
    const { checks } = checksOf([local])
    checks.note(local, refused)
    checks.note(local, { kind: 'answered' })
    expect(checks.condition('local')).toBeUndefined()
  })

  test('is asked no more when it left the config, or the gateway stops', async () => {
    const { advance, asked, checks, clock, world } = checksOf([local])
    checks.note(local, refused)
    world.deployments = []
    await advance(5_000)
    expect(asked).toEqual([])
    checks.stop()
    expect(clock.pending()).toBe(0)
  })

  test.each([
    ['a provider on the internet', cloud, 'all'],
    ['anything when checks are off', local, 'off'],
  ] as const)('a refused request says nothing of %s', (_name, deployment, scope) => {
    const { checks } = checksOf([deployment], scope)
    checks.note(deployment, refused)
    expect(checks.condition(deployment.id)).toBeUndefined()
  })
})

test('a provider on the internet that did not answer is told of, and not left out: nobody would notice that it is back', async () => {
  const { advance, asked, checks, world } = checksOf([cloud])
  world.answer = gone
  await checks.probe([cloud])
  expect(checks.problem('cloud')).toContain('is down')
  expect(checks.condition('cloud')).toBeUndefined()
  await advance(60_000)
  expect(asked).toHaveLength(1)
})

describe('every so often', () => {
  test.each([
    ['off', []],
    ['local', ['local']],
    ['all', ['local', 'cloud']],
  ] as const)('with the checks %s', async (scope, expected) => {
    const { advance, asked, checks } = checksOf([local, cloud], scope)
    checks.start()
    await advance(59_999)
    expect(asked).toEqual([])
    await advance(1)
    expect(asked).toEqual(expected)
    await advance(60_000)
    expect(asked).toHaveLength(expected.length * 2)
  })
})

test.each([
  ['http://127.0.0.1:11434/v1', true],
  ['http://localhost:1234', true],
  ['http://[::1]:8080', true],
  ['http://framework:4000', true],
  ['http://192.168.1.4/v1', true],
  ['http://172.20.0.1', true],
  ['http://172.32.0.1', false],
  ['http://100.101.102.103:8000', true],
  ['http://gpu.tailnet.ts.net', true],
  ['http://host.docker.internal:8080', true],
  ['https://api.openai.com/v1', false],
  ['https://chat-ai.academiccloud.de/v1', false],
  ['http://[2606:4700::1]', false],
  ['', false],
])('%s is a server of one’s own: %s', (baseUrl, expected) => {
  expect(isLocalAddress(baseUrl)).toBe(expected)
})

describe('an entry with disable_background_health_check', () => {
  const unwatched = deploymentDouble({ ...local, prices: {}, modelInfo: { disable_background_health_check: true } })

  test('is asked only where somebody asks, or another entry of its server is watched', async () => {
    const alone = checksOf([unwatched])
    alone.checks.start()
    await alone.advance(60_000)
    expect(alone.asked).toEqual([])
    alone.world.answer = gone
    await alone.checks.probe([unwatched])
    expect(alone.asked).toEqual(['local'])
    expect(alone.checks.problem('local')).toContain('refused the connection')
    // Nobody would notice that it is back.
    expect(alone.checks.condition('local')).toBeUndefined()
    const beside = checksOf([unwatched, sibling])
    beside.checks.start()
    await beside.advance(60_000)
    expect(beside.asked).toEqual(['sibling'])
    alone.checks.stop()
    beside.checks.stop()
  })
})
