import { expect, test } from 'vitest'
import { explain } from '../../../gateway/routing/explain.ts'
import { explanationText } from '../../../gateway/routing/explanation-text.ts'
import { conditions, makeDeployment, makeFacts, makeRouter, makeSnapshot, seedPrompts } from './routing-fixtures.ts'

const deployments = [
  makeDeployment('large', { id: 'one' }),
  makeDeployment('large', { id: 'two' }),
  makeDeployment('large', { id: 'three' }),
  makeDeployment('small'),
  makeDeployment('huge'),
]
const config = {
  fallbacks: new Map([['large', ['small']]]),
  contextWindowFallbacks: new Map([['large', ['huge']]]),
  contentPolicyFallbacks: new Map([['large', ['small', 'huge']]]),
}
const of = {
  one: { cooledUntil: 5000, cooledBy: 'failures' as const },
  small: {},
}

test('a decision is told in one sentence: who chose, what is tried, what was left out and why', () => {
  const snapshot = makeSnapshot({
    deployments,
    routers: [makeRouter()],
    config,
    snapshot: { condition: conditions(of) },
  })
  expect(explain(makeFacts({ userText: seedPrompts.complex }), snapshot).summary).toBe(
    'router chose COMPLEX (technical 0.25); large on openai is tried first, then 1 more deployment by simple-shuffle, then small; left out: large is cooled for 5 s after failures',
  )
  expect(explain(makeFacts({ model: 'small' }), snapshot).summary).toBe(
    'small was asked for by name; small on openai is tried first',
  )
})

test('a decision that leads nowhere is told too', () => {
  const down = { down: { reason: 'is down: connection refused' } }
  const condition = conditions({ 'small-id': down })
  const snapshot = makeSnapshot({ deployments, routers: [], snapshot: { condition } })
  expect(explain(makeFacts({ model: 'small' }), snapshot).summary).toBe(
    'small was asked for by name; nothing can be tried; left out: small is down: connection refused',
  )
})

test('the terminal shows how equals are ordered and where the other chains lead', () => {
  const snapshot = makeSnapshot({
    deployments,
    routers: [],
    config,
    snapshot: { condition: conditions(of), random: 0 },
  })
  expect(explanationText(explain(makeFacts({ model: 'large' }), snapshot))).toBe(`model   large (no router)

tries  upstream      place       deployment
large  openai/large  chosen      two
large  openai/large  chosen      three
small  openai/small  fallback 1  small-id

order    simple-shuffle
too long huge
refused  small, huge

skipped  large: is cooled for 5 s after failures`)
})
