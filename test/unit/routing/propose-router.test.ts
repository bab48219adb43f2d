import { array, assert, boolean, double, option, property, record, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ProposableModel, proposeRouter } from '../../../gateway/routing/propose-router.ts'

const model = (
  name: string,
  outputPrice: number | undefined,
  given: Partial<ProposableModel> = {},
): ProposableModel => ({
  name,
  local: false,
  outputPrice,
  tools: true,
  reasoning: false,
  ...given,
})
const none = new Set<string>()
const tiersOf = (models: readonly ProposableModel[]) =>
  proposeRouter(models, none).proposal?.tiers.map(({ tier, models: chain }) => `${tier} ${chain.join('>')}`)

describe('a proposed router', () => {
  it('puts what runs here lowest and the dearest highest, each with a stand-in', () => {
    const models = [model('opus', 75), model('mini', 2), model('qwen', undefined, { local: true }), model('sonnet', 15)]
    expect(tiersOf(models)).toEqual([
      'SIMPLE qwen>mini',
      'MEDIUM mini>sonnet',
      'COMPLEX sonnet>opus',
      'REASONING opus>sonnet',
    ])
    const { proposal } = proposeRouter(models, none)
    expect(proposal?.reasons).toEqual([
      'SIMPLE: qwen (runs on a server of your own).',
      'MEDIUM: mini ($2 per million output tokens).',
      'COMPLEX: sonnet ($15 per million output tokens).',
      'REASONING: opus ($75 per million output tokens).',
    ])
  })

  it('takes the ends of two, a middle of three, and a model that thinks for the top', () => {
    expect(tiersOf([model('b', 9), model('a', 1)])).toEqual(['SIMPLE a>b', 'COMPLEX b>a'])
    expect(tiersOf([model('a', 1), model('b', 2), model('c', 3)])).toHaveLength(3)
    const thinks = [model('a', 1), model('b', 2), model('c', 3, { reasoning: true }), model('d', 4)]
    expect(tiersOf(thinks)?.at(-1)).toBe('REASONING c>d')
  })

  it('is none without a choice, and says why', () => {
    expect(proposeRouter([], none).none).toContain('no model yet')
    expect(proposeRouter([model('a', 1), model('b', 1, { tools: false })], none).none).toContain('one model, a;')
  })

  it('has a name that is free', () => {
    const taken = new Set(['smart-router', 'smart-router-2'])
    expect(proposeRouter([model('a', 1), model('b', 2)], taken).proposal?.name).toBe('smart-router-3')
  })

  it('names only models that are there, whatever they are', () => {
    const anyModel = record({
      name: string({ minLength: 1 }),
      local: boolean(),
      outputPrice: option(double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
      tools: boolean(),
      reasoning: boolean(),
    })
    assert(
      property(array(anyModel, { maxLength: 12 }), (models) => {
        const { proposal, none: why } = proposeRouter(models, none)
        if (proposal === undefined) expect(why).toMatch(/\.$/u)
        const names = new Set(models.map(({ name }) => name))
        for (const { models: chain } of proposal?.tiers ?? []) {
          expect(chain.length).toBeGreaterThan(0)
          expect(chain.every((name) => names.has(name))).toBe(true)
        }
      }),
    )
  })
})
