import type { FastifyReply, FastifyRequest } from 'fastify'
import { ExplainRequestSchema } from '../../contract/routers.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { readAnyRequest } from '../../dialects/read-any-request.ts'
import { explain } from '../../routing/explain.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

/** `POST /api/route/explain`: what would happen to a request. Sends nothing, keeps nothing; so it counts as reading. */
export function explainRoutes({ snapshot }: Pick<HttpDependencies, 'snapshot'>): RouteGroup {
  const readRequest = bodyReaderFor(ExplainRequestSchema)
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    const facts = readAnyRequest(readRequest(request.body))
    return sendJson(reply, explain(facts, snapshot(request.identity?.allowedModels)))
  }
  return [{ methods: ['POST'], path: controlRoutes.explain, access: 'control-read', handler }]
}
