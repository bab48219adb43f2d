import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

/** A key without its secret: that is shown once, when the key is made. */
export const KeyViewSchema = Type.Object({
  /** SHA-256 of the key, hex: its id everywhere. */
  id: Type.String(),
  alias: nullable(Type.String()),
  kind: Type.Union([Type.Literal('virtual'), Type.Literal('management')]),
  /** `sk-...` and the last four characters. */
  name: Type.String(),
  /** Model names it may use; empty = all. */
  models: Type.Array(Type.String()),
  createdAt: Type.Number(),
  expiresAt: nullable(Type.Number()),
  blocked: Type.Boolean(),
})

export type KeyView = Static<typeof KeyViewSchema>

export const KeyListSchema = Type.Object({ keys: Type.Array(KeyViewSchema) })

export type KeyList = Static<typeof KeyListSchema>

/** `POST /api/keys`. */
export const NewKeySchema = Type.Object(
  {
    alias: Type.Optional(Type.String({ maxLength: 200 })),
    kind: Type.Optional(Type.Union([Type.Literal('virtual'), Type.Literal('management')])),
    models: Type.Optional(Type.Array(Type.String({ maxLength: 400 }), { maxItems: 1000 })),
    /** Lifetime in seconds; absent = for ever. */
    lifetimeSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
)

export type NewKey = Static<typeof NewKeySchema>

export const CreatedKeySchema = Type.Object({ key: Type.String(), view: KeyViewSchema })

export type CreatedKey = Static<typeof CreatedKeySchema>

/** `GET /api/master-key` with the control token: the master key in use, for `signalbox keys show`. */
export const MasterKeySchema = Type.Object({ key: Type.String(), source: Type.String() })

export type MasterKey = Static<typeof MasterKeySchema>
