import type { JsonObject, JsonValue } from '../model/json.ts'
import type { KeyRecord, KeyRepository } from '../store/key-repository.ts'
import type { AuditLog } from './audit-log.ts'

/** The repository of keys, whose every change is noted. */
export function auditedKeys(keys: KeyRepository, audit: AuditLog): KeyRepository {
  return {
    ...keys,
    async insert(key) {
      await keys.insert(key)
      audit.note('key.created', key.id, describe(key))
    },
    async update(id, changes) {
      const before = await keys.find(id)
      const after = await keys.update(id, changes)
      if (before === undefined || after === undefined) return after
      audit.note('key.changed', id, { ...describe(after), changed: differences(before, after) })
      return after
    },
    async delete(id) {
      const before = await keys.find(id)
      const isDeleted = await keys.delete(id)
      if (isDeleted) audit.note('key.deleted', id, before === undefined ? {} : describe(before))
      return isDeleted
    },
  }
}

function describe({ alias, kind, name }: KeyRecord): JsonObject {
  return { alias, kind, name }
}

/** Fields whose texts are names. Any other text or object may hold what its owner wants, and is only named. */
const nameFields = new Set(['alias', 'kind', 'name', 'models', 'tags', 'allowedRoutes', 'budgetDuration'])

/** What is another than before: numbers, switches and names with their new values. */
function differences(before: KeyRecord, after: KeyRecord): JsonObject {
  const earlier = flat(before)
  return Object.fromEntries(
    Object.entries(flat(after)).flatMap(([field, value]): [string, JsonValue][] => {
      if (JSON.stringify(value) === JSON.stringify(earlier[field])) return []
      return [[field, isPlain(value) || nameFields.has(field) ? (value as JsonValue) : 'changed']]
    }),
  )
}

function flat({ settings, ...fields }: KeyRecord): Readonly<Record<string, unknown>> {
  return { ...fields, ...settings }
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'number' || typeof value === 'boolean'
}
