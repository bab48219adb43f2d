import { GatewayError } from '../../model/errors.ts'
import type { RequestControls } from '../../model/request-controls.ts'
import { isLoopbackName } from '../host-name.ts'

/**
 * Lets only this machine pretend failures (`mock_testing_fallbacks` and its kin): they cost a stranger nothing and the
 * owner a fallback. `address` is the connection's remote address.
 * @throws GatewayError `not_allowed`
 */
export function refuseForeignMock({ mockFailure }: RequestControls, address: string | undefined): void {
  if (mockFailure === undefined || isLoopbackName(address?.replace(/^::ffff:/u, '') ?? '')) return
  throw new GatewayError(
    'not_allowed',
    'Pretended failures (mock_testing_fallbacks and its kin) are taken from this machine only. Remove the field.',
  )
}
