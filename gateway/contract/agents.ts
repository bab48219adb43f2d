import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

const ModalitySchema = Type.Union([
  Type.Literal('text'),
  Type.Literal('image'),
  Type.Literal('audio'),
  Type.Literal('video'),
  Type.Literal('pdf'),
])

/** USD per million tokens. */
const AgentModelCostSchema = Type.Object({
  input: Type.Number(),
  output: Type.Number(),
  cacheRead: Type.Number(),
  cacheWrite: Type.Number(),
})

/**
 * What an agent is told of a model. Of a router only what every model of its tiers can do: the smallest window, the
 * highest price.
 */
export const AgentModelSchema = Type.Object({
  name: Type.String(),
  kind: Type.Union([Type.Literal('router'), Type.Literal('model'), Type.Literal('demo')]),
  /** Input and output tokens together; null = not known. */
  contextWindow: nullable(Type.Integer()),
  maxInputTokens: nullable(Type.Integer()),
  maxOutputTokens: nullable(Type.Integer()),
  input: Type.Array(ModalitySchema),
  tools: Type.Boolean(),
  reasoning: Type.Boolean(),
  /** Levels of `reasoning_effort` that it takes; empty = none is known. */
  efforts: Type.Array(Type.String()),
  /** Null = not known. */
  cost: nullable(AgentModelCostSchema),
})

export type AgentModel = Static<typeof AgentModelSchema>

/** `GET /api/agents/models`: what an export is made from. */
export const AgentModelsSchema = Type.Object({
  /** Origin of the gateway, without a trailing slash. */
  url: Type.String(),
  models: Type.Array(AgentModelSchema),
})

export type AgentModels = Static<typeof AgentModelsSchema>

export const AgentStateSchema = Type.Union([
  Type.Literal('in place'),
  Type.Literal('outdated'),
  Type.Literal('drifted'),
  Type.Literal('absent'),
  Type.Literal('not installed'),
])

/**
 * `in place`: as exported; `outdated`: models, prices or the address changed since, or its key is let in no
 * more (`drift` says so then); `drifted`: somebody changed what was exported;
 * `absent`: the agent is there and not connected; `not installed`: no sign of it.
 */
export type AgentState = Static<typeof AgentStateSchema>

export const AgentViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** `snippet`: text for a program of one's own; `unreachable`: it cannot reach this machine, and only its notes say more. */
  kind: Type.Union([Type.Literal('agent'), Type.Literal('snippet'), Type.Literal('unreachable')]),
  state: AgentStateSchema,
  /** Places that are other than exported, as `file: a.b.c`; and what is wrong with its key. */
  drift: Type.Array(Type.String()),
  files: Type.Array(Type.String()),
  /** The model it was connected with; null = not connected. */
  model: nullable(Type.String()),
  smallModel: nullable(Type.String()),
  /** False: it speaks with the key of another agent, or with none. */
  hasOwnKey: Type.Boolean(),
  keyId: nullable(Type.String()),
  connectedAt: nullable(Type.Number()),
})

export type AgentView = Static<typeof AgentViewSchema>

/** `GET /api/agents`. */
export const AgentListSchema = Type.Object({ agents: Type.Array(AgentViewSchema) })

export type AgentList = Static<typeof AgentListSchema>

/** Body of `POST /api/agents/:id/plan` and `…/connect`. Absent = the first router, else the first model. */
export const AgentChoiceSchema = Type.Object(
  { model: Type.Optional(Type.String()), smallModel: Type.Optional(Type.String()) },
  { additionalProperties: false },
)

export type AgentChoice = Static<typeof AgentChoiceSchema>

const FileDiffSchema = Type.Object({
  path: Type.String(),
  /** Unified; empty = nothing changes. */
  diff: Type.String(),
})

/** A place that somebody changed since it was exported. Values as JSON, keys masked; null = nothing stands there. */
const ChangedPlaceSchema = Type.Object({
  path: Type.String(),
  /** `a.b.c`; null = all of a file that is ours alone, whose three texts are not kept. */
  place: nullable(Type.String()),
  /** What was exported. */
  ours: nullable(Type.String()),
  now: nullable(Type.String()),
  /** What connecting writes. */
  after: nullable(Type.String()),
})

export type ChangedPlace = Static<typeof ChangedPlaceSchema>

/** What a connection would do or did, and what is left for a hand. */
export const AgentPlanSchema = Type.Object({
  agent: Type.String(),
  model: Type.String(),
  smallModel: Type.String(),
  files: Type.Array(FileDiffSchema),
  /** Empty unless the agent is connected and drifted. */
  changed: Type.Array(ChangedPlaceSchema),
  /** Sentences. */
  notes: Type.Array(Type.String()),
  /** Text to copy, for agents that are configured by no file; null = none. */
  snippet: nullable(Type.String()),
})

export type AgentPlanView = Static<typeof AgentPlanSchema>

/** What was taken back, file by file. */
export const AgentUndoSchema = Type.Object({
  agent: Type.String(),
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      /** `restored`: the exact bytes of before; `merged`: it was edited since, and only our part was taken out; `kept`: as it is. */
      outcome: Type.Union([Type.Literal('restored'), Type.Literal('merged'), Type.Literal('kept')]),
      /** Places where a later edit by hand won. */
      kept: Type.Array(Type.String()),
    }),
  ),
  keyRevoked: Type.Boolean(),
  notes: Type.Array(Type.String()),
})

export type AgentUndo = Static<typeof AgentUndoSchema>
