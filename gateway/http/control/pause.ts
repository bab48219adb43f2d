import type { FastifyReply, FastifyRequest } from 'fastify'
import { PauseViewSchema } from '../../contract/pause.ts'
import { controlRoutes } from '../../contract/routes.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'

/** `POST /api/pause` and `/api/resume`: the main switch of the gateway. */
export function pauseRoutes({ pause }: Pick<HttpDependencies, 'pause'>): RouteGroup {
  const setting = (paused: boolean) => async (_request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, await pause.set(paused))
  return [
    {
      methods: ['POST'],
      path: controlRoutes.pause,
      access: 'control',
      handler: setting(true),
      documentation: { summary: 'LLM routes answer 503 paused until they are resumed', answer: PauseViewSchema },
    },
    {
      methods: ['POST'],
      path: controlRoutes.resume,
      access: 'control',
      handler: setting(false),
      documentation: { summary: 'LLM routes work again', answer: PauseViewSchema },
    },
  ]
}
