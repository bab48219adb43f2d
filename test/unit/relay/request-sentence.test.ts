import { expect, test } from 'vitest'
import type { AttemptRecord } from '../../../gateway/ledger/request-record.ts'
import { requestSentence } from '../../../gateway/relay/request-sentence.ts'
import { outline } from '../../../gateway/routing/plan.ts'
import { conditions, makeDeployment, makeFacts, makeSnapshot } from '../routing/routing-fixtures.ts'

const attempt = (model: string, outcome: string, more: Partial<AttemptRecord> = {}): AttemptRecord => ({
  deploymentId: `${model}-id`,
  model,
  status: 200,
  outcome,
  startedMs: 0,
  durationMs: 1,
  ...more,
})
const snapshot = makeSnapshot({
  deployments: [makeDeployment('large'), makeDeployment('small'), makeDeployment('huge')],
  config: { fallbacks: new Map([['large', ['small', 'huge']]]) },
  snapshot: { condition: conditions({ 'large-id': { cooledUntil: 5000, cooledBy: 'rate_limit' } }) },
})
const planned = outline(makeFacts({ model: 'large' }), snapshot)

test('a request is told from the decision to what came of it', () => {
  const attempts = [attempt('small', 'upstream_error'), attempt('huge', 'answered')]
  expect(requestSentence(planned, { attempts, status: 200, errorCode: null })).toBe(
    'large was asked for by name; small on openai (fallback 1) is tried first, then huge; left out: large is rate-limited for 5 s; small failed (upstream_error), huge answered',
  )
})

test('what was broken off, what went on from a break and what the client got instead of an answer are told', () => {
  const resumed = [attempt('small', 'stream_interrupted'), attempt('huge', 'answered', { seam: 12 })]
  expect(requestSentence(planned, { attempts: resumed, status: 200, errorCode: null })).toMatch(
    /; small failed \(stream_interrupted\), huge answered the rest$/,
  )
  const left = requestSentence(planned, { attempts: [attempt('small', 'aborted')], status: 499, errorCode: 'x' })
  expect(left).toMatch(/; small was broken off; the client got 499 x$/)
  const broken = requestSentence(planned, { attempts: [], status: 200, errorCode: 'upstream_error' })
  expect(broken).toMatch(/; the stream ended with upstream_error$/)
  expect(requestSentence(undefined, { attempts: [], status: 400, errorCode: 'model_not_found' })).toBe(
    'nothing was tried; the client got 400 model_not_found',
  )
})
