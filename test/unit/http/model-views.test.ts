import { describe, expect, it } from 'vitest'
import type { Deployment } from '../../../gateway/config/gateway-config.ts'
import type { DeploymentReadings } from '../../../gateway/http/http-dependencies.ts'
import { modelViews, type ModelSources } from '../../../gateway/http/control/model-views.ts'
import { quietSnapshot } from '../../../gateway/routing/quiet-snapshot.ts'
import type { DeploymentCondition } from '../../../gateway/routing/plan-types.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'
import { testConfig } from '../../integration/http/harness.ts'

const now = 1_000_000

function sources(
  given: {
    readonly groups?: ReadonlyMap<string, readonly Deployment[]>
    readonly conditions?: Readonly<Record<string, Partial<DeploymentCondition>>>
    readonly gone?: readonly string[]
    readonly unhealthy?: string
    readonly switches?: ModelSources['snapshot']['switches']
    readonly use?: ModelSources['use']
  } = {},
): ModelSources {
  const readings: DeploymentReadings = {
    condition: (id) => {
      const condition = given.conditions?.[id]
      return condition === undefined
        ? undefined
        : { inFlight: 0, requestsThisMinute: 0, tokensThisMinute: 0, ...condition }
    },
    health: (id) => (id === given.unhealthy ? { healthy: false, error: 'Refuses its key.', lastSeenAt: 1 } : undefined),
    problem: () => undefined,
    limits: () => [],
    isGone: (id) => given.gone?.includes(id) ?? false,
    probe: async () => {},
  }
  const config = testConfig(given.groups === undefined ? {} : { groups: given.groups })
  return {
    snapshot: {
      ...quietSnapshot,
      now,
      config,
      switches: given.switches ?? new Map(),
      demo: 'off',
      allowedModels: undefined,
      random: 0,
    },
    facts: new Map(),
    readings,
    priceOf: () => ({ input: 1, output: 2, cacheRead: null, cacheWrite: null, provenance: 'config' }),
    use: given.use,
  }
}

const view = (name: string, given: Parameters<typeof sources>[0] = {}) => modelViews([name], sources(given))[0]
const idOf = (name: string): string => testConfig().groups.get(name)?.[0]?.id ?? ''

describe('a model in the list', () => {
  it('tells where it is used, what it costs and when it answered last', () => {
    const use = {
      models: new Map([['cheap', { lastUsedAt: 5, p50FirstTokenMs: 320, measured: 3 }]]),
      routers: new Map([['smart', { lastUsedAt: 7, p50FirstTokenMs: null, measured: 0 }]]),
    }
    expect(view('cheap', { use })).toMatchObject({
      kind: 'model',
      usedBy: [{ router: 'smart', tier: 'SIMPLE', place: 0 }],
      price: { input: 1, provenance: 'config' },
      lastUsedAt: 5,
      p50FirstTokenMs: 320,
      lamp: 'off',
      health: 'Not asked since the start.',
    })
    expect(view('smart', { use })).toMatchObject({ kind: 'router', price: null, lastUsedAt: 7 })
  })

  it.each([
    [
      'a missing key before all else',
      { apiKey: { kind: 'missing', names: ['A_KEY'] } },
      {},
      'failed',
      /^A_KEY has no value\. Enter it at Settings, Secrets/,
    ],
    [
      'what is down',
      {},
      { down: { reason: 'is down: connection refused' } },
      'away',
      /^It is down: connection refused\.$/,
    ],
    ['a budget', {}, { overBudget: { reason: 'the budget of openai is used up' } }, 'failed', /^The budget/],
    ['a pause', {}, { cooledUntil: now + 12_000, cooledBy: 'rate_limit' }, 'away', /asked to wait: left out for 12 s/],
    ['a pause that is over', {}, { cooledUntil: now - 1 }, 'off', /^Not asked/],
    [
      'a full window',
      {},
      { full: { limit: 'requests per minute', until: now + 3000 } },
      'away',
      /No room left in .* for 3 s/,
    ],
  ] as const)('tells of %s', (_name, fields, condition, lamp, health) => {
    const deployment: Deployment = { ...deploymentDouble({ id: 'd', modelName: 'cheap' }), ...fields }
    const shown = view('cheap', { groups: new Map([['cheap', [deployment]]]), conditions: { d: condition } })
    expect(shown?.lamp).toBe(lamp)
    expect(shown?.health).toMatch(health)
  })

  it('is as good as the best of its deployments, and says how many can be asked', () => {
    const two = [
      deploymentDouble({ id: 'a', modelName: 'cheap' }),
      deploymentDouble({ id: 'b', modelName: 'cheap', provider: 'groq' }),
    ]
    const shown = view('cheap', { groups: new Map([['cheap', two]]), gone: ['a'] })
    expect(shown).toMatchObject({ lamp: 'off', provider: null })
    expect(shown?.health).toMatch(/^1 of 2 deployments can be asked\. Its provider no longer has/)
  })

  it('is not there when nothing stands for the name', () => {
    expect(modelViews(['nothing'], sources())).toEqual([])
  })
})

describe('a router in the list', () => {
  it('is off when its switch is, and away with the first tier that has nothing', () => {
    expect(view('smart')?.lamp).toBe('up')
    expect(view('smart', { switches: new Map([['smart', { mode: 'off' }]]) })?.lamp).toBe('off')
    const shown = view('smart', { unhealthy: idOf('vendor/strong') })
    expect(shown).toMatchObject({ lamp: 'away', health: 'COMPLEX has no model now. Refuses its key.' })
  })
})
