import { type BudgetDuration, nextReset } from '../../model/budget-duration.ts'

/** What was spent under one budget since it last started anew. Money in nano-USD, times in ms since the epoch. */
export interface Meter {
  spent: number
  /** Held for requests that run; memory only, so that a killed process leaves nothing held. */
  reserved: number
  startedAt: number
  /** Undefined = it never starts anew. */
  resetsAt: number | undefined
  duration: BudgetDuration | undefined
  /** The duration as it was written, to notice that it changed. */
  durationText: string | undefined
}

export function newMeter(
  durationText: string | undefined,
  duration: BudgetDuration | undefined,
  at: number,
  zone: string,
): Meter {
  const resetsAt = duration === undefined ? undefined : nextReset(duration, at, zone)
  return { spent: 0, reserved: 0, startedAt: at, resetsAt, duration, durationText }
}

/** Beyond this a clock that is behind the meter's start was wrong when the meter started, and its reset would never come. */
const plausibleLagMs = 25 * 3_600_000

/**
 * Starts a meter anew when its moment has come. A clock that jumps back changes nothing: what was spent stays, and the
 * reset that was reached is not reached twice.
 */
export function rollMeter(meter: Meter, now: number, zone: string): void {
  const { duration, resetsAt } = meter
  if (duration === undefined || resetsAt === undefined) return
  if (now < meter.startedAt - plausibleLagMs) {
    meter.startedAt = now
    meter.resetsAt = nextReset(duration, now, zone)
    return
  }
  if (now < resetsAt) return
  meter.spent = 0
  meter.startedAt = resetsAt
  meter.resetsAt = resetAfter(duration, resetsAt, now, zone)
}

/** Another duration: the time to the reset is counted anew, what was spent stays. */
export function changeDuration(
  meter: Meter,
  durationText: string | undefined,
  duration: BudgetDuration | undefined,
  now: number,
  zone: string,
): void {
  meter.duration = duration
  meter.durationText = durationText
  meter.resetsAt = duration === undefined ? undefined : nextReset(duration, now, zone)
}

/** Days and weeks count on from the last reset while that is near; after a long pause they begin again today. */
function resetAfter(duration: BudgetDuration, last: number, now: number, zone: string): number {
  if (duration.unit !== 'd' && duration.unit !== 'w') return nextReset(duration, now, zone)
  let next = nextReset(duration, last, zone)
  for (let turn = 0; next <= now; turn += 1) {
    if (turn === 100) return nextReset(duration, now, zone)
    next = nextReset(duration, next, zone)
  }
  return next
}
