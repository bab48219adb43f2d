/** What one request loses on its way, each told once. */
export class Warnings {
  readonly #told = new Set<string>()

  add(text: string): void {
    this.#told.add(text)
  }

  get list(): readonly string[] {
    return [...this.#told]
  }
}
