import type { DeploymentQuota } from '../../config/delivery-settings.ts'
import type { Deployment } from '../../config/gateway-config.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import { DayCount, type DayUse } from './day-count.ts'
import type { DayRule } from './day-window.ts'
import type { TakeRefusal } from './deployment-board.ts'
import { LearnedLimits } from './learned-limits.ts'
import type { LimitView } from './limit-view.ts'
import { SlidingMinute } from './sliding-minute.ts'

/** What has limits: a deployment, or the account that several share. */
export type Limited = Pick<Deployment, 'quota' | 'maxParallelRequests'>

/** What one attempt holds of its deployment's limits. */
export interface Reservation {
  readonly at: number
  readonly tokens: number
  /** True until the upstream has sent a head, or never will. */
  unanswered: boolean
}

/** Kong's days, and those of a deployment without a quota of its own. */
const plainDay: DayRule = { resetsAtMinute: 0, timeZone: 'UTC' }

/**
 * What one deployment has left: its config's limits per minute and day, its slots, and what its answers told. Requests
 * and estimated tokens are reserved when an attempt begins and settled with what it really used.
 */
export class DeploymentLimits {
  readonly #requests = new SlidingMinute()
  readonly #tokens = new SlidingMinute()
  readonly #day: DayCount
  readonly #learned = new LearnedLimits()
  #inFlight = 0
  #unanswered = 0

  constructor(kept?: DayUse) {
    this.#day = new DayCount(kept)
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Why `tokens` more do not fit now; of several reasons the one that lasts longest. Undefined = they fit. */
  refusal(deployment: Limited, tokens: number, now: number): TakeRefusal | undefined {
    const { quota, maxParallelRequests } = deployment
    const slots: TakeRefusal | undefined =
      this.#inFlight >= (maxParallelRequests ?? Infinity) ? { limit: 'parallel requests' } : undefined
    const timed = [
      this.#learned.refusal(now, this.#unanswered, tokens),
      ...(quota === undefined ? [] : [this.#minuteRefusal(quota, tokens, now), this.#dayRefusal(quota, tokens, now)]),
    ]
    return timed.reduce((worst, each) => ((each?.until ?? 0) > (worst?.until ?? 0) ? each : worst), slots)
  }

  reserve({ quota }: Limited, tokens: number, now: number): Reservation {
    this.#requests.add(now, 1)
    this.#tokens.add(now, tokens)
    if (hasDay(quota)) this.#day.add(now, quota, 1, tokens)
    this.#inFlight += 1
    this.#unanswered += 1
    return { at: now, tokens, unanswered: true }
  }

  head(reservation: Reservation, headers: UpstreamHeaders, { quota }: Limited, now: number): void {
    this.#answer(reservation)
    this.#learned.learn(headers, now, quota ?? plainDay)
  }

  /** `used`: tokens that were really used; undefined = not known, the estimate stays. `reached`: the upstream got the request. */
  settle(reservation: Reservation, { quota }: Limited, used: number | undefined, reached: boolean, now: number): void {
    this.#answer(reservation)
    this.#inFlight -= 1
    const tokens = (used ?? reservation.tokens) - reservation.tokens
    const requests = reached ? 0 : -1
    this.#tokens.correct(reservation.at, now, tokens)
    this.#requests.correct(reservation.at, now, requests)
    // What was reserved before the day's end is not taken from the next day.
    if (hasDay(quota) && this.#day.at(now, quota).startsAt <= reservation.at)
      this.#day.add(now, quota, requests, tokens)
  }

  requestsThisMinute(now: number): number {
    return this.#requests.total(now)
  }

  tokensThisMinute(now: number): number {
    return this.#tokens.total(now)
  }

  /** What is to be kept for the next start. */
  get dayUse(): DayUse | undefined {
    return this.#day.use
  }

  /** What is left, limit by limit. */
  view({ quota, maxParallelRequests }: Limited, now: number): readonly LimitView[] {
    const views: LimitView[] = []
    const add = (limit: string, most: number | undefined, used: number, resetsAt: number | undefined): void => {
      if (most !== undefined)
        views.push({ limit, most, used, left: Math.max(0, most - used), resetsAt, knownFrom: 'config' })
    }
    add('parallel requests', maxParallelRequests, this.#inFlight, undefined)
    if (quota !== undefined) {
      const [requests, tokens] = [this.#requests, this.#tokens]
      add('requests per minute', quota.requestsPerMinute, requests.total(now), requests.freeAt(now, 0, 0))
      add('tokens per minute', quota.tokensPerMinute, tokens.total(now), tokens.freeAt(now, 0, 0))
    }
    if (hasDay(quota)) {
      const day = this.#day.at(now, quota)
      add('requests per day', quota.requestsPerDay, day.requests, day.endsAt)
      add('tokens per day', quota.tokensPerDay, day.tokens, day.endsAt)
    }
    return [...views, ...this.#learned.view(now)]
  }

  shift(ms: number): void {
    this.#requests.shift(ms)
    this.#tokens.shift(ms)
    this.#learned.shift(ms)
  }

  #answer(reservation: Reservation): void {
    if (reservation.unanswered) this.#unanswered -= 1
    reservation.unanswered = false
  }

  #minuteRefusal(quota: DeploymentQuota, tokens: number, now: number): TakeRefusal | undefined {
    const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = quota
    const requestsAt = this.#requests.freeAt(now, requestsPerMinute, 1)
    const tokensAt = this.#tokens.freeAt(now, tokensPerMinute, tokens)
    if (requestsAt > now && requestsAt >= tokensAt) return { limit: 'requests per minute', until: requestsAt }
    return tokensAt > now ? { limit: 'tokens per minute', until: tokensAt } : undefined
  }

  #dayRefusal(quota: DeploymentQuota, tokens: number, now: number): TakeRefusal | undefined {
    if (!hasDay(quota)) return undefined
    const day = this.#day.at(now, quota)
    if (day.requests + 1 > (quota.requestsPerDay ?? Infinity)) return { limit: 'requests per day', until: day.endsAt }
    // A request that no day has room for may have one to itself.
    const tokensLeft = (quota.tokensPerDay ?? Infinity) - day.tokens
    const isFull = tokensLeft <= 0 || (tokens > tokensLeft && day.tokens > 0)
    return isFull ? { limit: 'tokens per day', until: day.endsAt } : undefined
  }
}

/** True when a quota counts days: those counts are kept over a restart. */
export function hasDay(quota: DeploymentQuota | undefined): quota is DeploymentQuota {
  return quota?.requestsPerDay !== undefined || quota?.tokensPerDay !== undefined
}
