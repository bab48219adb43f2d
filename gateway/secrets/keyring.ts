import type { AsyncEntry } from '@napi-rs/keyring'
import { secretDeadlineMs, withDeadline } from './deadline.ts'
import { explainKeyringFailure } from './keyring-failure.ts'
import { SecretStoreError } from './secret-store-error.ts'

/** The operating system's keychain with the four verbs of keytar's API. Strings, not Secrets: nothing above this file sees it. */
export interface Keyring {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
  /** Of the accounts we know: the keychain's own search cannot be pinned to one store on Linux. */
  findCredentials(service: string): Promise<{ account: string; password: string }[]>
}

export interface KeyringOptions {
  /** The list of accounts, which is ours to keep. */
  readonly accounts: () => Promise<readonly string[]>
  /** Per call, in ms. */
  readonly deadlineMs?: number
}

type EntryClass = typeof AsyncEntry

/**
 * The only user of @napi-rs/keyring, loaded at the first call. On Linux each entry is pinned to the Secret Service: the
 * library's default falls back to the kernel's keyring without a word, and that one forgets everything at reboot.
 * Every verb rejects with SecretStoreError when the keychain is missing, locked or silent.
 */
export function createKeyring(options: KeyringOptions): Keyring {
  const deadlineMs = options.deadlineMs ?? secretDeadlineMs
  let loading: Promise<EntryClass> | undefined
  const load = (): Promise<EntryClass> => (loading ??= loadEntryClass())

  const ask = async <Value>(
    service: string,
    account: string,
    verb: (entry: AsyncEntry, signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> => {
    try {
      const Entry = await load()
      return await withDeadline(
        deadlineMs,
        (signal) => verb(new Entry(service, account, { linux: { store: 'secret-service' } }), signal),
        () => new SecretStoreError('keychain', lateSentence(deadlineMs)),
      )
    } catch (error) {
      throw explainKeyringFailure(error, process.platform)
    }
  }

  const keyring: Keyring = {
    getPassword: (service, account) => ask(service, account, (entry, signal) => entry.getPassword(signal)),
    setPassword: (service, account, password) =>
      ask(service, account, (entry, signal) => entry.setPassword(password, signal)),
    deletePassword: (service, account) => ask(service, account, (entry, signal) => entry.deletePassword(signal)),
    async findCredentials(service) {
      const accounts = await options.accounts()
      const found = await Promise.all(
        accounts.map(async (account) => ({ account, password: await keyring.getPassword(service, account) })),
      )
      return found.flatMap(({ account, password }) => (password === null ? [] : [{ account, password }]))
    },
  }
  return keyring
}

async function loadEntryClass(): Promise<EntryClass> {
  const keyring = await import('@napi-rs/keyring')
  return keyring.AsyncEntry
}

function lateSentence(deadlineMs: number): string {
  return `The keychain did not answer within ${deadlineMs / 1000} s: it may be locked and waiting for its password. Unlock it and try again.`
}
