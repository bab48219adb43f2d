import { describe, expect, test } from 'vitest'
import { plan } from '../../../gateway/routing/plan.ts'
import { claudeName, plainName } from '../../../gateway/routing/resolve-model.ts'
import { makeDeployment, makeFacts, makeSnapshot } from './routing-fixtures.ts'

const groupOf = (model: string, snapshot: ReturnType<typeof makeSnapshot>) =>
  plan(makeFacts({ model }), snapshot).candidates[0]?.group

describe("names as Claude Code's picker keeps them", () => {
  test('hold claude; a name that holds claude or anthropic already stays alone', () => {
    expect(claudeName('coding-router')).toBe('claude-signalbox/coding-router')
    expect(claudeName('openai/gpt-5.5')).toBe('claude-signalbox/openai/gpt-5.5')
    expect(claudeName('Claude-Sonnet')).toBeUndefined()
    expect(claudeName('anthropic/opus')).toBeUndefined()
  })

  test('lead to the model, the router, the alias and the demo model behind the prefix', () => {
    const aliases = new Map([['big', { group: 'large', hidden: false }]])
    const snapshot = makeSnapshot({ config: { aliases } })
    expect(groupOf('claude-signalbox/small', snapshot)).toBe('small')
    expect(groupOf('claude-signalbox/big', snapshot)).toBe('large')
    expect(groupOf('claude-signalbox/demo-simple', snapshot)).toBe('demo-simple')
    expect(plan(makeFacts({ model: 'claude-signalbox/router' }), snapshot).decision?.router).toBe('router')
  })

  test('stay what they are when a model really bears the whole name', () => {
    const deployments = [makeDeployment('small'), makeDeployment('claude-signalbox/small')]
    const snapshot = makeSnapshot({ routers: [], deployments })
    expect(plainName('claude-signalbox/small', snapshot)).toBe('claude-signalbox/small')
    expect(groupOf('claude-signalbox/small', snapshot)).toBe('claude-signalbox/small')
    const limited = makeSnapshot({ routers: [], deployments, snapshot: { allowedModels: ['small'] } })
    expect(() => groupOf('claude-signalbox/small', limited)).toThrow('may not use')
  })

  test('give a key what its own names give it and nothing more', () => {
    const aliases = new Map([['big', { group: 'large', hidden: false }]])
    const snapshot = makeSnapshot({ config: { aliases }, snapshot: { allowedModels: ['big', 'small'] } })
    expect(groupOf('claude-signalbox/big', snapshot)).toBe('large')
    expect(groupOf('claude-signalbox/small', snapshot)).toBe('small')
    expect(() => groupOf('claude-signalbox/thinker', snapshot)).toThrow('may not use')
  })

  test('of nothing are nothing', () => {
    expect(() => groupOf('claude-signalbox/none', makeSnapshot())).toThrow('Invalid model name')
    expect(() => groupOf('claude-signalbox/', makeSnapshot())).toThrow('Invalid model name')
  })
})
