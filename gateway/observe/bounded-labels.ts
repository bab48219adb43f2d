/** What a label says when it would be one value too many. */
export const overflow = 'other'

/**
 * Keeps the number of time series bounded, whatever names clients and configs bring: values of a label beyond its limit,
 * and sets of labels beyond theirs, are counted as `other`.
 */
export class BoundedLabels<Name extends string> {
  readonly #limits: Readonly<Record<Name, number>>
  readonly #names: readonly Name[]
  readonly #mostSets: number
  readonly #seen: Readonly<Record<Name, Set<string>>>
  readonly #beyond: Readonly<Record<Name, string>>
  readonly #sets = new Map<string, Readonly<Record<Name, string>>>()

  /** `limits`: distinct values per label; `mostSets`: distinct combinations. */
  constructor(limits: Readonly<Record<Name, number>>, mostSets: number) {
    this.#limits = limits
    this.#mostSets = mostSets
    this.#names = Object.keys(limits) as Name[]
    this.#seen = this.#each(() => new Set<string>())
    this.#beyond = this.#each(() => overflow)
  }

  /** The labels as they may be counted: the same object for the same ones, so that there are as many objects as sets. */
  of(labels: Readonly<Record<Name, string>>): Readonly<Record<Name, string>> {
    const known = this.#sets.get(this.#keyOf(labels))
    if (known !== undefined) return known
    const bounded = this.#each((name) => this.#value(name, labels[name]))
    const key = this.#keyOf(bounded)
    const same = this.#sets.get(key)
    if (same !== undefined) return same
    if (this.#sets.size >= this.#mostSets) return this.#beyond
    this.#sets.set(key, bounded)
    return bounded
  }

  #keyOf(labels: Readonly<Record<Name, string>>): string {
    let key = ''
    for (const name of this.#names) key += `${labels[name]}\u0000`
    return key
  }

  #each<Value>(read: (name: Name) => Value): Record<Name, Value> {
    return Object.fromEntries(this.#names.map((name) => [name, read(name)])) as Record<Name, Value>
  }

  #value(name: Name, value: string): string {
    const seen = this.#seen[name]
    if (seen.has(value)) return value
    if (seen.size >= this.#limits[name]) return overflow
    seen.add(value)
    return value
  }
}
