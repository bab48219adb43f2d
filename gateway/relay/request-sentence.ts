import type { AttemptRecord, RequestRecord } from '../ledger/request-record.ts'
import { planSentence } from '../routing/plan-sentence.ts'
import type { Plan } from '../routing/plan-types.ts'

const shownAttempts = 6

/**
 * What became of a request, in one sentence for people: the plan, what each attempt came to, and what the client got
 * where that was no answer. Never text of a prompt or an answer. Pure.
 */
export function requestSentence(
  plan: Plan | undefined,
  { attempts, status, errorCode }: Pick<RequestRecord, 'attempts' | 'status' | 'errorCode'>,
): string {
  const parts = [plan === undefined ? 'nothing was tried' : planSentence(plan)]
  if (attempts.length > 0) parts.push(attempts.slice(0, shownAttempts).map(attemptWords).join(', '))
  if (attempts.length > shownAttempts) parts.push(`${attempts.length - shownAttempts} more attempts`)
  if (errorCode !== null)
    parts.push(status < 400 ? `the stream ended with ${errorCode}` : `the client got ${status} ${errorCode}`)
  return parts.join('; ')
}

function attemptWords({ model, outcome, seam }: AttemptRecord): string {
  const after = seam === undefined ? '' : ' the rest'
  if (outcome === 'answered') return `${model} answered${after}`
  return outcome === 'aborted' ? `${model} was broken off` : `${model} failed (${outcome})`
}
