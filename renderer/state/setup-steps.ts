import type { Setup, SetupStep } from '../contract.ts'

/** The stops of the first run, in order. */
export const setupSteps = ['found', 'key', 'router', 'request', 'agent'] as const satisfies readonly SetupStep[]

/** The stop that the address names, else the first that is open, else the last. */
export function shownStep(named: string | undefined, setup: Setup): SetupStep {
  const known = setupSteps.find((step) => step === named)
  return known ?? setup.steps.find(({ state }) => state === 'open')?.step ?? 'agent'
}

/** The stop before or after one; undefined at the ends. */
export function neighbour(step: SetupStep, by: -1 | 1): SetupStep | undefined {
  return setupSteps[setupSteps.indexOf(step) + by]
}

/** Whether the first run opens by itself: nobody has been here yet, and nobody has set up a key or a router by other means. */
export function isFirstRun(setup: Setup): boolean {
  const isOpen = (step: SetupStep) => setup.steps.every((one) => one.step !== step || one.state === 'open')
  return isOpen('found') && (setup.fresh || (isOpen('key') && isOpen('router')))
}
