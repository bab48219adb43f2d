/**
 * Adds up numbers by labels until somebody asks for them. A counter of Prometheus makes a text of its labels at every step,
 * which is dear for each of ten counters of every request; here only who counts is looked up.
 *
 * Labels are told apart by identity: `BoundedLabels` gives the same object for the same ones, and bounds their number.
 */
export class Tally<Labels extends object> {
  #sums = new Map<Labels, number>()

  add(labels: Labels, amount = 1): void {
    this.#sums.set(labels, (this.#sums.get(labels) ?? 0) + amount)
  }

  /** Gives what was added since the last time. */
  drain(take: (labels: Labels, sum: number) => void): void {
    const sums = this.#sums
    this.#sums = new Map()
    for (const [labels, sum] of sums) take(labels, sum)
  }
}
