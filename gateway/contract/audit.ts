import { type Static, Type } from 'typebox'

/** One change of a key, the config, a switch or the cache. Holds no secrets. */
export const AuditEventSchema = Type.Object({
  id: Type.Integer(),
  /** ms since the epoch. */
  at: Type.Number(),
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
})

export type AuditEventView = Static<typeof AuditEventSchema>

/** `GET /api/audit?limit=&before=`: newest first; `before` is an id. */
export const AuditListSchema = Type.Object({ events: Type.Array(AuditEventSchema) })

export type AuditList = Static<typeof AuditListSchema>
