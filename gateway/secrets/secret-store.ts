import type { Secret } from '../model/secret.ts'

/** Where provider keys live. `get` gives undefined when the store is sound and has no such account; it rejects when the store cannot be used. */
export interface SecretStore {
  readonly name: string
  get(account: string): Promise<Secret | undefined>
  set(account: string, value: Secret): Promise<void>
  delete(account: string): Promise<boolean>
}
