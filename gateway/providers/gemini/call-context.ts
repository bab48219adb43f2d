import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'
import type { OpaqueScope } from '../../model/parts.ts'
import type { ModelTraits } from './model-traits.ts'
import type { GeminiToolNames } from './tool-names.ts'

/** What every step of writing one request needs. */
export interface CallContext {
  readonly deployment: Deployment
  readonly traits: ModelTraits
  readonly scope: OpaqueScope
  readonly names: GeminiToolNames
  /** Notes something that was lost or changed; the same text counts once. */
  readonly warn: (text: string) => void
}

/** The refusal of something that this upstream cannot carry. */
export function unsupported(context: Pick<CallContext, 'deployment'>, field: string, why: string): GatewayError {
  const { provider, upstreamModel } = context.deployment
  return new GatewayError('unsupported_field', `${provider} (model ${upstreamModel}) cannot take "${field}": ${why}`, {
    param: field,
  })
}
