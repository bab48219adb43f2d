import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../model/errors.ts'

/** A new key: `sk-` and 32 random bytes in base64url. */
export function createKeySecret(): string {
  return `sk-${randomBytes(32).toString('base64url')}`
}

/** SHA-256 of a key in hex: its id in the store, in the ledger and in LiteLLM's `token` fields. */
export function hashKey(key: string): string {
  return hash('sha256', key, 'hex')
}

/**
 * `hashKey` for a key that comes with every request: the latest few are remembered, in this process's memory alone, where
 * every request has its key anyway. The bound is small, since strangers may send what they like.
 */
export function createKeyHasher(): (key: string) => string {
  const known = new Map<string, string>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = hashKey(key)
    if (known.size >= mostHashes) known.clear()
    known.set(key, made)
    return made
  }
}

const mostHashes = 64

/** The last four characters of a key for a message; nothing of one too short to hide the rest. */
export function keyEnding(key: string): string {
  return key.length >= 16 ? `ending in ${key.slice(-4)}` : 'that was sent'
}

/** How a stored key is listed: `sk-...` and its last four characters. */
export function keyName(key: string): string {
  return `sk-...${key.length >= 16 ? key.slice(-4) : ''}`
}

/** Compares two hex digests of the same length without telling by its duration where they differ. */
export function sameHash(first: string, second: string): boolean {
  return first.length === second.length && timingSafeEqual(Buffer.from(first, 'latin1'), Buffer.from(second, 'latin1'))
}

/** A key that somebody chose, when it is strong enough. @throws GatewayError `invalid_field` */
export function requireStrongKey(key: string): string {
  if (/^sk-[\x21-\x7e]{16,400}$/u.test(key)) return key
  const seen = key.startsWith('sk-') ? `has ${key.length - 3} characters after \`sk-\`` : 'does not start with `sk-`'
  throw new GatewayError(
    'invalid_field',
    `key ${seen}; wanted \`sk-\` and 16 to 400 printable characters without spaces. Leave it out to have one made.`,
    { param: 'key' },
  )
}
