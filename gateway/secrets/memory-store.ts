import type { Secret } from '../model/secret.ts'
import type { SecretStore } from './secret-store.ts'

/** Keeps secrets until the process ends: for tests. */
export function createMemoryStore(initial: Readonly<Record<string, Secret>> = {}): SecretStore {
  const secrets = new Map(Object.entries(initial))
  return {
    name: 'memory',
    get: (account) => Promise.resolve(secrets.get(account)),
    set: (account, value) => {
      secrets.set(account, value)
      return Promise.resolve()
    },
    delete: (account) => Promise.resolve(secrets.delete(account)),
  }
}
