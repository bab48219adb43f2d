import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

const OnLimitSchema = Type.Union([Type.Literal('block'), Type.Literal('downgrade')])
const UnknownPriceSchema = Type.Union([Type.Literal('refuse'), Type.Literal('allow')])

/** A budget and how much of it is gone. */
export const BudgetViewSchema = Type.Object({
  /** Null = no limit, spend is only counted. */
  maxNanoUsd: nullable(Type.Integer()),
  /** `30d`, `monthly`…; null = for good. */
  duration: nullable(Type.String()),
  spentNanoUsd: Type.Integer(),
  /** When it starts anew, ms since the epoch; null = never. */
  resetsAt: nullable(Type.Number()),
})

export type BudgetView = Static<typeof BudgetViewSchema>

/** A key without its secret: that is shown once, when the key is made. */
export const KeyViewSchema = Type.Object({
  /** Its id everywhere, kept when the key gets a new secret: SHA-256 of its first secret, hex. */
  id: Type.String(),
  alias: nullable(Type.String()),
  kind: Type.Union([Type.Literal('virtual'), Type.Literal('management')]),
  /** `sk-...` and the last four characters. */
  name: Type.String(),
  /** Model names, access groups and patterns with `*` it may use; empty = all. */
  models: Type.Array(Type.String()),
  createdAt: Type.Number(),
  expiresAt: nullable(Type.Number()),
  blocked: Type.Boolean(),
  userId: nullable(Type.String()),
  teamId: nullable(Type.String()),
  /** The coding agent it was made for. */
  agent: nullable(Type.String()),
  tags: Type.Array(Type.String()),
  aliases: Type.Record(Type.String(), Type.String()),
  budget: BudgetViewSchema,
  /** Reaching it is told of and refuses nothing. */
  softBudgetNanoUsd: nullable(Type.Integer()),
  modelBudgets: Type.Record(Type.String(), BudgetViewSchema),
  /** Requests and tokens per minute, requests at a time; null = no limit. */
  rpm: nullable(Type.Integer()),
  tpm: nullable(Type.Integer()),
  maxParallel: nullable(Type.Integer()),
  modelRpm: Type.Record(Type.String(), Type.Integer()),
  modelTpm: Type.Record(Type.String(), Type.Integer()),
  allowedRoutes: Type.Array(Type.String()),
  /** Null = as configured for all keys. */
  onLimit: nullable(OnLimitSchema),
  unknownPrice: nullable(UnknownPriceSchema),
})

export type KeyView = Static<typeof KeyViewSchema>

export const KeyListSchema = Type.Object({ keys: Type.Array(KeyViewSchema) })

export type KeyList = Static<typeof KeyListSchema>

const name = () => Type.Optional(nullable(Type.String({ maxLength: 400 })))
const names = () => Type.Optional(Type.Array(Type.String({ maxLength: 400 }), { maxItems: 1000 }))
const usd = () => Type.Optional(nullable(Type.Number({ minimum: 0 })))
const count = () => Type.Optional(nullable(Type.Integer({ minimum: 0 })))

/** What may be said of a key, new or not. In a change null takes a value away, and what is absent stays. */
const keyFields = {
  alias: name(),
  models: names(),
  /** Lifetime in seconds from now; absent = for ever. */
  lifetimeSeconds: Type.Optional(nullable(Type.Integer({ minimum: 1 }))),
  userId: name(),
  teamId: name(),
  agent: name(),
  tags: names(),
  aliases: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 400 }))),
  maxBudgetUsd: usd(),
  softBudgetUsd: usd(),
  budgetDuration: name(),
  modelBudgets: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object(
        { maxUsd: Type.Number({ minimum: 0 }), duration: Type.Optional(Type.String()) },
        { additionalProperties: false },
      ),
    ),
  ),
  rpm: count(),
  tpm: count(),
  maxParallel: count(),
  modelRpm: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 0 }))),
  modelTpm: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 0 }))),
  allowedRoutes: names(),
  onLimit: Type.Optional(nullable(OnLimitSchema)),
  unknownPrice: Type.Optional(nullable(UnknownPriceSchema)),
}

const KindSchema = Type.Optional(Type.Union([Type.Literal('virtual'), Type.Literal('management')]))

/** `POST /api/keys`. */
export const NewKeySchema = Type.Object({ kind: KindSchema, ...keyFields }, { additionalProperties: false })

export type NewKey = Static<typeof NewKeySchema>

/** `PATCH /api/keys/:id`. */
export const KeyChangeSchema = Type.Object(
  { ...keyFields, blocked: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
)

export type KeyChange = Static<typeof KeyChangeSchema>

/** Also the answer of `POST /api/keys/:id/regenerate`. */
export const CreatedKeySchema = Type.Object({ key: Type.String(), view: KeyViewSchema })

export type CreatedKey = Static<typeof CreatedKeySchema>

/** `GET /api/master-key` with the control token: the master key in use, for `signalbox keys show`. */
export const MasterKeySchema = Type.Object({ key: Type.String(), source: Type.String() })

export type MasterKey = Static<typeof MasterKeySchema>
