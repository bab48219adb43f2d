import type { StoredMeter } from '../../store/budget-repository.ts'
import { parseBudgetDuration } from '../../model/budget-duration.ts'
import { belongsToKey, type ChargedRequest, chargeOf, scopesOf } from './budget-scopes.ts'
import { changeDuration, type Meter, newMeter, rollMeter } from './meter.ts'

/** Meters by scope. One table is in use; a second one follows the ledger's rows and is what gets stored. */
export class MeterTable {
  readonly #meters = new Map<string, Meter>()
  readonly #zone: () => string

  /** @param zone the time zone whose calendar resets follow */
  constructor(zone: () => string) {
    this.#zone = zone
  }

  /** The meter of a scope at a moment, made when there is none. Another duration than before starts its time anew, not its sum. */
  at(scope: string, durationText: string | null, now: number): Meter {
    const text = durationText ?? undefined
    const found = this.#meters.get(scope)
    const zone = this.#zone()
    if (found === undefined) {
      const made = newMeter(text, text === undefined ? undefined : parseBudgetDuration(text), now, zone)
      this.#meters.set(scope, made)
      return made
    }
    rollMeter(found, now, zone)
    if (found.durationText !== text) {
      changeDuration(found, text, text === undefined ? undefined : parseBudgetDuration(text), now, zone)
    }
    return found
  }

  /** Makes the meter of a scope, as of a moment, unless there is one. */
  ensure(scope: string, durationText: string | null, from: number): void {
    if (!this.#meters.has(scope)) this.at(scope, durationText, from)
  }

  find(scope: string): Meter | undefined {
    return this.#meters.get(scope)
  }

  /** Adds what a request cost to every meter it counts for, in the window of its end. */
  charge(request: ChargedRequest): void {
    const cost = chargeOf(request)
    if (cost === 0) return
    const endedAt = request.startedAt + request.totalMs
    const zone = this.#zone()
    for (const scope of scopesOf(request)) {
      const meter = this.#meters.get(scope)
      if (meter === undefined) continue
      rollMeter(meter, endedAt, zone)
      meter.spent += cost
    }
  }

  forgetKey(keyId: string): void {
    for (const scope of this.#meters.keys()) if (belongsToKey(scope, keyId)) this.#meters.delete(scope)
  }

  /** Takes over what was stored. */
  restore(stored: readonly StoredMeter[]): void {
    for (const { scope, duration, startedAt, resetsAt, spent } of stored) {
      this.#meters.set(scope, {
        spent,
        reserved: 0,
        startedAt,
        resetsAt: resetsAt ?? undefined,
        duration: duration === null ? undefined : parseBudgetDuration(duration),
        durationText: duration ?? undefined,
      })
    }
  }

  stored(): StoredMeter[] {
    return [...this.#meters].map(([scope, { spent, startedAt, resetsAt, durationText }]) => ({
      scope,
      duration: durationText ?? null,
      startedAt,
      resetsAt: resetsAt ?? null,
      spent,
    }))
  }

  /** Has the meters of another table, with their durations and resets, and no others; sums stay. */
  follow(other: MeterTable): void {
    for (const scope of this.#meters.keys()) if (!other.#meters.has(scope)) this.#meters.delete(scope)
    for (const [scope, { duration, durationText, startedAt, resetsAt }] of other.#meters) {
      const own = this.#meters.get(scope)
      if (own === undefined) this.at(scope, durationText ?? null, startedAt)
      else if (own.durationText !== durationText) Object.assign(own, { duration, durationText, resetsAt })
    }
  }
}
