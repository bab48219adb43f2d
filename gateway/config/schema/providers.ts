import { type Static, Type } from 'typebox'
import { notInThisVersion } from './annotations.ts'
import { QuotaSchema } from './delivery.ts'
import { BillingSchema } from './price-fields.ts'

const later = () => Type.Optional(Type.Unknown({ unused: notInThisVersion }))
const names = () => Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())]))

const WireSchema = Type.Union([
  Type.Literal('openai-compatible'),
  Type.Literal('openai-responses'),
  Type.Literal('anthropic'),
  Type.Literal('gemini'),
  Type.Literal('ollama'),
])

/** One custom provider: the shape of LiteLLM's `providers.json`, and of our block `providers`. */
export const ProviderDefinitionSchema = Type.Object({
  base_url: Type.Optional(Type.String({ minLength: 1 })),
  api_key_env: names(),
  api_base_env: names(),
  headers: Type.Optional(Type.Record(Type.String(), Type.String({ secret: true }))),
  /** Ours: whether the upstream accepts `stream_options`. */
  accepts_stream_options: Type.Optional(Type.Boolean()),
  /** Ours: request fields that the upstream refuses. */
  refused_fields: Type.Optional(Type.Array(Type.String())),
  /** Chat completions are always on; `/v1/responses` and `/v1/messages` may be added. */
  supported_endpoints: Type.Optional(Type.Array(Type.String())),
  /** Ours: the wires it speaks, the preferred one first. */
  wires: Type.Optional(Type.Array(WireSchema)),
  /** Ours: how it is paid. */
  billing: Type.Optional(BillingSchema),
  /** Ours: what it counts over all models of one key. */
  quota: Type.Optional(QuotaSchema),
  base_class: Type.Optional(Type.Unknown({ quiet: true })),
  /** Request fields that the upstream knows by another name. */
  param_mappings: Type.Optional(Type.Record(Type.String(), Type.String({ minLength: 1 }))),
  constraints: later(),
  special_handling: later(),
})

export type ProviderDefinition = Static<typeof ProviderDefinitionSchema>

export const ProviderDefinitionsSchema = Type.Record(Type.String(), ProviderDefinitionSchema)

/** One entry of our shipped catalogue `resources/providers.yaml`. */
export const CatalogueEntrySchema = Type.Object({
  aliases: Type.Optional(Type.Array(Type.String())),
  base_url: Type.Optional(Type.String()),
  api_key_env: Type.Optional(Type.Array(Type.String())),
  api_base_env: Type.Optional(Type.Array(Type.String())),
  accepts_stream_options: Type.Optional(Type.Boolean()),
  refused_fields: Type.Optional(Type.Array(Type.String())),
  renamed_fields: Type.Optional(Type.Record(Type.String(), Type.String())),
  /** The prefix also stands for any compatible server: `renamed_fields` hold at `base_url` only. */
  serves_others: Type.Optional(Type.Boolean()),
  /** The server's own API has no `/v1` in its base: it is appended where a file leaves it out. */
  append_v1: Type.Optional(Type.Boolean()),
  /** The wires it speaks, the preferred one first; chat completions only unless given. */
  wires: Type.Optional(Type.Array(WireSchema)),
  /** How it is paid; per token unless given. */
  billing: Type.Optional(BillingSchema),
  /** A header that must hold one value for each conversation. */
  session_header: Type.Optional(Type.String({ minLength: 1 })),
  /** Why entries with this prefix cannot work yet. */
  unsupported: Type.Optional(Type.String()),
  source: Type.Optional(Type.String()),
})

export const CatalogueSchema = Type.Object({
  providers: Type.Record(Type.String(), CatalogueEntrySchema),
  model_prefixes: Type.Record(Type.String(), Type.Array(Type.String())),
})
