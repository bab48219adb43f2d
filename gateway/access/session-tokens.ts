import { randomBytes } from 'node:crypto'
import { hashKey } from './key-secret.ts'

/** A one-time code lives ten minutes, an idle session thirty days; both end with the gateway. */
const codeLifetimeMs = 10 * 60_000
const idleLifetimeMs = 30 * 24 * 3_600_000
const mostCodes = 100
const mostSessions = 1000

/** Sessions of the interface: a one-time code from a link is exchanged for a token that counts as the control token. */
export interface SessionTokens {
  /** A fresh one-time code for the fragment of a UI link. */
  issueCode(): string
  /** The session token for a code, once; undefined for a code that is used up, too old or unknown. */
  exchange(code: string): string | undefined
  /** True for the SHA-256 hex of a live session token, whose idle time starts anew. */
  isSession(hash: string): boolean
}

/** @param dependencies `now`: ms since the epoch */
export function createSessionTokens({ now }: { readonly now: () => number }): SessionTokens {
  // Both by hash, oldest first: a Map lookup then says nothing about the secret, and the oldest is the first to go.
  const codes = new Map<string, number>()
  const sessions = new Map<string, number>()

  return {
    issueCode() {
      const code = randomBytes(24).toString('base64url')
      codes.set(hashKey(code), now() + codeLifetimeMs)
      dropOldest(codes, mostCodes)
      return code
    },
    exchange(code) {
      const hash = hashKey(code)
      const expiresAt = codes.get(hash)
      codes.delete(hash)
      if (expiresAt === undefined || expiresAt <= now()) return undefined
      const token = `ui-${randomBytes(32).toString('base64url')}`
      sessions.set(hashKey(token), now() + idleLifetimeMs)
      dropOldest(sessions, mostSessions)
      return token
    },
    isSession(hash) {
      const expiresAt = sessions.get(hash)
      if (expiresAt === undefined) return false
      sessions.delete(hash)
      if (expiresAt <= now()) return false
      sessions.set(hash, now() + idleLifetimeMs)
      return true
    },
  }
}

function dropOldest(entries: Map<string, number>, most: number): void {
  for (const hash of entries.keys()) {
    if (entries.size <= most) return
    entries.delete(hash)
  }
}
