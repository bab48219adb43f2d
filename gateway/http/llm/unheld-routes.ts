import type { FastifyRequest } from 'fastify'
import { GatewayError } from '../../model/errors.ts'
import { pathOf } from '../request-path.ts'
import type { RouteDefinition, RouteGroup } from '../route-registry.ts'

const bases = ['/v1/responses', '/responses', '/v1/v1/responses'] as const

/**
 * Routes of the Responses API that stand on something kept: no answer is kept here. They exist to say so in that API's own
 * words, with a status that ends the client's attempt.
 */
export function unheldRoutes(): RouteGroup {
  return bases.flatMap((path): RouteDefinition[] => [
    { methods: ['GET', 'DELETE'], path: `${path}/:id`, access: 'llm', handler: refuseStored },
    { methods: ['GET'], path: `${path}/:id/input_items`, access: 'llm', handler: refuseStored },
    { methods: ['POST'], path: `${path}/:id/cancel`, access: 'llm', handler: refuseStored },
    { methods: ['POST'], path: `${path}/compact`, access: 'llm', handler: refuseCompaction },
    { methods: ['GET'], path, access: 'llm', handler: refuseSocket },
  ])
}

function refuseStored(request: FastifyRequest): never {
  const { id } = request.params as { readonly id: string }
  const shown = id.slice(0, 100).replaceAll(/[^\x21-\x7e]/gu, '?')
  throw new GatewayError(
    'not_found',
    `There is no response ${shown}: answers are not kept here, whatever "store" says. Send the whole conversation in "input" of POST /v1/responses.`,
    { param: 'response_id' },
  )
}

function refuseCompaction(request: FastifyRequest): never {
  throw new GatewayError(
    'not_found',
    `${pathOf(request.raw.url)} is not served: what it gives can be read by OpenAI alone. Ask for a summary with POST /v1/responses.`,
  )
}

/** Codex offers a WebSocket first; 426 is what makes it go on with plain requests. */
function refuseSocket(request: FastifyRequest): never {
  const isUpgrade = request.raw.headers.upgrade?.toLowerCase() === 'websocket'
  throw new GatewayError(
    'method_not_allowed',
    isUpgrade
      ? 'There is no WebSocket here. Send POST /v1/responses; streams come as server-sent events.'
      : `${pathOf(request.raw.url)} takes POST, not GET.`,
    isUpgrade ? { status: 426 } : {},
  )
}
