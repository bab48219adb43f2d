import { createHash } from 'node:crypto'

/** What a wire allows as the id of a tool call. */
export interface ToolIdRule {
  readonly pattern: RegExp
  /** Length of a made id; made ids use `[A-Za-z0-9]` only, which every wire allows. */
  readonly length: number
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * Maps an id of one side to one that the other side accepts: unchanged where it fits, else a hash of it. The same id gives
 * the same result in every turn, which keeps prompt caches stable and needs no memory. `taken` holds what is in use in
 * this request; a collision takes the next variant.
 */
export function mapToolId(id: string, rule: ToolIdRule, taken: ReadonlySet<string> = new Set()): string {
  if (rule.pattern.test(id) && !taken.has(id)) return id
  for (let variant = 0; ; variant += 1) {
    const digest = createHash('sha256').update(`${variant}:${id}`).digest()
    const made = Array.from(digest.subarray(0, rule.length), (byte) => letters[byte % letters.length]).join('')
    if (!taken.has(made)) return made
  }
}

/** Ids that every client takes. */
export const clientToolId: ToolIdRule = { pattern: /^[A-Za-z0-9_-]{1,40}$/, length: 24 }
