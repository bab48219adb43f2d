import { type Static, Type } from 'typebox'

/** `GET /api/cache`. */
export const CacheViewSchema = Type.Object({
  enabled: Type.Boolean(),
  coalesce: Type.Boolean(),
  answers: Type.Integer(),
  bytes: Type.Integer(),
  maxBytes: Type.Integer(),
})

export type CacheView = Static<typeof CacheViewSchema>

/** `DELETE /api/cache`. */
export const ClearedCacheSchema = Type.Object({ deleted: Type.Integer() })

export type ClearedCache = Static<typeof ClearedCacheSchema>
