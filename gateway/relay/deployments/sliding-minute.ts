const spanSeconds = 60

/**
 * What was used in the last 60 to 61 s, in buckets of one second. A sliding minute never lets more through than a limit
 * counted in the provider's own minutes, wherever those begin. Times are ms since the epoch and must not run back: see `shift`.
 */
export class SlidingMinute {
  readonly #amounts = new Float64Array(spanSeconds + 1)
  #second = 0
  #total = 0

  add(now: number, amount: number): void {
    this.#roll(now)
    this.#change(this.#second, amount)
  }

  /** Corrects what was added at `at` by what turned out; as long as that still counts, it is where it was. */
  correct(at: number, now: number, amount: number): void {
    this.#roll(now)
    const second = Math.floor(at / 1000)
    if (this.#second - second <= spanSeconds) this.#change(Math.min(second, this.#second), amount)
    else if (amount > 0) this.#change(this.#second, amount)
  }

  total(now: number): number {
    this.#roll(now)
    return Math.max(0, this.#total)
  }

  /** When `amount` more fits under the limit: `now`, or ms since the epoch. One that alone exceeds the limit fits once all else is gone. */
  freeAt(now: number, limit: number, amount: number): number {
    this.#roll(now)
    const room = Math.max(0, limit - amount)
    let total = this.#total
    if (total <= room) return now
    const length = this.#amounts.length
    for (let second = this.#second - spanSeconds; second <= this.#second; second += 1) {
      total -= this.#amounts[((second % length) + length) % length] ?? 0
      if (total <= room) return (second + length) * 1000
    }
    return now
  }

  /** Moves all that was counted by `ms`, after the clock was set. */
  shift(ms: number): void {
    const { length } = this.#amounts
    const seconds = Math.round(ms / 1000)
    const before = Float64Array.from(this.#amounts)
    for (let place = 0; place < length; place += 1) {
      this.#amounts[(((place + seconds) % length) + length) % length] = before[place] ?? 0
    }
    this.#second += seconds
  }

  #change(second: number, amount: number): void {
    const place = second % this.#amounts.length
    this.#amounts[place] = (this.#amounts[place] ?? 0) + amount
    this.#total += amount
  }

  #roll(now: number): void {
    const second = Math.floor(now / 1000)
    const { length } = this.#amounts
    if (second - this.#second >= length) {
      this.#amounts.fill(0)
      this.#total = 0
      this.#second = second
    }
    while (this.#second < second) {
      this.#second += 1
      const place = this.#second % length
      this.#total -= this.#amounts[place] ?? 0
      this.#amounts[place] = 0
    }
  }
}
