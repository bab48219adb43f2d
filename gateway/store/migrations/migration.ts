/** One step of the schema. A released step is never edited: a change is a new step. */
export interface Migration {
  /** The `user_version` the database has after it. Steps are numbered 1, 2, 3… without gaps. */
  readonly version: number
  readonly name: string
  readonly sql: string
}
