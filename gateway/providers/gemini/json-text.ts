import { GatewayError } from '../../model/errors.ts'
import type { JsonValue } from '../../model/json.ts'

/**
 * A value as JSON text. Arguments of a call are read from text of any depth, and writing them uses the stack.
 * @throws GatewayError `invalid_field` for nesting that cannot be written
 */
export function jsonText(value: JsonValue, param: string): string {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    throw new GatewayError('invalid_field', `The field "${param}" is nested too deep to be sent on.`, { param, cause })
  }
}
