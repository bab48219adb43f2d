import type { GatewayError } from '../model/errors.ts'

/** How providers say that reasoning state of an earlier turn is not theirs: a signature, a thought signature, encrypted content. */
const refusals =
  /invalid_encrypted_content|encrypted content|thought_?signature|invalid.{0,40}signature|signature.{0,40}invalid/i

/** True for a refusal that the same request without its opaque state would not get. */
export function refusesState(error: GatewayError): boolean {
  if (error.upstream?.status !== 400) return false
  return refusals.test(error.message) || refusals.test(error.upstream.code ?? '')
}
