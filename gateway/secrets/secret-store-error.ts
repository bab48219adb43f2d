/** A secret store that cannot be used now. The message names the store, what is missing and what to do instead. */
export class SecretStoreError extends Error {
  override readonly name = 'SecretStoreError'
  readonly code = 'secret_store_unusable'
  readonly store: string

  constructor(store: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.store = store
  }
}
