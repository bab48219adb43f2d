/** What an agent's role or a kind of task stands for (`signalbox.roles`, `signalbox.categories`). */
export interface Role {
  readonly kind: 'role' | 'category'
  /** As it is called: `role/oracle`, `category/quick`. */
  readonly name: string
  /** A model, a router, an alias, or what stands for a local model (`local:tools`), which need not be there now. */
  readonly model: string
  /** Models and routers in place of the model's own chain; empty = its own chain. */
  readonly fallbacks: readonly string[]
  /** Named in `/v1/models`. */
  readonly listed: boolean
  /** Line of the entry in the file, 1-based. */
  readonly line: number
}
