import { inspect } from 'node:util'

/**
 * A string that must never be printed. Every way of turning it into text gives a placeholder, so that a careless log
 * line, JSON body or error message cannot leak it; only `reveal()` gives the value, at the place that sends it.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
