import { describe, expect, test } from 'vitest'
import type { Role } from '../../../gateway/config/role.ts'
import { listModels, listRoles } from '../../../gateway/routing/list-models.ts'
import { explain } from '../../../gateway/routing/explain.ts'
import { explanationText } from '../../../gateway/routing/explanation-text.ts'
import { roleStates } from '../../../gateway/routing/role-states.ts'
import { outline, plan } from '../../../gateway/routing/plan.ts'
import { makeDeployment, makeFacts, makeSnapshot, refusalOf, type SnapshotParts } from './routing-fixtures.ts'

function role(name: string, model: string, given: Partial<Role> = {}): [string, Role] {
  const kind = name.startsWith('role/') ? 'role' : 'category'
  return [name, { kind, name, model, fallbacks: [], listed: false, line: 1, ...given }]
}

const roles = new Map([
  role('role/sisyphus', 'router'),
  role('role/oracle', 'large', { fallbacks: ['router', 'small'] }),
  role('category/quick', 'small'),
  role('category/deep', 'router', { fallbacks: ['large'] }),
  role('category/local-quick', 'local:tools', { fallbacks: ['small'] }),
  role('category/local-deep', 'local:tools'),
])

const snapshot = (parts: SnapshotParts = {}) => makeSnapshot({ ...parts, config: { roles, ...parts.config } })
const groupsOf = (model: string, parts?: SnapshotParts) =>
  plan(makeFacts({ model }), snapshot(parts)).candidates.map(({ group, chainIndex }) => `${chainIndex} ${group}`)

describe('a role or category', () => {
  test('is routed as what it stands for, and the plan says which one it was', () => {
    const routed = plan(makeFacts({ model: 'role/sisyphus' }), snapshot())
    expect(routed).toMatchObject({ asked: 'role/sisyphus', role: 'role/sisyphus', decision: { router: 'router' } })
    expect(groupsOf('category/quick')).toEqual(['0 small'])
    const told = explain(makeFacts({ model: 'role/sisyphus' }), snapshot())
    expect(told).toMatchObject({ role: 'role/sisyphus', router: 'router' })
    expect(explanationText(told)).toMatch(/^role {4}role\/sisyphus\nrouter {2}router\n/)
    const plain = explain(makeFacts({ model: 'category/quick' }), snapshot())
    expect(explanationText(plain)).toMatch(/^role {4}category\/quick\n\ntries/)
    expect(explain(makeFacts({ model: 'small' }), snapshot()).role).toBeNull()
    expect(plan(makeFacts({ model: 'small' }), snapshot())).not.toHaveProperty('role')
  })

  test('has its own fallbacks in place of its model’s, routers among them; else those of its model', () => {
    const fallbacks = new Map([
      ['large', ['thinker']],
      ['small', ['middle']],
    ])
    expect(groupsOf('role/oracle', { config: { fallbacks } })).toEqual(['0 large', '1 small'])
    expect(groupsOf('category/quick', { config: { fallbacks } })).toEqual(['0 small', '1 middle'])
  })

  test('is answered by its fallbacks while its model is not there, and says what it waits for without any', () => {
    expect(groupsOf('category/local-quick')).toEqual(['1 small'])
    const waits = outline(makeFacts({ model: 'category/local-deep' }), snapshot()).refusal
    expect(waits).toMatchObject({ code: 'backend_unavailable' })
    expect(waits?.message).toContain('local:tools waits for a local server with tools: none that is known has one now')
    const qwen = makeDeployment('ollama/qwen')
    expect(groupsOf('category/local-quick', { config: { selectors: new Map([['local:tools', [qwen]]]) } })).toEqual([
      '0 ollama/qwen',
      '1 small',
    ])
  })

  test('is off with its router, unless it has fallbacks, which then answer with a warning', () => {
    const switches = new Map([['router', { mode: 'off' } as const]])
    const off = refusalOf(() => plan(makeFacts({ model: 'role/sisyphus' }), snapshot({ snapshot: { switches } })))
    expect(off.code).toBe('router_disabled')
    const rest = plan(makeFacts({ model: 'category/deep' }), snapshot({ snapshot: { switches } }))
    expect(rest.candidates.map(({ group }) => group)).toEqual(['large'])
    expect(rest.warnings).toEqual(['Router router is off: the fallbacks of category/deep answer.'])
  })

  test('is found under the name that Claude Code uses', () => {
    expect(groupsOf('claude-signalbox/role/oracle')).toEqual(['0 large', '1 small'])
  })

  test('is covered by the names and patterns of a key, its own and its model’s', () => {
    const may = (allowedModels: string[]) => ({ snapshot: { allowedModels } })
    expect(groupsOf('category/quick', may(['category/quick']))).toEqual(['0 small'])
    expect(groupsOf('category/quick', may(['category/*']))).toEqual(['0 small'])
    expect(groupsOf('category/quick', may(['small']))).toEqual(['0 small'])
    const denied = refusalOf(() => plan(makeFacts({ model: 'role/oracle' }), snapshot(may(['category/*']))))
    expect(denied.code).toBe('key_model_access_denied')
    expect(listRoles(snapshot(may(['category/quick', 'large']))).map(({ name }) => name)).toEqual([
      'role/oracle',
      'category/quick',
    ])
  })

  test('is listed only where the file says so', () => {
    const names = (parts?: SnapshotParts) => listModels(snapshot(parts)).map(({ name }) => name)
    expect(names()).toEqual(['router', 'small', 'middle', 'large', 'thinker'])
    const listed = new Map([...roles].map(([name, one]) => [name, { ...one, listed: true }]))
    expect(names({ config: { roles: listed } }).slice(5)).toEqual([...roles.keys()])
    const switches = new Map([['router', { mode: 'off' } as const]])
    expect(names({ config: { roles: listed }, snapshot: { switches } })).not.toContain('role/sisyphus')
    expect(names({ config: { roles: listed }, snapshot: { switches } })).toContain('category/deep')
  })

  test('has a state: what it leads to now, and whether it answers', () => {
    const switches = new Map([['router', { mode: 'off' } as const]])
    const states = roleStates(snapshot({ snapshot: { switches } })).map(({ role: { name }, leadsTo, on }) => [
      name,
      leadsTo,
      on,
    ])
    expect(states).toEqual([
      ['role/sisyphus', 'router', false],
      ['role/oracle', 'model', true],
      ['category/quick', 'model', true],
      ['category/deep', 'router', true],
      ['category/local-quick', 'waiting', true],
      ['category/local-deep', 'waiting', true],
    ])
  })

  test('tells the limits of what it stands for', () => {
    const small = makeDeployment('small', { contextWindow: 8000 })
    const described = listRoles(snapshot({ deployments: [small, makeDeployment('large')] }))
    expect(described.find(({ name }) => name === 'category/quick')).toMatchObject({
      kind: 'model',
      contextWindow: 8000,
    })
    expect(described.find(({ name }) => name === 'role/sisyphus')).toMatchObject({ kind: 'router' })
  })
})
