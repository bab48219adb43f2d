import { AsyncLocalStorage } from 'node:async_hooks'
import type { Identity } from './identity.ts'

const acting = new AsyncLocalStorage<Identity>()

/** Does work for a caller: what it changes, however deep, is his. */
export function actAs<Result>(identity: Identity, work: () => Result): Result {
  return acting.run(identity, work)
}

/** Who the work of the moment is done for, in words without secrets; undefined where nobody asked for it. */
export function actingIdentity(): string | undefined {
  const identity = acting.getStore()
  if (identity === undefined) return undefined
  if (identity.kind === 'master') return 'master key'
  if (identity.kind === 'control') return 'control token'
  return `${identity.kind} key ${identity.alias ?? identity.keyId.slice(0, 12)}`
}
