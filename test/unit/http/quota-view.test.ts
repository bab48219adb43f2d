import { expect, test } from 'vitest'
import { quotaView } from '../../../gateway/http/control/quota-view.ts'
import { deploymentDouble } from '../../doubles/deployment.ts'

const now = 1_000
const idle = { inFlight: 0, requestsThisMinute: 0, tokensThisMinute: 0 }

test.each([
  ['never used', undefined, 'ready', null],
  ['idle', idle, 'ready', null],
  ['full', { ...idle, full: { limit: 'requests per day', until: 5_000 } }, 'full', 5_000],
  ['full until one ends', { ...idle, full: { limit: 'parallel requests' } }, 'full', null],
  ['cooling', { ...idle, cooledUntil: 9_000, cooledBy: 'failures', full: { limit: 'x' } }, 'cooling', 9_000],
  ['cooled before', { ...idle, cooledUntil: 1_000, cooledBy: 'failures' }, 'ready', null],
  ['over its budget', { ...idle, overBudget: { reason: 'its budget is used up' } }, 'over_budget', null],
  ['down above all', { ...idle, down: { reason: 'is down: x' }, cooledUntil: 9_000 }, 'down', null],
] as const)('a deployment that is %s', (_name, condition, state, until) => {
  expect(quotaView(deploymentDouble({}), condition, [], now)).toMatchObject({ state, until })
})
