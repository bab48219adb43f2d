import type { KeyRecord, KeyRepository } from '../../gateway/store/key-repository.ts'

/** A key repository over a map by id. */
export function keyRowsDouble(
  rows = new Map<string, KeyRecord>(),
): Pick<KeyRepository, 'all' | 'insert' | 'update' | 'delete'> {
  return {
    all: async () => [...rows.values()],
    insert: async (row) => void rows.set(row.id, row),
    update: async (id, changes) => {
      const row = rows.get(id)
      if (row === undefined) return undefined
      const after = { ...row, ...changes }
      rows.set(id, after)
      return after
    },
    delete: async (id) => rows.delete(id),
  }
}
