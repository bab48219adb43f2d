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

function isGood({ name, expiresAt }: KnownKey, secret: string, now: number): boolean {
  return secret.length > 8 && name.endsWith(secret.slice(-4)) && (expiresAt === null || expiresAt > now)
}

function freeAlias(agent: string, taken: ReadonlySet<string | null>): string {
  if (!taken.has(agent)) return agent
  for (let number = 2; ; number += 1) {
    const alias = `${agent}-${number}`
    if (!taken.has(alias)) return alias
  }
}
