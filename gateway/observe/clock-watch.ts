/** Notices when the machine's clock is set back: times in the ledger then overlap, and people should know why. */
export interface ClockWatch {
  /** One sentence, until the clock is again where it was. */
  notices(): readonly string[]
}

export interface ClockWatchOptions {
  /** ms since the epoch. */
  readonly now: () => number
  /** A clock in ms that never jumps. It may stand still while the machine sleeps, so only steps back tell anything. */
  readonly monotonic: () => number
  readonly onStepBack: (notice: string) => void
}

/** Smaller steps are those of clocks that are kept in time. */
const stepMs = 60_000

/** Looks whenever it is asked. */
export function createClockWatch({ now, monotonic, onStepBack }: ClockWatchOptions): ClockWatch {
  let seen = { now: now(), monotonic: monotonic() }
  let told: { readonly notice: string; readonly until: number } | undefined

  const look = (): void => {
    const next = { now: now(), monotonic: monotonic() }
    const expected = seen.now + next.monotonic - seen.monotonic
    seen = next
    if (next.now < expected - stepMs) {
      told = { notice: sentence(expected, next.now), until: Math.max(expected, told?.until ?? 0) }
      onStepBack(told.notice)
    } else if (told !== undefined && next.now >= told.until) told = undefined
  }

  return {
    notices() {
      look()
      return told === undefined ? [] : [told.notice]
    },
  }
}

function sentence(from: number, to: number): string {
  const minutes = Math.round((from - to) / 60_000)
  return `The clock of this machine was set back by ${minutes} min, from ${text(from)} to ${text(to)}. Requests of that time overlap in lists and reports; budgets keep what was spent, and none starts anew twice.`
}

function text(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}
