/**
 * What our reader understands in a schema besides JSON Schema's own words. They are options of a typebox schema:
 * `Type.String({ secret: true })`.
 */
export interface Annotations {
  /** The value is never shown in a problem. */
  readonly secret?: boolean
  /** A number kept as the exact decimal text of the file, for money. The schema is `Type.String`. */
  readonly decimal?: boolean
  /** Known and without effect here: the value is not read; one warning gives this reason. */
  readonly unused?: string
  /** Like `unused`, but only a note. */
  readonly handledElsewhere?: string
  /** Known, without effect, and of no interest to the user: nothing is said. */
  readonly quiet?: boolean
  /** The key is read from the tree itself (credentials): the reader checks its type and does not look its references up. */
  readonly unresolved?: boolean
  /** Keys that the schema does not list: `warn` (default), leave them `unread` without a word, or take them as `request` fields. */
  readonly unknownKeys?: 'warn' | 'unread' | 'request'
}

export const notInThisVersion = 'not in effect in this version'
