import type { Deployment } from '../../config/gateway-config.ts'
import { GatewayError } from '../../model/errors.ts'

/** A 400 for something that this upstream cannot be given. `what` is a sentence's object: "audio input". */
export function cannotCarry(deployment: Deployment, field: string, what: string): GatewayError {
  return new GatewayError(
    'unsupported_field',
    `${deployment.provider} (model ${deployment.upstreamModel}) takes no ${what}. Leave "${field}" out or choose another model.`,
    { param: field },
  )
}

/**
 * Runs a step that writes JSON. Tool arguments and schemas may be nested as deep as a client likes, and a text of such a
 * depth cannot be written: that is the client's error.
 */
export function writeWithinDepth<Result>(write: () => Result): Result {
  try {
    return write()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new GatewayError('invalid_field', 'The request is nested too deep. Send flatter tool arguments or schemas.', {
      param: 'messages',
    })
  }
}
