import { type KeySettings, plainKeySettings } from '../model/key-settings.ts'

/** The kinds of credential. A UI session counts as `control`: it was given to a person at this machine. */
export type KeyKind = 'virtual' | 'management' | 'master' | 'control'

/** Who calls, as far as the credential tells. */
export interface Identity {
  readonly kind: KeyKind
  /** The key's id, SHA-256 hex; `master` and `control` for those two, so that no hash of them is ever stored. */
  readonly keyId: string
  readonly alias: string | null
  /** Model names, access groups and patterns with `*` that the key may use; undefined = all. */
  readonly allowedModels: readonly string[] | undefined
  /** Labels and limits of the key. */
  readonly settings: KeySettings
}

export const masterIdentity: Identity = {
  kind: 'master',
  keyId: 'master',
  alias: 'master',
  allowedModels: undefined,
  settings: plainKeySettings,
}

export const controlIdentity: Identity = { ...masterIdentity, kind: 'control', keyId: 'control', alias: null }

/**
 * What a route is for. `open` and `ui` need no key; `ui` is the static interface, the only class a browser may reach from
 * another site. `any` takes every valid key.
 */
export type AccessClass = 'open' | 'ui' | 'any' | 'llm' | 'admin' | 'control-read' | 'control'

const allowedKinds: Readonly<Record<Exclude<AccessClass, 'open' | 'ui'>, readonly KeyKind[]>> = {
  any: ['virtual', 'management', 'master', 'control'],
  llm: ['virtual', 'management', 'master'],
  admin: ['management', 'master', 'control'],
  'control-read': ['management', 'master', 'control'],
  control: ['control'],
}

/** True when a credential of this kind may use routes of this class. */
export function mayUse(kind: KeyKind, access: AccessClass): boolean {
  return access === 'open' || access === 'ui' || allowedKinds[access].includes(kind)
}

/** Which kinds of key a class takes, in words for an error message. */
export function wantedKinds(access: AccessClass): string {
  if (access === 'control') return 'the control token or a session of the interface'
  if (access === 'llm') return 'a virtual key, a management key or the master key'
  return 'a management key, the master key or the control token'
}
