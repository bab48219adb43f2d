import { describe, expect, test } from 'vitest'
import { listModels } from '../../../gateway/routing/list-models.ts'
import { nearestNames } from '../../../gateway/routing/nearest-names.ts'
import { plan } from '../../../gateway/routing/plan.ts'
import { makeDeployment, makeFacts, makeSnapshot } from './routing-fixtures.ts'

const namesOf = (parts: Parameters<typeof makeSnapshot>[0]) => listModels(makeSnapshot(parts)).map(({ name }) => name)

describe('listModels', () => {
  test('lists routers and models in the order of the file', () => {
    expect(namesOf({})).toEqual(['router', 'small', 'middle', 'large', 'thinker'])
    expect(namesOf({ config: { modelNames: ['large', 'router', 'small'] } })).toEqual(['large', 'router', 'small'])
  })

  test('leaves out a router that is off, and aliases that lead to it', () => {
    const aliases = new Map([['auto', { group: 'router', hidden: false }]])
    const switches = new Map([['router', { mode: 'off' } as const]])
    expect(namesOf({ config: { aliases }, snapshot: { switches } })).toEqual(['small', 'middle', 'large', 'thinker'])
    const pinned = new Map([['router', { mode: 'pinned', tier: 'SIMPLE' } as const]])
    expect(namesOf({ config: { aliases }, snapshot: { switches: pinned } })).toEqual([
      'router',
      'small',
      'middle',
      'large',
      'thinker',
      'auto',
    ])
  })

  test('lists an alias unless it is hidden', () => {
    const aliases = new Map([
      ['big', { group: 'large', hidden: false }],
      ['secret', { group: 'large', hidden: true }],
    ])
    const names = namesOf({ config: { aliases } })
    expect(names).toContain('big')
    expect(names).not.toContain('secret')
  })

  test('lists demo models only while they are to be listed, and not over a name of the file', () => {
    const demoNames = ['demo-router', 'demo-simple', 'demo-medium', 'demo-complex', 'demo-reasoning']
    const none = { deployments: [], routers: [] }
    expect(namesOf({ ...none, snapshot: { demo: 'listed' } })).toEqual(demoNames)
    expect(namesOf({ ...none, snapshot: { demo: 'callable' } })).toEqual([])
    expect(namesOf({ ...none, snapshot: { demo: 'off' } })).toEqual([])
    const own = listModels(
      makeSnapshot({ routers: [], deployments: [makeDeployment('demo-simple')], snapshot: { demo: 'listed' } }),
    )
    expect(own.filter(({ name }) => name === 'demo-simple')).toMatchObject([{ kind: 'model' }])
    const switches = new Map([['demo-router', { mode: 'off' } as const]])
    expect(namesOf({ ...none, snapshot: { demo: 'listed', switches } })).toEqual(demoNames.slice(1))
  })

  test('shows a key its own names only', () => {
    expect(namesOf({ snapshot: { allowedModels: ['small', 'router', 'elsewhere'] } })).toEqual(['router', 'small'])
    expect(namesOf({ snapshot: { allowedModels: [] } })).toEqual([])
  })

  test('tells the limits that any request may rely on', () => {
    const deployments = [
      makeDeployment('small', { id: 'a', contextWindow: 8000, maxOutputTokens: 500, provider: 'groq' }),
      makeDeployment('small', { id: 'b', contextWindow: 4000 }),
      makeDeployment('large', { contextWindow: 200_000 }),
      makeDeployment('unknown'),
    ]
    const listed = listModels(makeSnapshot({ deployments }))
    expect(listed).toEqual([
      { name: 'router', kind: 'router', provider: undefined, contextWindow: 4000, maxOutputTokens: 500 },
      { name: 'small', kind: 'model', provider: 'groq', contextWindow: 4000, maxOutputTokens: 500 },
      { name: 'large', kind: 'model', provider: 'openai', contextWindow: 200_000, maxOutputTokens: undefined },
      { name: 'unknown', kind: 'model', provider: 'openai', contextWindow: undefined, maxOutputTokens: undefined },
    ])
  })

  test('lists nothing that could not be asked for', () => {
    const snapshot = makeSnapshot({ snapshot: { demo: 'listed' } })
    for (const { name } of listModels(snapshot)) expect(plan(makeFacts({ model: name }), snapshot).asked).toBe(name)
  })
})

describe('nearestNames', () => {
  const names = ['gpt-5.5', 'gpt-5.4', 'claude-sonnet-4-6', 'mistral-router']

  test.each([
    ['gpt-5.6', ['gpt-5.5', 'gpt-5.4']],
    ['GPT5.5', ['gpt-5.5', 'gpt-5.4']],
    ['sonnet', ['claude-sonnet-4-6']],
    ['openai/gpt-5.5', ['gpt-5.5']],
    ['misral-router', ['mistral-router']],
    ['llama', []],
  ])('%s', (wanted, expected) => {
    expect(nearestNames(wanted, names)).toEqual(expected)
  })

  test('reads no more than the beginning of an endless name', () => {
    expect(nearestNames('x'.repeat(5_000_000), names)).toEqual([])
  })
})
