import { GatewayError } from '../model/errors.ts'
import { usdText } from '../model/money-text.ts'
import type { ApplyingBudget } from './budgets/applying-budgets.ts'
import type { Meter } from './budgets/meter.ts'
import type { RateRefusal } from './limits/rate-window.ts'

/** A refusal of admission, with headers that go out with it. */
export interface AdmissionRefusal {
  readonly error: GatewayError
  readonly headers: Readonly<Record<string, string>>
}

/** How long it is worth waiting for a budget, in ms. */
const shortWaitMs = 60_000
/** When to come back where only running requests are in the way, in ms. */
const soonMs = 1000

/**
 * A budget that has no room, in LiteLLM's words first. Where running requests hold the rest, or it starts anew within a
 * minute, waiting helps.
 */
export function budgetRefusal({ owner, budget }: ApplyingBudget, meter: Meter, now: number): AdmissionRefusal {
  const max = usdText(budget.maxNanoUsd)
  const current = usdText(meter.spent)
  const isHeld = meter.spent < budget.maxNanoUsd
  const resetMs = meter.resetsAt === undefined ? undefined : meter.resetsAt - now
  const waitMs = isHeld ? soonMs : resetMs !== undefined && resetMs <= shortWaitMs ? resetMs : undefined
  const why = isHeld
    ? `${owner} has spent ${current} USD, and requests that are running may need the rest of ${max} USD: send it again when they have ended.`
    : `${owner} has spent ${current} of ${max} USD. ${remedy(meter)}`
  const error = new GatewayError(
    'budget_exceeded',
    `Budget has been exceeded! Current cost: ${current}, Max budget: ${max}. ${why}`,
    waitMs === undefined ? {} : { shouldRetry: true, retryAfterMs: waitMs },
  )
  return { error, headers: {} }
}

function remedy({ resetsAt }: Meter): string {
  const raise = 'raise its max_budget'
  return resetsAt === undefined
    ? `It has no reset: ${raise} to go on.`
    : `It starts anew at ${new Date(resetsAt).toISOString()}; ${raise} to go on before.`
}

/** A limit per minute or at a time that is reached; `now` in ms since the epoch. */
export function rateRefusal(refusal: RateRefusal, now: number): AdmissionRefusal {
  const { refused, owner, current, limit } = refusal
  const retryAfterMs = Math.max(1, refusal.waitMs ?? soonMs)
  const what = {
    requests: `${current} requests in this minute, of ${limit} (rpm_limit)`,
    tokens: `${current} tokens in this minute, of ${limit} (tpm_limit)`,
    max_parallel_requests: `${current} requests running, of ${limit} at a time (max_parallel_requests)`,
  }[refused]
  const seconds = Math.ceil(retryAfterMs / 1000)
  const error = new GatewayError(
    'rate_limited',
    `Rate limit exceeded for ${owner}: current ${current}, max ${limit}. It has ${what}. Try again in ${seconds} s.`,
    { retryAfterMs },
  )
  const headers = { rate_limit_type: refused, reset_at: new Date(now + retryAfterMs).toISOString() }
  return { error, headers }
}

/** A budget cannot be kept over a price that nobody knows. */
export function priceRefusal(owner: string, model: string): AdmissionRefusal {
  const error = new GatewayError(
    'price_unknown',
    `${owner} has a budget, and the price of ${model} is not known, so that it could not be kept. Write input_cost_per_token and output_cost_per_token for the model in the config, or allow it: unknown_price: allow under signalbox.budgets, or in the key.`,
    { param: 'model' },
  )
  return { error, headers: {} }
}
