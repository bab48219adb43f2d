const openers = new Set(['{', '['])
const closers = new Set(['}', ']'])

/** What came of a fragment: text of the object at hand, and text that begins another one. */
export interface ArgumentPiece {
  readonly own: string
  /** Text behind the end of the object, white space left out; empty when there is none. */
  readonly next: string
}

/**
 * Follows the JSON text of one call's arguments through its fragments and tells where the object ends: some upstreams send
 * `{}` before the real one, the whole again at the end, or two calls in one string.
 */
export class ArgumentText {
  #text = ''
  #depth = 0
  #inString = false
  #escaped = false
  /** True once the outermost object is closed. */
  complete = false

  get text(): string {
    return this.#text
  }

  /** Whether the text so far begins an object at all. */
  get isObject(): boolean {
    return this.#text.trimStart().startsWith('{')
  }

  feed(fragment: string): ArgumentPiece {
    if (this.complete) return { own: '', next: fragment.trim() }
    for (let at = 0; at < fragment.length; at += 1) {
      this.#step(fragment[at] ?? '')
      if (this.complete) return this.#take(fragment.slice(0, at + 1), fragment.slice(at + 1).trim())
    }
    return this.#take(fragment, '')
  }

  #take(own: string, next: string): ArgumentPiece {
    this.#text += own
    return { own, next }
  }

  #step(character: string): void {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false
      else if (character === '\\') this.#escaped = true
      else if (character === '"') this.#inString = false
      return
    }
    if (character === '"') this.#inString = true
    else if (openers.has(character)) this.#depth += 1
    else if (closers.has(character)) {
      this.#depth -= 1
      this.complete = this.#depth <= 0
    }
  }
}
