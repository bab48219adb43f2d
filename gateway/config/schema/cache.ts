import { Type } from 'typebox'

const seconds = () => Type.Optional(Type.Number({ exclusiveMinimum: 0 }))
const mode = () => Type.Optional(Type.Union([Type.Literal('default_on'), Type.Literal('default_off')]))

/** LiteLLM's `cache_params`. What only tells how to reach a Redis, a bucket or a vector store is not read. */
export const CacheParamsSchema = Type.Object(
  {
    type: Type.Optional(Type.String()),
    ttl: seconds(),
    default_in_memory_ttl: seconds(),
    default_in_redis_ttl: seconds(),
    mode: mode(),
    namespace: Type.Optional(Type.String({ minLength: 1 })),
    supported_call_types: Type.Optional(Type.Array(Type.String())),
  },
  { unknownKeys: 'unread' },
)

/** Our own block `signalbox.cache`. */
export const CacheBlockSchema = Type.Object({
  enabled: Type.Optional(Type.Boolean()),
  coalesce: Type.Optional(Type.Boolean()),
  mode: mode(),
  ttl_s: seconds(),
  max_size_mb: Type.Optional(Type.Number({ minimum: 1, maximum: 1024 * 1024 })),
  shared: Type.Optional(Type.Boolean()),
  namespace: Type.Optional(Type.String({ minLength: 1 })),
})
