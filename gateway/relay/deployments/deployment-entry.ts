import type { CooldownSettings } from '../../config/delivery-settings.ts'
import type { Deployment } from '../../config/gateway-config.ts'
import type { ErrorCode } from '../../model/errors.ts'
import type { Usage } from '../../model/usage.ts'
import type { DeploymentCondition } from '../../routing/plan-types.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import type { AccountLimits } from './account-limits.ts'
import { Cooldown, type CooldownAttempt } from './cooldown.ts'
import type { DayUse } from './day-count.ts'
import type { AttemptOutcome, TakeRefusal } from './deployment-board.ts'
import { DeploymentLimits, type Reservation } from './deployment-limits.ts'
import { faultOf } from './fault.ts'
import { LatencyTracker } from './latency.ts'
import type { LimitView } from './limit-view.ts'
import { TokenRatio } from './token-ratio.ts'

/** The last word of a deployment's own traffic. */
export interface PassiveHealth {
  readonly healthy: boolean
  /** One sentence, without secrets, when it is not. */
  readonly error: string | undefined
  readonly code: ErrorCode | undefined
  /** ms since the epoch. */
  readonly lastSeenAt: number
}

/** One attempt between its begin and its end. */
export interface RunningAttempt {
  readonly cooldown: CooldownAttempt
  readonly reservation: Reservation
  /** The same with the account that the deployment shares. */
  readonly shared: { readonly account: AccountLimits; readonly reservation: Reservation } | undefined
  readonly requestBytes: number | undefined
  status: number | null
}

/** All that is known of one deployment. Pure state: every call brings the time, in ms since the epoch. */
export class DeploymentEntry {
  readonly #limits: DeploymentLimits
  readonly #cooldown = new Cooldown()
  readonly #latency = new LatencyTracker()
  readonly #ratio = new TokenRatio()
  #deployment: Deployment
  #account: AccountLimits | undefined
  #health: PassiveHealth | undefined

  constructor(deployment: Deployment, kept?: DayUse, account?: AccountLimits) {
    this.#deployment = deployment
    this.#account = account
    this.#limits = new DeploymentLimits(kept)
  }

  /** The configuration may have changed since. */
  renew(deployment: Deployment, account: AccountLimits | undefined): void {
    if (keyOf(deployment) !== keyOf(this.#deployment)) this.#cooldown.keyRenewed()
    this.#deployment = deployment
    this.#account = account
  }

  /** Of its own limits and those of its account, whichever lasts longer. */
  refusal(tokens: number, now: number): TakeRefusal | undefined {
    const own = this.#limits.refusal(this.#deployment, tokens, now)
    const shared = this.#account?.refusal(tokens, now)
    return (shared?.until ?? 0) > (own?.until ?? 0) ? shared : (own ?? shared)
  }

  begin(tokens: number, requestBytes: number | undefined, now: number): RunningAttempt {
    const account = this.#account
    return {
      cooldown: this.#cooldown.begin(now),
      reservation: this.#limits.reserve(this.#deployment, tokens, now),
      shared: account === undefined ? undefined : { account, reservation: account.reserve(tokens, now) },
      requestBytes,
      status: null,
    }
  }

  head(attempt: RunningAttempt, status: number, headers: UpstreamHeaders, now: number): void {
    attempt.status = status
    this.#limits.head(attempt.reservation, headers, this.#deployment, now)
    attempt.shared?.account.head(attempt.shared.reservation, headers, now)
  }

  firstToken(ms: number): void {
    this.#latency.firstToken(ms)
  }

  end(
    attempt: RunningAttempt,
    outcome: AttemptOutcome,
    usage: Usage | null,
    durationMs: number,
    general: CooldownSettings,
    now: number,
  ): void {
    const used = usage === null ? undefined : usage.inputTokens + usage.outputTokens
    const nothingRan = outcome.kind === 'failed' && usage === null
    const reached = outcome.kind !== 'failed' || outcome.error.code !== 'backend_unavailable'
    const tokens = nothingRan ? 0 : used
    this.#limits.settle(attempt.reservation, this.#deployment, tokens, reached, now)
    attempt.shared?.account.settle(attempt.shared.reservation, tokens, reached, now)
    if (usage !== null && attempt.requestBytes !== undefined) this.#ratio.note(attempt.requestBytes, usage.inputTokens)
    if (outcome.kind === 'answered') {
      this.#latency.answer(durationMs, usage?.outputTokens ?? 0)
      this.#cooldown.answered(attempt.cooldown)
    } else if (outcome.kind === 'aborted') this.#cooldown.aborted(attempt.cooldown)
    else {
      this.#cooldown.failed(attempt.cooldown, outcome.error, { own: this.#deployment.cooldown, general }, now)
      if (outcome.error.code === 'upstream_timeout') this.#latency.silent(durationMs)
    }
    this.#health = healthAfter(outcome, attempt.status, now) ?? this.#health
  }

  /** A probe reached it: that it could not be reached before is forgotten, failures of any other kind are not. */
  reachable(now: number): void {
    this.#cooldown.reachable()
    if (this.#health?.code === 'backend_unavailable')
      this.#health = { healthy: true, error: undefined, code: undefined, lastSeenAt: now }
  }

  condition(now: number): DeploymentCondition {
    const { firstTokenMs, msPerToken, slow } = this.#latency.read()
    const cooled = this.#cooldown.state(now)
    const full = this.refusal(1, now)
    return {
      ...(cooled === undefined ? {} : { cooledUntil: cooled.until, cooledBy: cooled.by }),
      ...(full === undefined ? {} : { full }),
      ...(slow ? { slow } : {}),
      inFlight: this.#limits.inFlight,
      requestsThisMinute: this.#limits.requestsThisMinute(now),
      tokensThisMinute: this.#limits.tokensThisMinute(now),
      ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
      ...(msPerToken === undefined ? {} : { msPerToken }),
    }
  }

  /** ms since the epoch. */
  cooledUntil(now: number): number | undefined {
    return this.#cooldown.state(now)?.until
  }

  get bytesPerToken(): number | undefined {
    return this.#ratio.bytesPerToken
  }

  get health(): PassiveHealth | undefined {
    return this.#health
  }

  get dayUse(): DayUse | undefined {
    return this.#limits.dayUse
  }

  limits(now: number): readonly LimitView[] {
    return [...this.#limits.view(this.#deployment, now), ...(this.#account?.view(now) ?? [])]
  }

  /** Moves what was measured by a clock that was set since; days go by the calendar and stay. */
  shift(ms: number): void {
    this.#limits.shift(ms)
    this.#cooldown.shift(ms)
  }
}

/** Undefined = the end says nothing about the deployment. */
function healthAfter(outcome: AttemptOutcome, status: number | null, now: number): PassiveHealth | undefined {
  if (outcome.kind === 'answered') return { healthy: true, error: undefined, code: undefined, lastSeenAt: now }
  if (outcome.kind === 'aborted') return undefined
  const fault = faultOf(outcome.error)
  if (fault === undefined || fault.weight === 'request') return undefined
  const answered = status === null ? 'no answer' : `status ${status}`
  return {
    healthy: false,
    error: `The last attempt ended with ${outcome.error.code} (${answered}).`,
    code: outcome.error.code,
    lastSeenAt: now,
  }
}

function keyOf({ apiKey }: Deployment): string | undefined {
  return apiKey.kind === 'value' ? apiKey.secret.reveal() : undefined
}
