import { secretDeadlineMs, withDeadline } from './deadline.ts'
import { explainKeyringFailure } from './keyring-failure.ts'
import { createKeyringThread } from './keyring-thread.ts'
import { SecretStoreError } from './secret-store-error.ts'

/** The operating system's keychain with the four verbs of keytar's API. Strings, not Secrets: nothing above this folder sees it. */
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
  /** The thread's program; by default the file beside this one. */
  readonly workerUrl?: URL
}

/**
 * Talks to the keychain in a thread that starts at the first call. Every verb rejects with SecretStoreError when the
 * keychain is missing, locked or silent; a thread that missed a deadline is given up and replaced at the next call.
 */
export function createKeyring(options: KeyringOptions): Keyring {
  const deadlineMs = options.deadlineMs ?? secretDeadlineMs
  const thread = createKeyringThread(options.workerUrl)

  const ask = async (call: Parameters<typeof thread.ask>[0]): Promise<string | boolean | null> => {
    try {
      return await withDeadline(
        deadlineMs,
        (signal) => {
          signal.addEventListener('abort', thread.abandon)
          return thread.ask(call)
        },
        () => new SecretStoreError('keychain', lateSentence(deadlineMs)),
      )
    } catch (error) {
      throw explainKeyringFailure(error, process.platform)
    }
  }

  const keyring: Keyring = {
    getPassword: async (service, account) => {
      const value = await ask({ verb: 'get', service, account })
      return typeof value === 'string' ? value : null
    },
    setPassword: async (service, account, password) => {
      await ask({ verb: 'set', service, account, password })
    },
    deletePassword: async (service, account) => (await ask({ verb: 'delete', service, account })) === true,
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

function lateSentence(deadlineMs: number): string {
  return `The keychain did not answer within ${deadlineMs / 1000} s: it may be locked and waiting for its password. Unlock it and try again.`
}
