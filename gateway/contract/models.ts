import { type Static, Type } from 'typebox'
import { nullable, TierSchema } from './values.ts'

/** USD per million tokens; null = not known. Subscriptions and local models have the price that their tokens would have. */
export const ModelPriceSchema = Type.Object({
  input: nullable(Type.Number()),
  output: nullable(Type.Number()),
  cacheRead: nullable(Type.Number()),
  cacheWrite: nullable(Type.Number()),
  /** Where it stands, in a few words (`config`, `genai-prices openai/gpt-5.4`); empty = no price is known. */
  provenance: Type.String(),
})

export type ModelPrice = Static<typeof ModelPriceSchema>

/** `up`: ready; `away`: out for now and expected back; `off`: switched off or never asked; `loading`: it has to be loaded first; `failed`: somebody has to do something. */
export const ModelLampSchema = Type.Union([
  Type.Literal('up'),
  Type.Literal('away'),
  Type.Literal('off'),
  Type.Literal('loading'),
  Type.Literal('failed'),
])

export type ModelLamp = Static<typeof ModelLampSchema>

/** One upstream that answers under a name. */
export const ModelDeploymentSchema = Type.Object({
  deploymentId: Type.String(),
  provider: Type.String(),
  upstreamModel: Type.String(),
  /** Host and port, without path or key; empty for the demo. */
  host: Type.String(),
  lamp: ModelLampSchema,
  health: Type.String(),
  price: ModelPriceSchema,
  billing: Type.String(),
  /** Line of its entry in the config file; null for what is not in it. */
  line: nullable(Type.Integer()),
})

export type ModelDeployment = Static<typeof ModelDeploymentSchema>

export const ModelViewSchema = Type.Object({
  /** What clients ask for. */
  name: Type.String(),
  kind: Type.Union([Type.Literal('model'), Type.Literal('router'), Type.Literal('alias'), Type.Literal('demo')]),
  /** Null for routers, and where deployments of several providers answer. */
  provider: nullable(Type.String()),
  lamp: ModelLampSchema,
  /** One sentence. */
  health: Type.String(),
  /** Input and output tokens together; of a router the smallest of its models; null = not known. */
  contextWindow: nullable(Type.Integer()),
  maxOutputTokens: nullable(Type.Integer()),
  /** Of the first deployment; null for routers. */
  price: nullable(ModelPriceSchema),
  /** How it is paid: `billed`, `flat_rate`, `local`, `demo`; null for routers, and where its deployments differ. */
  billing: nullable(Type.String()),
  /** Such as `tools`, `vision`, `reasoning`, `audio`, `pdf`; of a router what all its models can. */
  capabilities: Type.Array(Type.String()),
  /** Tiers of routers that name it, in the order of the file. */
  usedBy: Type.Array(Type.Object({ router: Type.String(), tier: TierSchema, place: Type.Integer() })),
  /** ms since the epoch; null = never. */
  lastUsedAt: nullable(Type.Number()),
  /** Half of its streamed answers of the last seven days began within this many ms; null = none was measured. */
  p50FirstTokenMs: nullable(Type.Number()),
  /** Answers behind that figure. */
  measured: Type.Integer(),
  source: Type.Union([
    Type.Object({ kind: Type.Literal('config'), line: Type.Integer() }),
    Type.Object({ kind: Type.Literal('backend'), backend: Type.String() }),
    Type.Object({ kind: Type.Literal('demo') }),
  ]),
  deployments: Type.Array(ModelDeploymentSchema),
})

export type ModelView = Static<typeof ModelViewSchema>

/** `GET /api/models`: all models and routers in the order of `/v1/models`, then hidden ones. */
export const ModelListSchema = Type.Object({
  models: Type.Array(ModelViewSchema),
  /** When the figures of use were read, in ms since the epoch; null = they could not be read. */
  useReadAt: nullable(Type.Number()),
})

export type ModelList = Static<typeof ModelListSchema>
