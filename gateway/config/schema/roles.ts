import { Type } from 'typebox'

const model = () => Type.String({ minLength: 1 })

/** What a role or category stands for: a model, router or capability by name, or that with fallbacks of its own. */
const RoleSchema = Type.Union([
  model(),
  Type.Object({
    model: model(),
    /** Tried in order when the model cannot answer; in place of the model's own chain. */
    fallbacks: Type.Optional(Type.Union([Type.Array(model()), model()])),
  }),
])

/** `signalbox.roles`, `signalbox.categories`: callable as `role/<name>` and `category/<name>`. */
export const RoleSchemas = {
  roles: Type.Optional(Type.Record(Type.String(), RoleSchema)),
  categories: Type.Optional(Type.Record(Type.String(), RoleSchema)),
  /** Whether `/v1/models` names them. They are callable either way. */
  list_roles: Type.Optional(Type.Boolean()),
}
