import { type Static, Type } from 'typebox'
import { ConfigProblemSchema } from './status.ts'
import { nullable } from './values.ts'

export const ProviderViewSchema = Type.Object({
  /** As the other routes name it. */
  name: Type.String(),
  /** The prefix of its models. */
  provider: Type.String(),
  host: Type.String(),
  key: Type.Union([Type.Literal('there'), Type.Literal('missing'), Type.Literal('none')]),
  /** Models of the config that it serves. */
  models: Type.Integer(),
})

/** `GET /api/providers`: whose models can be looked up. Local servers are under `/api/backends`. */
export const ProviderListSchema = Type.Object({ providers: Type.Array(ProviderViewSchema) })

export type ProviderList = Static<typeof ProviderListSchema>

/** Null = the provider does not say. */
export const OfferedModelViewSchema = Type.Object({
  id: Type.String(),
  kind: Type.Union([
    Type.Literal('chat'),
    Type.Literal('embedding'),
    Type.Literal('rerank'),
    Type.Literal('image'),
    Type.Literal('audio'),
  ]),
  vision: nullable(Type.Boolean()),
  reasoning: nullable(Type.Boolean()),
  tools: nullable(Type.Boolean()),
  /** Tokens. */
  contextWindow: nullable(Type.Integer()),
  maxOutputTokens: nullable(Type.Integer()),
  deprecated: nullable(Type.String()),
  /** Models of the config that stand for it. */
  configuredAs: Type.Array(Type.String()),
})

export type OfferedModelView = Static<typeof OfferedModelViewSchema>

/** `GET /api/providers/:name/models`: the provider's own list, asked for now. */
export const ProviderModelsSchema = Type.Object({
  name: Type.String(),
  models: Type.Array(OfferedModelViewSchema),
  /** Models of the config that the provider does not list. `gone`: it listed them before, or refused them as unknown. */
  unlisted: Type.Array(Type.Object({ model: Type.String(), upstreamModel: Type.String(), gone: Type.Boolean() })),
})

export type ProviderModels = Static<typeof ProviderModelsSchema>

/** `POST /api/providers/:name/models`: writes models into the config file, each as an entry of its own at the end of `model_list`. */
export const AddModelsSchema = Type.Object(
  {
    /** Ids of the provider's list. */
    add: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { minItems: 1, maxItems: 500 }),
    /** Stands before each id in the `model_name`; default: what the provider's other entries begin with. */
    prefix: Type.Optional(Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9._/-]*$' })),
    /** Says what would be written, and writes nothing. */
    dryRun: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

export type AddModels = Static<typeof AddModelsSchema>

export const AddedModelsSchema = Type.Object({
  added: Type.Array(Type.Object({ id: Type.String(), modelName: Type.String() })),
  skipped: Type.Array(Type.Object({ id: Type.String(), reason: Type.String() })),
  /** False for a dry run, when nothing was left to add, and when the file would have errors. */
  written: Type.Boolean(),
  /** The lines that came, or would come, into the file. */
  lines: Type.Array(Type.String()),
  problems: Type.Array(ConfigProblemSchema),
})

export type AddedModels = Static<typeof AddedModelsSchema>
