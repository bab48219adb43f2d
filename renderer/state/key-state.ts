import type { KeyView } from '../contract.ts'

/** Whether a key is taken now. `now` in ms since the epoch. */
export function keyState(key: KeyView, now: number): 'active' | 'blocked' | 'expired' {
  if (key.blocked) return 'blocked'
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active'
}

/** What a key is called: its name, else the end of its secret. */
export function keyName(key: KeyView): string {
  return key.alias ?? key.name
}
