import type { UpstreamHeaders } from '../../upstream/upstream-exchange.ts'
import type { DayRule } from './day-window.ts'
import type { TakeRefusal } from './deployment-board.ts'
import type { LimitView } from './limit-view.ts'
import { type HeaderLimit, readRateLimits } from './rate-limit-headers.ts'

/** The limits that one deployment's answers have told of. Times in ms since the epoch. */
export class LearnedLimits {
  #limits = new Map<string, HeaderLimit>()

  learn(headers: UpstreamHeaders, now: number, day: DayRule): void {
    for (const limit of readRateLimits(headers, now, day)) this.#limits.set(nameOf(limit), limit)
  }

  /**
   * The last limit that opens again among those that are used up, or have less left than `tokens`, the input of the next
   * request. `unanswered` requests are under way whose heads have not come: what the upstream has not told of yet counts
   * as used. An estimate is no proof: it holds a request back for a minute at most, and never one that the whole limit
   * has no room for.
   */
  refusal(now: number, unanswered: number, tokens: number): TakeRefusal | undefined {
    let last: TakeRefusal | undefined
    for (const [name, { unit, limit, remaining, resetsAt }] of this.#limits) {
      // A limit without a time cannot be waited out; its next refusal will tell.
      if (resetsAt === undefined || resetsAt <= now) continue
      const left = unit === 'requests' ? remaining - unanswered : remaining
      const isNear = resetsAt - now <= nearMs && tokens <= (limit ?? remaining)
      const isShort = inputUnits.has(unit) && tokens > remaining && isNear
      if ((left <= 0 || isShort) && (last?.until ?? 0) < resetsAt) last = { limit: name, until: resetsAt }
    }
    return last
  }

  /** Those that still hold. */
  view(now: number): readonly LimitView[] {
    return [...this.#limits]
      .filter(([, { resetsAt }]) => resetsAt === undefined || resetsAt > now)
      .map(([name, { limit: most, remaining: left, resetsAt }]) => ({
        limit: name,
        most,
        used: most === undefined ? undefined : Math.max(0, most - left),
        left,
        resetsAt,
        knownFrom: 'header',
      }))
  }

  shift(ms: number): void {
    for (const [name, limit] of this.#limits) {
      if (limit.resetsAt !== undefined) this.#limits.set(name, { ...limit, resetsAt: limit.resetsAt + ms })
    }
  }
}

const nearMs = 60_000

/** Limits that the input of a request counts against. */
const inputUnits: ReadonlySet<string> = new Set(['tokens', 'input tokens'])

/** `requests per minute`, or only `requests` where the upstream names no window. */
function nameOf({ unit, window }: HeaderLimit): string {
  return window === undefined ? unit : `${unit} per ${window}`
}
