import { randomBytes } from 'node:crypto'
import { Secret } from '../model/secret.ts'
import { type Keyring } from './keyring.ts'
import { SecretStoreError } from './secret-store-error.ts'
import type { SecretStore } from './secret-store.ts'

/** The name under which all our keys stand in the keychain. */
export const keychainService = 'signalbox'

const probeAccount = 'signalbox-probe'

/**
 * The keychain as a SecretStore. The first use probes it by writing, reading and deleting a test item, because some
 * keychains answer "no such item" when they really are locked or have no keyring: only after a good probe does an empty
 * answer mean that the account is absent. A failed probe is repeated at the next use, a good one is not.
 */
export function createKeyringStore(keyring: Keyring): SecretStore {
  let probing: Promise<void> | undefined

  const ready = async (): Promise<void> => {
    probing ??= probe(keyring)
    try {
      await probing
    } catch (error) {
      probing = undefined
      throw error
    }
  }

  return {
    name: 'keychain',
    async get(account) {
      await ready()
      const value = await keyring.getPassword(keychainService, account)
      return value === null || value === '' ? undefined : new Secret(value)
    },
    async set(account, value) {
      await ready()
      await keyring.setPassword(keychainService, account, value.reveal())
    },
    async delete(account) {
      await ready()
      return keyring.deletePassword(keychainService, account)
    },
  }
}

/** Each probe has an item of its own, so that two processes starting at once cannot delete each other's. */
async function probe(keyring: Keyring): Promise<void> {
  const account = `${probeAccount}-${randomBytes(6).toString('hex')}`
  const value = randomBytes(8).toString('hex')
  await keyring.setPassword(keychainService, account, value)
  const back = await keyring.getPassword(keychainService, account)
  await keyring.deletePassword(keychainService, account)
  if (back === value) return
  throw new SecretStoreError(
    'keychain',
    'The keychain accepted a test item and did not give it back, so keys would be lost. Give keys as environment variables instead.',
  )
}
