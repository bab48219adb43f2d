import { type Static, Type } from 'typebox'
import { CapacityFieldSchemas, DeploymentParamsSchema } from './deployment-params.ts'
import { QuotaSchema } from './delivery.ts'
import { BillingSchema, PriceFieldSchemas } from './price-fields.ts'

const count = () => Type.Optional(Type.Integer({ minimum: 1 }))

/** `model_info`. Other keys are free: `/model/info` shows the block as written. */
export const ModelInfoSchema = Type.Object(
  {
    id: Type.Optional(Type.String({ minLength: 1 })),
    base_model: Type.Optional(Type.String()),
    max_tokens: count(),
    max_input_tokens: count(),
    max_output_tokens: count(),
    /** Ours: input and output together. */
    context_window: count(),
    access_groups: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    fail_fast: Type.Optional(Type.Boolean()),
    billing: Type.Optional(BillingSchema),
    ...PriceFieldSchemas,
  },
  { unknownKeys: 'unread' },
)

export type ModelInfo = Static<typeof ModelInfoSchema>

/** One entry of `model_list`. */
export const ModelEntrySchema = Type.Object({
  model_name: Type.String({ minLength: 1 }),
  litellm_params: DeploymentParamsSchema,
  model_info: Type.Optional(ModelInfoSchema),
  ...CapacityFieldSchemas,
  weight: Type.Optional(Type.Number({ minimum: 0 })),
  quota: Type.Optional(QuotaSchema),
  /** Ours: how this deployment is paid. */
  billing: Type.Optional(BillingSchema),
})

export type ModelEntry = Static<typeof ModelEntrySchema>
