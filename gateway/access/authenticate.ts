import { GatewayError } from '../model/errors.ts'
import { type AccessClass, controlIdentity, type Identity, masterIdentity, mayUse, wantedKinds } from './identity.ts'
import { keyEnding, sameHash } from './key-secret.ts'
import { keyHeaders } from './presented-keys.ts'
import type { StoredKey } from './stored-key.ts'

/** Everything a credential can be compared with. All by SHA-256 hex. */
export interface KeyDirectory {
  /** SHA-256 of a key in hex. */
  readonly hashOf: (key: string) => string
  /** Undefined while no master key is known. */
  readonly masterHash: () => string | undefined
  readonly controlHash: string
  readonly isSession: (hash: string) => boolean
  readonly findKey: (hash: string) => StoredKey | undefined
}

/**
 * Finds who calls: the first presented key that is known, valid and of any kind.
 * @param presented keys in the order they are tried (`readPresentedKeys`)
 * @param now ms since the epoch
 * @throws GatewayError `missing_key`, `invalid_key`, `expired_key`, `blocked_key`
 */
export function authenticate(presented: readonly string[], directory: KeyDirectory, now: number): Identity {
  const first = presented[0]
  if (first === undefined) throw missingKey()
  let refusal: GatewayError | undefined
  for (const key of presented) {
    const found = identify(key, directory, now)
    if (!(found instanceof GatewayError)) return found
    // A key that is ours but expired or blocked says more than one that is unknown.
    if (refusal === undefined || refusal.code === 'invalid_key') refusal = found
  }
  throw refusal ?? missingKey()
}

/** Refuses a caller whose kind of key the route does not take. @throws GatewayError `not_allowed` */
export function requireAccess(identity: Identity, access: AccessClass): void {
  if (mayUse(identity.kind, access)) return
  const seen = identity.kind === 'control' ? 'the control token' : `a ${identity.kind} key`
  throw new GatewayError('not_allowed', `This route takes ${wantedKinds(access)}; the request came with ${seen}.`)
}

function identify(key: string, directory: KeyDirectory, now: number): Identity | GatewayError {
  const hash = directory.hashOf(key)
  const stored = directory.findKey(hash)
  if (stored !== undefined) return judgeStoredKey(stored, now)
  const masterHash = directory.masterHash()
  if (masterHash !== undefined && sameHash(hash, masterHash)) return masterIdentity
  if (sameHash(hash, directory.controlHash) || directory.isSession(hash)) return controlIdentity
  return new GatewayError(
    'invalid_key',
    `The key ${keyEnding(key)} is not known to this gateway. \`signalbox keys show\` prints the master key, \`signalbox keys create\` makes another. If a coding agent sent it, connect it again: \`signalbox export <agent>\`, or the page Agents.`,
  )
}

function judgeStoredKey(stored: StoredKey, now: number): Identity | GatewayError {
  if (stored.blocked) {
    return new GatewayError(
      'blocked_key',
      `The key ${stored.name} is blocked. Use another key, or have it unblocked.${reconnect(stored)}`,
    )
  }
  if (stored.expiresAt !== null && stored.expiresAt <= now) {
    const moment = new Date(stored.expiresAt).toISOString()
    return new GatewayError(
      'expired_key',
      `The key ${stored.name} expired at ${moment}. Make a new one.${reconnect(stored)}`,
    )
  }
  return stored.identity
}

/** What to do where a coding agent sent its own key. */
function reconnect({ settings }: StoredKey): string {
  const { agent } = settings
  if (agent === null) return ''
  return ` It is the key of ${agent}: \`signalbox export ${agent}\`, or the page Agents, connects it again.`
}

function missingKey(): GatewayError {
  const others = keyHeaders.slice(1).join('`, `')
  return new GatewayError(
    'missing_key',
    `No key was sent. Send it as \`Authorization: Bearer sk-…\`, or in one of \`${others}\`; a key in the URL is not read. \`signalbox keys show\` prints the master key.`,
  )
}
