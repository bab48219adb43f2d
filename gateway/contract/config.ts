import { type Static, Type } from 'typebox'
import { ConfigProblemSchema } from './status.ts'

/** `GET /api/config`: the file as it is now. The control token only, since a file may hold keys. */
export const ConfigTextSchema = Type.Object({
  path: Type.String(),
  text: Type.String(),
  /** Of the bytes of the file; an edit names it, so that a hand edit in between is noticed. */
  revision: Type.String(),
  /** Of the last read. */
  problems: Type.Array(ConfigProblemSchema),
  /** True when the last read was refused and the configuration before it still runs. */
  refused: Type.Boolean(),
})

export type ConfigText = Static<typeof ConfigTextSchema>

const PathSchema = Type.Array(Type.Union([Type.String({ maxLength: 500 }), Type.Integer({ minimum: 0 })]), {
  minItems: 1,
  maxItems: 20,
})

/** One change of one value: keys of blocks and places in lists lead to it. `set` and `append` make the blocks on the way. */
export const ConfigEditSchema = Type.Union([
  Type.Object({ op: Type.Literal('set'), path: PathSchema, value: Type.Unknown() }, { additionalProperties: false }),
  Type.Object({ op: Type.Literal('append'), path: PathSchema, value: Type.Unknown() }, { additionalProperties: false }),
  Type.Object({ op: Type.Literal('remove'), path: PathSchema }, { additionalProperties: false }),
])

export type ConfigEdit = Static<typeof ConfigEditSchema>

/**
 * `POST /api/config/edits {revision, edits}`: splices only the bytes of the values concerned. 409 `conflict` when the file
 * is another one than `revision`, 400 `invalid_field` for an edit that only a hand can make.
 */
export const ConfigEditsSchema = Type.Object(
  { revision: Type.String({ maxLength: 100 }), edits: Type.Array(ConfigEditSchema, { minItems: 1, maxItems: 500 }) },
  { additionalProperties: false },
)

export type ConfigEdits = Static<typeof ConfigEditsSchema>

/** `PUT /api/config {revision, text}`: the whole file by hand. */
export const ConfigReplacementSchema = Type.Object(
  { revision: Type.String({ maxLength: 100 }), text: Type.String({ maxLength: 4 * 1024 * 1024 }) },
  { additionalProperties: false },
)

export type ConfigReplacement = Static<typeof ConfigReplacementSchema>

/** `POST /api/config/check {text}`: the problems that a text would have; writes nothing. */
export const ConfigCheckSchema = Type.Object(
  { text: Type.String({ maxLength: 4 * 1024 * 1024 }) },
  { additionalProperties: false },
)

export type ConfigCheck = Static<typeof ConfigCheckSchema>

export const ConfigCheckedSchema = Type.Object({ problems: Type.Array(ConfigProblemSchema) })

export type ConfigChecked = Static<typeof ConfigCheckedSchema>

/** What an edit came to. `written: false`: the result would have errors, and the file is as it was. */
export const ConfigEditOutcomeSchema = Type.Object({
  written: Type.Boolean(),
  revision: Type.String(),
  /** The text written, or the one that was refused. */
  text: Type.String(),
  problems: Type.Array(ConfigProblemSchema),
})

export type ConfigEditOutcome = Static<typeof ConfigEditOutcomeSchema>
