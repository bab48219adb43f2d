import { Secret } from '../model/secret.ts'
import { SecretStoreError } from './secret-store-error.ts'
import type { SecretStore } from './secret-store.ts'

/** The environment as a store that can only be read. An empty variable counts as absent: Compose files pass unset ones so. */
export function createEnvironmentStore(environment: Readonly<Record<string, string | undefined>>): SecretStore {
  const refuse = (account: string): Promise<never> =>
    Promise.reject(
      new SecretStoreError(
        'environment',
        `${account} cannot be changed: environment variables are set outside Signalbox.`,
      ),
    )
  return {
    name: 'environment',
    get: (account) => {
      const value = environment[account]
      return Promise.resolve(value === undefined || value === '' ? undefined : new Secret(value))
    },
    set: refuse,
    delete: refuse,
  }
}

/** Stands where no keychain may be used (`SIGNALBOX_KEYCHAIN=0`): every question is refused with that reason. */
export function createUnusableStore(reason: string): SecretStore {
  const refuse = (): Promise<never> => Promise.reject(new SecretStoreError('none', reason))
  return { name: 'none', get: refuse, set: refuse, delete: refuse }
}
