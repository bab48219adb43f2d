import { describe, expect, it } from 'vitest'
import type { Setup, SetupStep, SetupStepState } from '../../../../gateway/contract/setup.ts'
import { isFirstRun, neighbour, setupSteps, shownStep } from '../../../../renderer/state/setup-steps.ts'

const setup = (states: Partial<Record<SetupStep, SetupStepState>>, fresh = true): Setup => ({
  fresh,
  steps: setupSteps.map((step) => ({ step, state: states[step] ?? 'open' })),
  backends: [],
  environment: [],
  stacks: [],
  litellm: null,
  agents: [],
  providers: [],
  proposal: null,
  noProposal: null,
  firstRequest: { model: 'demo-router', command: 'curl' },
})

describe('isFirstRun', () => {
  it.each([
    ['nothing is there', {}, true, true],
    ['only local servers are there', {}, false, true],
    ['a key is there', { key: 'done' }, false, false],
    ['a router is there', { router: 'done' }, false, false],
    ['somebody has been here', { found: 'done' }, true, false],
    ['somebody skipped it', { found: 'skipped' }, true, false],
  ] as const)('where %s', (_words, states, fresh, isFirst) => expect(isFirstRun(setup(states, fresh))).toBe(isFirst))
})

describe('shownStep', () => {
  it('is the one that the address names, else the first that is open, else the last', () => {
    expect(shownStep('router', setup({}))).toBe('router')
    expect(shownStep('elsewhere', setup({ found: 'done', key: 'skipped' }))).toBe('router')
    const all = { found: 'done', key: 'done', router: 'done', request: 'done', agent: 'done' } as const
    expect(shownStep(undefined, setup(all))).toBe('agent')
  })
})

it('knows the stops before and after, and that the line ends', () => {
  expect([neighbour('key', -1), neighbour('key', 1)]).toEqual(['found', 'router'])
  expect([neighbour('found', -1), neighbour('agent', 1)]).toEqual([undefined, undefined])
})
