import { describe, expect, test } from 'vitest'
import type { TagFiltering } from '../../../gateway/config/delivery-settings.ts'
import type { RequestFacts } from '../../../gateway/model/request-facts.ts'
import { listModels } from '../../../gateway/routing/list-models.ts'
import { plan } from '../../../gateway/routing/plan.ts'
import type { ComparablePrice, Plan } from '../../../gateway/routing/plan-types.ts'
import {
  makeDeployment,
  makeFacts,
  makeRouter,
  makeSnapshot,
  makeTarget,
  refusalOf,
  type SnapshotParts,
} from './routing-fixtures.ts'

const ids = ({ candidates }: Pick<Plan, 'candidates'>) => candidates.map(({ deployment }) => deployment.id).sort()
const groups = (candidates: Plan['candidates']) => candidates.map(({ group, chainIndex }) => [group, chainIndex])
const planFor = (facts: Partial<RequestFacts>, parts: SnapshotParts) =>
  plan(makeFacts({ model: 'main', ...facts }), makeSnapshot({ routers: [], ...parts }))

describe('tags', () => {
  const deployments = [
    makeDeployment('main', { id: 'eu', tags: ['eu', 'fast'] }),
    makeDeployment('main', { id: 'us', tags: ['us'] }),
    makeDeployment('main', { id: 'plain' }),
    makeDeployment('main', { id: 'std', tags: ['default'] }),
  ]
  const withTags = (tags: readonly string[], filtering: Partial<TagFiltering> = {}, from = deployments) =>
    planFor({ tags }, { deployments: from, config: { tagFiltering: { enabled: true, matchAny: true, ...filtering } } })

  test('any common tag is enough, or all of the request', () => {
    expect(ids(withTags(['eu', 'us']))).toEqual(['eu', 'us'])
    expect(ids(withTags(['eu', 'fast'], { matchAny: false }))).toEqual(['eu'])
    expect(ids(withTags(['eu', 'us'], { matchAny: false }))).toEqual(['std'])
  })

  test('what matches none, and what has none, goes to the deployments tagged default', () => {
    expect(ids(withTags(['asia']))).toEqual(['std'])
    expect(ids(withTags([]))).toEqual(['std'])
    expect(ids(withTags([], {}, deployments.slice(0, 3)))).toEqual(['eu', 'plain', 'us'])
  })

  test('no match and no default is a refusal that names the tags', () => {
    const refusal = refusalOf(() => withTags(['asia'], {}, deployments.slice(0, 3)))
    expect(refusal).toMatchObject({ code: 'no_deployment_for_tags', status: 401, param: 'tags', shouldRetry: false })
    expect(refusal.message).toContain('asia')
  })

  test('hold in chains too, and for a deployment asked for by its id', () => {
    const spare = [...deployments, makeDeployment('spare', { id: 's', tags: ['us'] })]
    const config = {
      tagFiltering: { enabled: true, matchAny: true },
      fallbacks: new Map([['main', ['spare']]]),
    }
    expect(ids(planFor({ tags: ['eu'] }, { deployments: spare, config }))).toEqual(['eu'])
    expect(ids(planFor({ tags: ['us'] }, { deployments: spare, config }))).toEqual(['s', 'us'])
    expect(refusalOf(() => planFor({ model: 'us', tags: ['eu'] }, { deployments, config })).code).toBe(
      'no_deployment_for_tags',
    )
  })

  test('label only, unless filtering is on', () => {
    expect(ids(withTags(['asia'], { enabled: false }))).toHaveLength(4)
  })
})

describe('wildcards', () => {
  const deployments = [
    makeDeployment('openai/*', { id: 'o', upstreamModel: '*' }),
    makeDeployment('openai/gpt-*', { id: 'g', upstreamModel: 'team-gpt-*' }),
    makeDeployment('openai/exact', { id: 'e', upstreamModel: 'exact' }),
    makeDeployment('*', { id: 'all', upstreamModel: 'vendor/*' }),
    makeDeployment('fixed-*', { id: 'f', upstreamModel: 'one' }),
    makeDeployment('a-*-b-*', { id: 'two', upstreamModel: 'only-*' }),
  ]
  const upstream = (model: string) => {
    const [first] = planFor({ model }, { deployments }).candidates
    return [first?.deployment.id, first?.deployment.upstreamModel, first?.group]
  }

  test.each([
    ['openai/exact', 'e', 'exact'],
    ['openai/gpt-5', 'g', 'team-gpt-5'],
    ['openai/o3', 'o', 'o3'],
    ['mistral/large', 'all', 'vendor/mistral/large'],
    ['fixed-x', 'f', 'one'],
    ['a-1-b-2', 'two', 'a-1-b-2'],
  ])('%s is answered by %s as %s: exact names first, then the longest pattern', (model, id, upstreamModel) => {
    expect(upstream(model)).toEqual([id, upstreamModel, model])
  })

  test('other wires of the deployment are filled in too', () => {
    const wire = makeDeployment('openai/*', { id: 'o', upstreamModel: '*' })
    const both = [{ ...wire, alternatives: [wire] }]
    const [first] = planFor({ model: 'openai/o3' }, { deployments: both }).candidates
    expect(first?.deployment.alternatives.map(({ upstreamModel }) => upstreamModel)).toEqual(['o3'])
  })

  test('a pattern itself is no model, nor is the id behind it', () => {
    const one = [makeDeployment('openai/*', { id: 'o', upstreamModel: '*' })]
    for (const model of ['openai/*', 'o', 'other/x']) {
      expect(refusalOf(() => planFor({ model }, { deployments: one })).code).toBe('model_not_found')
    }
  })

  test('chains are found under the name, its pattern, or the name without its provider', () => {
    const spare = [...deployments.slice(0, 3), makeDeployment('spare')]
    const chainOf = (entry: string) =>
      groups(
        planFor({ model: 'openai/o3' }, { deployments: spare, config: { fallbacks: new Map([[entry, ['spare']]]) } })
          .candidates,
      )
    for (const entry of ['openai/o3', 'openai/*', 'o3', '*']) expect(chainOf(entry)[1]).toEqual(['spare', 1])
    expect(chainOf('openai/gpt-*')).toHaveLength(1)
  })

  test('a tier and a chain may name what only a pattern covers', () => {
    const routers = [makeRouter({ tiers: { SIMPLE: [makeTarget('openai/o3')] } })]
    const planned = plan(
      makeFacts(),
      makeSnapshot({ deployments, routers, config: { fallbacks: new Map([['router', ['openai/o4']]]) } }),
    )
    expect(groups(planned.candidates)).toEqual([['openai/o3', 0]])
    expect(planned.candidates[0]?.deployment.upstreamModel).toBe('o3')
  })
})

describe('keys', () => {
  const deployments = [
    makeDeployment('openai/a', { accessGroups: ['beta'] }),
    makeDeployment('openai/b'),
    makeDeployment('local/c', { accessGroups: ['beta', 'gpu'] }),
  ]
  const aliases = new Map([['short', { group: 'openai/a', hidden: false }]])
  const allowed = (allowedModels: readonly string[]) => {
    const snapshot = makeSnapshot({ deployments, routers: [], config: { aliases }, snapshot: { allowedModels } })
    const names = ['openai/a', 'openai/b', 'local/c', 'short', 'openai/a-id']
    const usable = names.filter((model) => {
      try {
        plan(makeFacts({ model }), snapshot)
        return true
      } catch {
        return false
      }
    })
    return { usable, listed: listModels(snapshot).map(({ name }) => name) }
  }

  test('may name a pattern of models', () => {
    const names = ['openai/a', 'openai/b', 'short']
    expect(allowed(['openai/*'])).toEqual({ usable: [...names, 'openai/a-id'], listed: names })
    expect(allowed(['*']).usable).toHaveLength(5)
  })

  test('may name an access group in place of its models', () => {
    expect(allowed(['beta'])).toEqual({
      usable: ['openai/a', 'local/c', 'short', 'openai/a-id'],
      listed: ['openai/a', 'local/c', 'short'],
    })
    expect(allowed(['gpu']).usable).toEqual(['local/c'])
  })
})

describe('what a fallback may cost', () => {
  const deployments = ['main', 'cheap', 'same', 'dear', 'unknown'].map((name) => makeDeployment(name))
  const prices: Readonly<Record<string, ComparablePrice>> = {
    main: { input: 1, output: 5 },
    cheap: { input: 0.5, output: 1 },
    same: { input: 2, output: 2 },
    dear: { input: 2, output: 8 },
  }
  const chain = (maxCostRatio: number | undefined, model = 'main') =>
    planFor(
      { model },
      {
        deployments,
        config: { fallbacks: new Map([['*', ['dear', 'unknown', 'cheap', 'same', 'main']]]) },
        delivery: { fallbacks: { maxCostRatio } },
        snapshot: { priceOf: ({ modelName }) => prices[modelName] },
      },
    )

  test('is open unless the file sets max_cost_ratio', () => {
    expect(groups(chain(undefined).candidates).map(([group]) => group)).toEqual([
      'main',
      'dear',
      'unknown',
      'cheap',
      'same',
    ])
  })

  test('is then at most so many times the price of the asked model; an unknown price passes no limit', () => {
    const planned = chain(1)
    expect(groups(planned.candidates)).toEqual([
      ['main', 0],
      ['cheap', 3],
      ['same', 4],
    ])
    expect(planned.skipped.map(({ model, reason }) => `${model} ${reason}`)).toEqual([
      'dear costs more than max_cost_ratio allows',
      'unknown cannot be compared in price: its own is not known',
    ])
    expect(groups(chain(1.75).candidates)[1]).toEqual(['dear', 1])
    expect(groups(chain(1.74).candidates)[1]).toEqual(['cheap', 3])
  })

  test('of a model without a known price there is nothing to measure by', () => {
    expect(groups(chain(1, 'unknown').candidates)).toEqual([['unknown', 0]])
  })
})
