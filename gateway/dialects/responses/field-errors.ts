import { GatewayError } from '../../model/errors.ts'

/** A field with the wrong shape: what it is called and what is wanted. */
export function invalidField(param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_field', `The field "${param}" must be ${wanted}.`, { param })
}

/** A wish that a gateway without a memory of its own cannot grant, or that no other wire has. */
export function unsupportedField(param: string, why: string): GatewayError {
  return new GatewayError('unsupported_field', `The field "${param}" cannot be served here: ${why}`, { param })
}
