/** Losses of one translation, each told once. */
export class WarningList {
  readonly #texts = new Set<string>()

  add(text: string): void {
    this.#texts.add(text)
  }

  all(): readonly string[] {
    return [...this.#texts]
  }
}
