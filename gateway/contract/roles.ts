import { type Static, Type } from 'typebox'

/** A role or category of agents, callable by its name. */
export const RoleViewSchema = Type.Object({
  /** `role/oracle`, `category/quick`. */
  name: Type.String(),
  kind: Type.Union([Type.Literal('role'), Type.Literal('category')]),
  /** As written: a model, a router, an alias, a capability such as `local:tools`. */
  model: Type.String(),
  fallbacks: Type.Array(Type.String()),
  /** What the model is now; `waiting`: nothing has it. */
  leadsTo: Type.Union([Type.Literal('router'), Type.Literal('model'), Type.Literal('waiting')]),
  /** False while a call is refused: its router is off and there are no fallbacks. */
  on: Type.Boolean(),
  /** Named in `/v1/models`. */
  listed: Type.Boolean(),
})

export type RoleView = Static<typeof RoleViewSchema>

/** `GET /api/roles`, in the order of the file. They are changed by `/api/config/edits` at `signalbox.roles` and `signalbox.categories`. */
export const RoleListSchema = Type.Object({ roles: Type.Array(RoleViewSchema) })

export type RoleList = Static<typeof RoleListSchema>
