import type { Deployment } from '../../config/gateway-config.ts'
import type { DeploymentCondition } from '../../routing/plan-types.ts'
import type { AttemptTicket, TakeRefusal } from './deployment-board.ts'
import { LatencyTracker } from './latency.ts'
import { SlidingMinute } from './sliding-minute.ts'

/** All that is known of one deployment. */
export class DeploymentEntry {
  readonly #requests = new SlidingMinute()
  readonly #tokens = new SlidingMinute()
  readonly #latency = new LatencyTracker()
  #inFlight = 0
  #full: TakeRefusal | undefined

  /** Why no slot is free now; undefined = one is. */
  refusal(deployment: Deployment, estimatedTokens: number, now: number): TakeRefusal | undefined {
    this.#full = this.#fullLimit(deployment, estimatedTokens, now)
    return this.#full
  }

  take(estimatedTokens: number, clock: () => number): AttemptTicket {
    this.#requests.add(clock(), 1)
    this.#tokens.add(clock(), estimatedTokens)
    this.#inFlight += 1
    let over = false
    return {
      head: () => {},
      firstToken: (ms) => this.#latency.firstToken(ms),
      ended: (outcome, usage, durationMs) => {
        if (over) return
        over = true
        this.#inFlight -= 1
        if (usage !== null) this.#tokens.add(clock(), usage.inputTokens + usage.outputTokens - estimatedTokens)
        if (outcome.kind === 'answered') this.#latency.answer(durationMs, usage?.outputTokens ?? 0)
      },
    }
  }

  condition(now: number): DeploymentCondition {
    const { firstTokenMs, msPerToken, slow } = this.#latency.read()
    const full = this.#full
    return {
      ...(full?.until === undefined || full.until <= now ? {} : { full: { limit: full.limit, until: full.until } }),
      slow,
      inFlight: this.#inFlight,
      requestsThisMinute: this.#requests.total(now),
      tokensThisMinute: this.#tokens.total(now),
      ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
      ...(msPerToken === undefined ? {} : { msPerToken }),
    }
  }

  #fullLimit({ rpm, tpm }: Deployment, estimatedTokens: number, now: number): TakeRefusal | undefined {
    if (rpm !== undefined) {
      const until = this.#requests.freeAt(now, rpm, 1)
      if (until > now) return { limit: 'requests per minute', until }
    }
    if (tpm !== undefined) {
      const until = this.#tokens.freeAt(now, tpm, estimatedTokens)
      if (until > now) return { limit: 'tokens per minute', until }
    }
    return undefined
  }
}
