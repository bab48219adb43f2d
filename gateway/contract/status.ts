import { type Static, Type } from 'typebox'
import { nullable } from './values.ts'

/** One thing wrong or worth knowing in the config file. `severity: error` means the file is not in use. */
export const ConfigProblemSchema = Type.Object({
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('note')]),
  file: Type.String(),
  /** 1-based; null when the problem has no place in the file. */
  line: nullable(Type.Integer()),
  column: nullable(Type.Integer()),
  /** Dotted path of the value, e.g. `model_list[3].litellm_params.rpm`. */
  path: Type.String(),
  /** One sentence: what was seen, what is wanted, what to do. */
  message: Type.String(),
  seen: nullable(Type.String()),
  wanted: nullable(Type.String()),
  /** The nearest known key, where a key is unknown. */
  nearest: nullable(Type.String()),
})

export type ConfigProblem = Static<typeof ConfigProblemSchema>

export const SpendTodaySchema = Type.Object({
  /** Requests since local midnight, demo included. */
  requests: Type.Integer(),
  /** What real models cost, nano-USD. */
  billedNanoUsd: Type.Integer(),
  /** Pretend cost of the demo models, nano-USD: never part of billed. */
  demoNanoUsd: Type.Integer(),
  /** Requests whose cost is unknown, for want of a price or of reported tokens: not in either sum. */
  unknownPriced: Type.Integer(),
})

export const GatewayStatusSchema = Type.Object({
  version: Type.String(),
  /** `http://127.0.0.1:4000`; what clients use. */
  url: Type.String(),
  startedAt: Type.Number(),
  phase: Type.Union([Type.Literal('running'), Type.Literal('draining')]),
  inFlight: Type.Integer(),
  /** Since when LLM routes answer 503 `paused`, in ms since the epoch; absent = they work. */
  pausedSince: Type.Optional(Type.Number()),
  models: Type.Integer(),
  demo: Type.Union([Type.Literal('listed'), Type.Literal('callable'), Type.Literal('off')]),
  config: Type.Object({
    path: Type.String(),
    revision: Type.String(),
    /** Of the last read, in use or not. */
    problems: Type.Array(ConfigProblemSchema),
    /** True when the last edit was refused and the one before still runs. */
    refused: Type.Boolean(),
    /** What needs a restart to take effect. */
    restartNeeded: Type.Array(Type.String()),
  }),
  spendToday: SpendTodaySchema,
  /** Sentences about money worth knowing now, such as soft budgets that are used up; absent = none. */
  notices: Type.Optional(Type.Array(Type.String())),
  /** Models of the file that their providers no longer list, with a sentence each; absent = none. */
  vanishedModels: Type.Optional(Type.Array(Type.Object({ model: Type.String(), sentence: Type.String() }))),
  lastTier: nullable(Type.String()),
})

export type GatewayStatus = Static<typeof GatewayStatusSchema>

/** `POST /api/session {code}`: exchanges the one-time code of the UI link for a session token. 401 `invalid_key` when used up. */
export const SessionRequestSchema = Type.Object(
  { code: Type.String({ maxLength: 200 }) },
  { additionalProperties: false },
)

export const SessionSchema = Type.Object({ token: Type.String() })

export type Session = Static<typeof SessionSchema>

/** `POST /api/ui-link` with the control token: a fresh link with a one-time code. */
export const UiLinkSchema = Type.Object({ url: Type.String() })

export type UiLink = Static<typeof UiLinkSchema>
