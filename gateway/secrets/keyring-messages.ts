/** What the keychain thread is asked. Values never leave the process. */
export type KeyringCall = (
  | { readonly verb: 'get' }
  | { readonly verb: 'delete' }
  | { readonly verb: 'set'; readonly password: string }
) & { readonly id: number; readonly service: string; readonly account: string }

/** `message` is the library's own text, which is all that tells its failures apart. */
export type KeyringAnswer =
  | { readonly id: number; readonly ok: true; readonly value: string | boolean | null }
  | { readonly id: number; readonly ok: false; readonly message: string }
