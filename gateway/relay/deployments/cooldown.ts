import type { CooldownSettings, DeploymentCooldown, FailureKind } from '../../config/delivery-settings.ts'
import type { ErrorCode, GatewayError } from '../../model/errors.ts'
import { faultOf, faultRule } from './fault.ts'

export interface CooldownPolicy {
  readonly own: DeploymentCooldown
  readonly general: CooldownSettings
}

export interface CooldownState {
  /** ms since the epoch. */
  readonly until: number
  readonly by: 'failures' | 'rate_limit'
}

/** One attempt as its cooldown sees it. */
export interface CooldownAttempt {
  readonly startedAt: number
  /** The one request that finds out whether the deployment is well again. */
  readonly isTrial: boolean
}

/** Failures are counted over the pause itself, but at least over a minute: `allowed_fails` is a number per minute. */
const shortestWindowMs = 60_000
/** An announced wait longer than the longest month is no wait but a mistake. */
const longestPauseMs = 32 * 24 * 60 * 60 * 1000

interface Pause extends CooldownState {
  readonly openedAt: number
  readonly lengthMs: number
  readonly cause: ErrorCode
}

/**
 * Whether failures keep one deployment out. So many within the window take it out for the pause; after the pause one
 * request at a time tries it (half-open): its success ends the cooldown, its failure begins the next pause. A rate limit
 * takes it out at once until the time that the provider names, and ends by itself. Which deployment stays in play
 * although it is out (the last of a group without a fallback) is the plan's decision. All times are ms since the epoch.
 */
export class Cooldown {
  readonly #failures = new Map<FailureKind | 'general', number[]>()
  #pause: Pause | undefined
  #trialSince: number | undefined

  /** Undefined = not out; also when it is half-open and free for its trial. */
  state(now: number): CooldownState | undefined {
    const pause = this.#pause
    if (pause === undefined) return undefined
    if (now < pause.until) return { until: pause.until, by: pause.by }
    // A trial that takes longer than another pause does not keep the next one waiting.
    const trialUntil = this.#trialSince === undefined ? now : this.#trialSince + pause.lengthMs
    return now < trialUntil ? { until: trialUntil, by: pause.by } : undefined
  }

  begin(now: number): CooldownAttempt {
    const pause = this.#pause
    if (pause === undefined || now < pause.until) return { startedAt: now, isTrial: false }
    if (pause.by === 'rate_limit') {
      this.#pause = undefined
      return { startedAt: now, isTrial: false }
    }
    this.#trialSince = now
    return { startedAt: now, isTrial: true }
  }

  /** The deployment answered, be it with a refusal of this one request. What was under way before the pause proves nothing. */
  answered(attempt: CooldownAttempt): void {
    if (this.#pause !== undefined && attempt.startedAt < this.#pause.openedAt) return
    if (this.#pause?.by === 'failures') this.#failures.clear()
    this.#pause = undefined
    this.#trialSince = undefined
  }

  /** Nobody's fault: the next one may try. */
  aborted(attempt: CooldownAttempt): void {
    if (attempt.isTrial) this.#trialSince = undefined
  }

  /** A probe reached the deployment: a pause because nobody could is over. */
  reachable(): void {
    this.#endPauseFor('backend_unavailable')
  }

  /** It has another key: a pause because the one before was refused is over. */
  keyRenewed(): void {
    this.#endPauseFor('provider_key_refused')
  }

  #endPauseFor(cause: ErrorCode): void {
    if (this.#pause?.cause !== cause) return
    this.#failures.clear()
    this.#pause = undefined
    this.#trialSince = undefined
  }

  failed(attempt: CooldownAttempt, error: GatewayError, policy: CooldownPolicy, now: number): void {
    const fault = faultOf(error)
    if (fault === undefined) {
      this.aborted(attempt)
      return
    }
    const pauseMs = policy.own.cooldownMs ?? policy.general.cooldownMs
    const { threshold, counter } = faultRule(fault, policy.own, policy.general)
    const windowMs = Math.max(shortestWindowMs, pauseMs)
    const isEnough = threshold !== undefined && this.#count(counter, threshold, now, windowMs) >= threshold
    if (fault.weight === 'request' && !isEnough) {
      this.answered(attempt)
      return
    }
    if (attempt.isTrial) this.#trialSince = undefined
    if (policy.general.disabled || pauseMs === 0) return
    const announced = fault.kind === 'rate_limit' ? announcedMs(error, policy) : undefined
    if (!isEnough && !attempt.isTrial && announced === undefined) return
    this.#open(fault.kind === 'rate_limit' ? 'rate_limit' : 'failures', announced ?? pauseMs, error.code, now)
  }

  /** Moves all times by `ms`, after the clock was set. */
  shift(ms: number): void {
    for (const [counter, times] of this.#failures)
      this.#failures.set(
        counter,
        times.map((time) => time + ms),
      )
    if (this.#trialSince !== undefined) this.#trialSince += ms
    if (this.#pause !== undefined)
      this.#pause = { ...this.#pause, openedAt: this.#pause.openedAt + ms, until: this.#pause.until + ms }
  }

  #count(counter: FailureKind | 'general', threshold: number, now: number, windowMs: number): number {
    const times = this.#failures.get(counter)?.filter((time) => time > now - windowMs) ?? []
    times.push(now)
    // More than the threshold need not be remembered.
    this.#failures.set(counter, times.slice(-threshold))
    return times.length
  }

  /** A pause that ends later stays. */
  #open(by: CooldownState['by'], lengthMs: number, cause: ErrorCode, now: number): void {
    const until = now + Math.min(lengthMs, longestPauseMs)
    if (this.#pause !== undefined && this.#pause.until >= until) return
    this.#pause = { by, until, openedAt: now, lengthMs, cause }
  }
}

/** The time that the provider names for a rate limit; a pause that the deployment itself has is the least. */
function announcedMs(error: GatewayError, { own }: CooldownPolicy): number | undefined {
  return error.retryAfterMs === undefined ? undefined : Math.max(error.retryAfterMs, own.cooldownMs ?? 0)
}
