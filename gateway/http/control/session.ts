import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes, uiPath } from '../../contract/routes.ts'
import { SessionRequestSchema } from '../../contract/status.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

type SessionDependencies = Pick<HttpDependencies, 'sessions' | 'masterKey'>

/** Sessions of the interface, and the master key for commands on this machine. */
export function sessionRoutes({ sessions, masterKey }: SessionDependencies): RouteGroup {
  const readRequest = bodyReaderFor(SessionRequestSchema)

  const exchange = (request: FastifyRequest, reply: FastifyReply) => {
    const token = sessions.exchange(readRequest(request.body).code)
    if (token !== undefined) return sendJson(reply, { token })
    throw new GatewayError(
      'invalid_key',
      'This link was used already or is too old. `signalbox ui` (npm run cli -- ui) prints a new one.',
    )
  }
  // Relative to where the caller reached us: the Host was judged before.
  const link = (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, { url: `http://${request.raw.headers.host ?? ''}${uiPath}#code=${sessions.issueCode()}` })

  const showMasterKey = (_request: FastifyRequest, reply: FastifyReply) => {
    const known = masterKey()
    if (known === undefined) throw new GatewayError('not_found', 'No master key is in use.')
    return sendJson(reply, { key: known.secret.reveal(), source: known.source })
  }
  return [
    { methods: ['POST'], path: controlRoutes.session, access: 'open', handler: exchange },
    { methods: ['POST'], path: controlRoutes.uiLink, access: 'control', handler: link },
    { methods: ['GET'], path: controlRoutes.masterKey, access: 'control', handler: showMasterKey },
  ]
}
