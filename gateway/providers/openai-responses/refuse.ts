import { GatewayError } from '../../model/errors.ts'

/** A request that this wire cannot carry: names the field, the provider and what is wanted. */
export function unsupported(provider: string, field: string, why: string): GatewayError {
  return new GatewayError('unsupported_field', `${provider} cannot take "${field}": ${why}`, { param: field })
}
