import type { AccountQuota } from '../../config/delivery-settings.ts'
import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import type { DayUse } from './day-count.ts'
import type { TakeRefusal } from './deployment-board.ts'
import { DeploymentLimits, type Limited, type Reservation } from './deployment-limits.ts'
import type { LimitView } from './limit-view.ts'

/** The limits that all deployments of one provider and key share. Every call brings the time, in ms since the epoch. */
export class AccountLimits {
  readonly #limits: DeploymentLimits
  #limited: Limited

  constructor({ quota }: AccountQuota, kept?: DayUse) {
    this.#limits = new DeploymentLimits(kept)
    this.#limited = { quota, maxParallelRequests: undefined }
  }

  /** The configuration may have changed since. */
  renew({ quota }: AccountQuota): void {
    this.#limited = { quota, maxParallelRequests: undefined }
  }

  refusal(tokens: number, now: number): TakeRefusal | undefined {
    const refusal = this.#limits.refusal(this.#limited, tokens, now)
    return refusal === undefined ? undefined : { ...refusal, limit: shared(refusal.limit) }
  }

  reserve(tokens: number, now: number): Reservation {
    return this.#limits.reserve(this.#limited, tokens, now)
  }

  head(reservation: Reservation, headers: UpstreamHeaders, now: number): void {
    this.#limits.head(reservation, headers, this.#limited, now)
  }

  settle(reservation: Reservation, used: number | undefined, reached: boolean, now: number): void {
    this.#limits.settle(reservation, this.#limited, used, reached, now)
  }

  get dayUse(): DayUse | undefined {
    return this.#limits.dayUse
  }

  /** What the config says; what headers tell is shown with the deployment. */
  view(now: number): readonly LimitView[] {
    return this.#limits
      .view(this.#limited, now)
      .filter(({ knownFrom }) => knownFrom === 'config')
      .map((view) => ({ ...view, limit: shared(view.limit) }))
  }

  shift(ms: number): void {
    this.#limits.shift(ms)
  }
}

function shared(limit: string): string {
  return `${limit} of the account`
}
