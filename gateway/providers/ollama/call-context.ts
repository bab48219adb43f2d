import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { FlatToolNames } from '../../model/flatten-tools.ts'

/** What every step of writing one call needs. */
export interface CallContext {
  readonly deployment: Deployment
  readonly names: FlatToolNames
  /** A loss, for `x-signalbox-warning`; the same one is told once. */
  readonly warn: (text: string) => void
}

/** The refusal of what this API cannot carry. */
export function unsupported({ deployment }: CallContext, field: string, why: string): GatewayError {
  return new GatewayError(
    'unsupported_field',
    `${deployment.provider} (model ${deployment.upstreamModel}) cannot take "${field}": ${why}`,
    { param: field },
  )
}
