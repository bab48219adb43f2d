import { messagesErrorStatus } from '../dialects/messages/error-body.ts'
import type { Dialect } from '../model/dialect.ts'
import type { GatewayError } from '../model/errors.ts'

/**
 * The HTTP status of an error in the words of the client's API (wire-formats §7.5): an overloaded upstream is 529 to
 * clients of Messages and 503 to all others, who do not know 529. Pure.
 */
export function clientStatus(error: GatewayError, dialect: Dialect): number {
  if (dialect === 'messages') return messagesErrorStatus(error)
  return error.status === 529 ? 503 : error.status
}
