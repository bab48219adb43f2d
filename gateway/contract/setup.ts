import { type Static, Type } from 'typebox'
import { AgentStateSchema } from './agents.ts'
import { ConfigProblemSchema } from './status.ts'
import { nullable, TierSchema } from './values.ts'

export const SetupStepSchema = Type.Union([
  Type.Literal('found'),
  Type.Literal('key'),
  Type.Literal('router'),
  Type.Literal('request'),
  Type.Literal('agent'),
])

export type SetupStep = Static<typeof SetupStepSchema>

export const SetupStepStateSchema = Type.Union([Type.Literal('open'), Type.Literal('done'), Type.Literal('skipped')])

export type SetupStepState = Static<typeof SetupStepStateSchema>

/** A router made of what is there. Nothing of it is written before `POST /api/setup/router`. */
export const RouterProposalSchema = Type.Object({
  name: Type.String(),
  /** Cheapest tier first; only tiers with models. */
  tiers: Type.Array(Type.Object({ tier: TierSchema, models: Type.Array(Type.String()) })),
  /** Why these, a sentence each. */
  reasons: Type.Array(Type.String()),
})

export type RouterProposal = Static<typeof RouterProposalSchema>

/** `GET /api/setup`: what was found on this machine, and which steps of the first run are done. */
export const SetupSchema = Type.Object({
  /** True while nothing but the demo can answer. */
  fresh: Type.Boolean(),
  /** In order. What was done elsewhere counts as done: a key that is there, a router in the config, a request answered. */
  steps: Type.Array(Type.Object({ step: SetupStepSchema, state: SetupStepStateSchema })),
  /** Local servers with at least one model, or that want something. */
  backends: Type.Array(
    Type.Object({
      name: Type.String(),
      label: Type.String(),
      url: Type.String(),
      state: Type.String(),
      models: Type.Integer(),
    }),
  ),
  /** Keys of known providers in the environment of the gateway. */
  environment: Type.Array(
    Type.Object({
      name: Type.String(),
      provider: Type.String(),
      /** True when models of the config use it. */
      used: Type.Boolean(),
    }),
  ),
  /** Files of a LiteLLM stack in the usual places. `command`: what takes it over. */
  stacks: Type.Array(Type.Object({ path: Type.String(), models: nullable(Type.Integer()), command: Type.String() })),
  /** A LiteLLM proxy that answers on this machine; null = none. */
  litellm: nullable(Type.Object({ url: Type.String(), sentence: Type.String() })),
  agents: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), state: AgentStateSchema })),
  /** Providers a key can be entered for; `keyName`: what `PUT /api/secrets/:name` takes. */
  providers: Type.Array(
    Type.Object({ name: Type.String(), keyName: Type.String(), hasKey: Type.Boolean(), models: Type.Integer() }),
  ),
  /** Null when there is nothing to make one of, or a router is there. */
  proposal: nullable(RouterProposalSchema),
  /** Why there is none, in a sentence; null when there is one. */
  noProposal: nullable(Type.String()),
  /** The first request as a command to copy; the key stands as `$SIGNALBOX_KEY`. */
  firstRequest: Type.Object({ model: Type.String(), command: Type.String() }),
})

export type Setup = Static<typeof SetupSchema>

/** `PUT /api/setup/steps/:step {state}` gives the Setup. */
export const SetupStepChangeSchema = Type.Object({ state: SetupStepStateSchema }, { additionalProperties: false })

export type SetupStepChange = Static<typeof SetupStepChangeSchema>

/** `POST /api/setup/router`: adds the router at the end of `model_list`. 409 `conflict` when the name is taken, or the file another than `revision`. */
export const SetupRouterSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9._/-]+$' }),
    tiers: Type.Object(
      {
        SIMPLE: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20 })),
        MEDIUM: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20 })),
        COMPLEX: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20 })),
        REASONING: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20 })),
      },
      { additionalProperties: false, minProperties: 1 },
    ),
    /** Absent = the file as it is now. */
    revision: Type.Optional(Type.String({ maxLength: 100 })),
    /** Says what would be written, and writes nothing. */
    dryRun: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

export type SetupRouter = Static<typeof SetupRouterSchema>

export const AddedRouterSchema = Type.Object({
  name: Type.String(),
  /** False for a dry run, and when the file would have errors. */
  written: Type.Boolean(),
  /** The lines that came, or would come, into the file. */
  lines: Type.Array(Type.String()),
  problems: Type.Array(ConfigProblemSchema),
  revision: Type.String(),
})

export type AddedRouter = Static<typeof AddedRouterSchema>

/** `POST /api/setup/request`: sends one prompt as any client would, with the master key. Its row comes as an event. */
export const SetupRequestSchema = Type.Object(
  {
    model: Type.String({ minLength: 1, maxLength: 300 }),
    prompt: Type.String({ minLength: 1, maxLength: 4000 }),
  },
  { additionalProperties: false },
)

export type SetupRequest = Static<typeof SetupRequestSchema>

export const SetupRequestOutcomeSchema = Type.Object({
  /** What the client would have got. */
  status: Type.Integer(),
  callId: nullable(Type.String()),
  /** Why there is no answer; null = there is one. */
  error: nullable(Type.String()),
})

export type SetupRequestOutcome = Static<typeof SetupRequestOutcomeSchema>
