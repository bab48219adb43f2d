import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import { type SetupRequestOutcome, SetupRequestOutcomeSchema, SetupRequestSchema } from '../../contract/setup.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

/** Enough for a look, and no bill to fear. */
const mostTokens = 1_024

/**
 * `POST /api/setup/request`: the first request from the interface, which has no key for models and should not get one.
 * It goes through the whole of `/v1/chat/completions` within this process, so what is shown is what a client would get.
 */
export function firstRequestRoutes({ masterKey }: Pick<HttpDependencies, 'masterKey'>): RouteGroup {
  const readRequest = bodyReaderFor(SetupRequestSchema)
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { model, prompt } = readRequest(request.body)
    const key = masterKey()
    if (key === undefined) throw new GatewayError('not_found', 'No master key is in use, so nothing can be sent.')
    const answer = await request.server.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: {
        host: request.raw.headers.host ?? '',
        authorization: `Bearer ${key.secret.reveal()}`,
        'user-agent': 'signalbox',
      },
      payload: { model, max_tokens: mostTokens, messages: [{ role: 'user', content: prompt }] },
    })
    const callId = answer.headers['x-litellm-call-id']
    return sendJson(reply, {
      status: answer.statusCode,
      callId: typeof callId === 'string' ? callId : null,
      error: answer.statusCode < 400 ? null : errorOf(answer.body),
    } satisfies SetupRequestOutcome)
  }
  return [
    {
      methods: ['POST'],
      path: controlRoutes.setupRequest,
      access: 'control',
      handler,
      documentation: {
        summary: 'Sends a first request as a client would',
        body: SetupRequestSchema,
        answer: SetupRequestOutcomeSchema,
      },
    },
  ]
}

function errorOf(body: string): string {
  try {
    const { error } = JSON.parse(body) as { readonly error?: { readonly message?: unknown } }
    if (typeof error?.message === 'string') return error.message
  } catch {
    // Told below: an answer that is no JSON says nothing of its own.
  }
  return 'The gateway refused the request and did not say why.'
}
