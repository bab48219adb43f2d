/** What a label says when it would be one value too many. */
export const overflow = 'other'

/**
 * Keeps the number of time series bounded, whatever names clients and configs bring: values of a label beyond its limit,
 * and sets of labels beyond theirs, are counted as `other`.
 */
export class BoundedLabels<Name extends string> {
  readonly #limits: Readonly<Record<Name, number>>
  readonly #mostSets: number
  readonly #seen: Record<Name, Set<string>>
  readonly #sets = new Set<string>()

  /** `limits`: distinct values per label; `mostSets`: distinct combinations. */
  constructor(limits: Readonly<Record<Name, number>>, mostSets: number) {
    this.#limits = limits
    this.#mostSets = mostSets
    this.#seen = Object.fromEntries(this.#names().map((name) => [name, new Set<string>()])) as Record<Name, Set<string>>
  }

  /** The labels as they may be counted. */
  of(labels: Readonly<Record<Name, string>>): Record<Name, string> {
    const bounded = Object.fromEntries(this.#names().map((name) => [name, this.#value(name, labels[name])])) as Record<
      Name,
      string
    >
    const set = Object.values(bounded).join('\u0000')
    if (this.#sets.has(set)) return bounded
    if (this.#sets.size < this.#mostSets) {
      this.#sets.add(set)
      return bounded
    }
    return Object.fromEntries(this.#names().map((name) => [name, overflow])) as Record<Name, string>
  }

  #names(): Name[] {
    return Object.keys(this.#limits) as Name[]
  }

  #value(name: Name, value: string): string {
    const seen = this.#seen[name]
    if (seen.has(value)) return value
    if (seen.size >= this.#limits[name]) return overflow
    seen.add(value)
    return value
  }
}
