import { GatewayError } from '../../model/errors.ts'
import type { RouteGroup } from '../route-registry.ts'

const paths = [
  '/v1/responses',
  '/responses',
  '/v1/v1/responses',
  '/v1/messages',
  '/v1/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/v1/messages/count_tokens',
  '/v1/embeddings',
  '/embeddings',
  '/v1/completions',
  '/completions',
] as const

/** Routes of later versions: refused in the words of their own API, so that a client stops and says why. */
export function unbuiltRoutes(): RouteGroup {
  const handler = (): never => {
    throw new GatewayError(
      'not_found',
      'This version of Signalbox speaks chat completions only: POST /v1/chat/completions. This route comes with a later version.',
    )
  }
  return [
    ...paths.map((path) => ({ methods: ['POST'] as const, path, access: 'llm' as const, handler })),
    { methods: ['GET', 'POST'], path: '/v1beta/*', access: 'llm', handler },
  ]
}
