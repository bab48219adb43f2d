import type { EncryptedFile } from './encrypted-file.ts'
import { SecretStoreError } from './secret-store-error.ts'
import type { SecretStore } from './secret-store.ts'

export const storeChoices = ['keychain', 'file', 'environment'] as const

/** Where secrets are kept: the keychain unless somebody chose otherwise. `environment`: nowhere here. */
export type StoreChoice = (typeof storeChoices)[number]

/** The store that was chosen; the choice can change while the gateway runs. */
export interface ChosenStore extends SecretStore {
  choice(): StoreChoice
  choose(choice: StoreChoice): void
  readonly file: EncryptedFile
}

/** Without a choice, a file that is there is meant: somebody made it. */
export function createChosenStore(keychain: SecretStore, file: EncryptedFile): ChosenStore {
  let chosen: StoreChoice | undefined
  const choice = (): StoreChoice => chosen ?? (file.exists() ? 'file' : 'keychain')
  const refusing = (): Promise<never> =>
    Promise.reject(
      new SecretStoreError('none', 'No store is chosen: keys come from environment variables only. Choose one first.'),
    )
  const nowhere: SecretStore = {
    name: 'none',
    get: () => Promise.resolve(undefined),
    set: refusing,
    delete: () => Promise.resolve(false),
  }
  const store = (): SecretStore => ({ keychain, file, environment: nowhere })[choice()]
  return {
    get name() {
      return store().name
    },
    get: (account) => store().get(account),
    set: (account, value) => store().set(account, value),
    delete: (account) => store().delete(account),
    choice,
    choose(next) {
      chosen = next
    },
    file,
  }
}
