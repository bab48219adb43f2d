import type { KeyView } from '../../contract/keys.ts'

type KnownKey = Pick<KeyView, 'id' | 'alias' | 'name' | 'expiresAt' | 'blocked'>

/** The keys of the gateway, as far as exports use them. */
export interface AgentKeys {
  readonly list: () => Promise<readonly KnownKey[]>
  readonly create: (key: { alias: string; agent: string }) => Promise<{ readonly id: string; readonly secret: string }>
  readonly unblock: (id: string) => Promise<unknown>
  readonly delete: (id: string) => Promise<unknown>
}

export interface FoundKey {
  readonly id: string
  readonly secret: string
  /** True when it was made for this export. */
  readonly isNew: boolean
}

/**
 * The key of an agent: the one of its last export while it is good, else a new one named after the agent. A blocked one
 * is let in again: whoever exports wants it to work. One whose secret is lost goes.
 * @param before key id of the last export, and the secret its file holds
 */
export async function agentKey(
  keys: AgentKeys,
  agent: string,
  before: { readonly id: string; readonly secret: string } | undefined,
  now: number,
): Promise<FoundKey> {
  const known = await keys.list()
  const old = before === undefined ? undefined : known.find(({ id }) => id === before.id)
  if (old !== undefined && before !== undefined && isGood(old, before.secret, now)) {
    if (old.blocked) await keys.unblock(old.id)
    return { id: old.id, secret: before.secret, isNew: false }
  }
  if (old !== undefined) await keys.delete(old.id)
  const taken = new Set(known.filter(({ id }) => id !== old?.id).map(({ alias }) => alias))
  const made = await keys.create({ alias: freeAlias(agent, taken), agent })
  return { ...made, isNew: true }
}

function isGood(key: KnownKey, secret: string, now: number): boolean {
  return secret.length > 8 && key.name.endsWith(secret.slice(-4)) && !isExpired(key, now)
}

function isExpired({ expiresAt }: KnownKey, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}

/** Whether the gateway lets the key in. @param now ms since the epoch */
export function isWorking(key: KnownKey, now: number): boolean {
  return !key.blocked && !isExpired(key, now)
}

/** Why an agent with this key gets no answer: a phrase; undefined = it gets one. @param key undefined = the gateway has it not */
export function keyTrouble(key: KnownKey | undefined, now: number): string | undefined {
  if (key === undefined) return "its key was revoked, or is another gateway's"
  if (key.blocked) return 'its key is blocked'
  return isExpired(key, now) ? 'its key has expired' : undefined
}

function freeAlias(agent: string, taken: ReadonlySet<string | null>): string {
  if (!taken.has(agent)) return agent
  for (let number = 2; ; number += 1) {
    const alias = `${agent}-${number}`
    if (!taken.has(alias)) return alias
  }
}
