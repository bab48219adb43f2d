import { createUnusableStore } from './environment-store.ts'
import { createKeyring } from './keyring.ts'
import { createKeyringStore } from './keyring-store.ts'
import type { SecretStore } from './secret-store.ts'

/**
 * The store of this machine: its keychain, not touched before the first question. `SIGNALBOX_KEYCHAIN=0` forbids it, for
 * servers and tests that must not write to a person's keychain.
 */
export function openSecretStore(environment: Readonly<Record<string, string | undefined>>): SecretStore {
  if (environment['SIGNALBOX_KEYCHAIN'] === '0') {
    return createUnusableStore('The keychain is switched off by SIGNALBOX_KEYCHAIN=0.')
  }
  return createKeyringStore(createKeyring({ accounts: () => Promise.resolve([]) }))
}
