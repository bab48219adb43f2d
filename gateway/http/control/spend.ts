import type { FastifyReply, FastifyRequest } from 'fastify'
import { controlRoutes } from '../../contract/routes.ts'
import { RepriceRequestSchema } from '../../contract/spend.ts'
import { spendCsv } from '../../ledger/spend-csv.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { queryParameters, queryText } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'

/** `GET /api/spend?by=&since=&until=…`: the report's own reader judges the query; and what one session cost. */
export function spendRoutes({ reports, reprice }: Pick<HttpDependencies, 'reports' | 'reprice'>): RouteGroup {
  const readReprice = bodyReaderFor(RepriceRequestSchema)
  const spend = async (request: FastifyRequest, reply: FastifyReply) => {
    const format = queryText(request, 'format') ?? 'json'
    if (format !== 'json' && format !== 'csv') {
      throw new GatewayError('invalid_field', 'format must be json or csv.', { param: 'format' })
    }
    const report = await reports.spendReport(queryParameters(request))
    return format === 'json' ? sendJson(reply, report) : sendCsv(reply, spendCsv(report))
  }
  const session = async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = request.params as { readonly id: string }
    const view = await reports.sessionView(id)
    if (view.turns.length > 0) return sendJson(reply, view)
    throw new GatewayError('not_found', 'There is no request of this session in the ledger.')
  }
  const anew = async (request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, await reprice(readReprice(request.body)))
  return [
    { methods: ['POST'], path: controlRoutes.reprice, access: 'control', handler: anew },
    { methods: ['GET'], path: controlRoutes.spend, access: 'control-read', handler: spend },
    { methods: ['GET'], path: '/api/sessions/:id', access: 'control-read', handler: session },
  ]
}

function sendCsv(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', 'attachment; filename="spend.csv"')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(text)
}
