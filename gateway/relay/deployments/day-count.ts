import { type DayRule, dayAt } from './day-window.ts'

/** What was used of one day, as it is kept in the database. Times in ms since the epoch. */
export interface DayUse {
  readonly startsAt: number
  readonly endsAt: number
  readonly requests: number
  readonly tokens: number
}

/** A day that began this much later than now was begun by a clock that was wrong. */
const trustMs = 24 * 60 * 60 * 1000

/**
 * Counts one deployment's use of its provider's day. The count goes forward only: a clock that is set back into the day
 * before does not make the day's quota new.
 */
export class DayCount {
  #use: DayUse | undefined
  #rule: DayRule | undefined

  constructor(kept?: DayUse) {
    this.#use = kept
  }

  at(now: number, rule: DayRule): DayUse {
    const use = this.#use
    const sameRule =
      this.#rule === undefined ||
      (this.#rule.timeZone === rule.timeZone && this.#rule.resetsAtMinute === rule.resetsAtMinute)
    if (use !== undefined && sameRule && now < use.endsAt && now >= use.startsAt - trustMs) {
      this.#rule = rule
      return use
    }
    const day = dayAt(now, rule)
    // Another reset time or zone in the config moves the day's end; what was used since its start is still used.
    const goesOn = use !== undefined && !sameRule && now < use.endsAt && use.startsAt < day.endsAt
    const next = { ...day, requests: goesOn ? use.requests : 0, tokens: goesOn ? use.tokens : 0 }
    this.#use = next
    this.#rule = rule
    return next
  }

  add(now: number, rule: DayRule, requests: number, tokens: number): void {
    const use = this.at(now, rule)
    this.#use = { ...use, requests: Math.max(0, use.requests + requests), tokens: Math.max(0, use.tokens + tokens) }
  }

  /** What is to be kept; undefined = never used. */
  get use(): DayUse | undefined {
    return this.#use
  }
}
