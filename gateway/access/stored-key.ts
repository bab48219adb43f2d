import type { KeyRecord } from '../store/key-repository.ts'
import type { Identity } from './identity.ts'

/** A key in memory, with the identity it gives ready made: no object is built per request. */
export interface StoredKey extends KeyRecord {
  readonly identity: Identity
}

export function toStoredKey(record: KeyRecord): StoredKey {
  return {
    ...record,
    identity: {
      kind: record.kind,
      keyId: record.id,
      alias: record.alias,
      allowedModels: record.models.length === 0 ? undefined : record.models,
      settings: record.settings,
    },
  }
}
