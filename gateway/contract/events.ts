import { type Static, Type } from 'typebox'
import { BackendViewSchema } from './backends.ts'
import { NetworkViewSchema } from './network.ts'
import { RequestViewSchema } from './requests.ts'
import { RouterViewSchema } from './routers.ts'
import { GatewayStatusSchema } from './status.ts'

/** False when servers of this machine are not looked for. */
const discovery = Type.Boolean()

/**
 * `GET /api/events`: server-sent events, `event:` the type, `data:` one of these. The first is always a snapshot; a
 * reader that reconnects gets a new one and forgets what it had. A comment line every 15 s keeps the connection alive.
 */
export const GatewayEventSchema = Type.Union([
  Type.Object({
    type: Type.Literal('snapshot'),
    status: GatewayStatusSchema,
    routers: Type.Array(RouterViewSchema),
    /** Newest first, at most 200, running ones included. */
    requests: Type.Array(RequestViewSchema),
    backends: Type.Array(BackendViewSchema),
    discovery,
  }),
  /** The whole request again at each change: started, routed, first token, finished. */
  Type.Object({ type: Type.Literal('request'), request: RequestViewSchema }),
  Type.Object({ type: Type.Literal('routers'), routers: Type.Array(RouterViewSchema) }),
  /** All local servers again, whenever one came, went or changed. */
  Type.Object({ type: Type.Literal('backends'), backends: Type.Array(BackendViewSchema), discovery }),
  /** The whole view again, whenever a path was lost, came back or changed; `GET /api/network` has it at the start. */
  Type.Object({ type: Type.Literal('network'), network: NetworkViewSchema }),
  /** At most once a second. */
  Type.Object({ type: Type.Literal('status'), status: GatewayStatusSchema }),
])

export type GatewayEvent = Static<typeof GatewayEventSchema>
