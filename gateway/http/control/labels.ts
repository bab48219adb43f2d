import type { FastifyReply, FastifyRequest } from 'fastify'
import { LabelListSchema, LabelRequestSchema, LabelSchema } from '../../contract/request-story.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { bodyReaderFor } from '../validate.ts'
import { labelView } from './label-view.ts'
import { canLabel } from './request-story.ts'

const mostLabels = 1000

type Dependencies = Pick<HttpDependencies, 'ledger' | 'labels' | 'now'>

/** "Wrong tier?": what a request should have been, kept with its features. */
export function labelRoutes({ ledger, labels, now }: Dependencies): RouteGroup {
  const readLabel = bodyReaderFor(LabelRequestSchema)
  const path = `${controlRoutes.requests}/:id/label`

  const put = async (request: FastifyRequest, reply: FastifyReply) => {
    const { tier } = readLabel(request.body)
    const record = await ledger.find(idOf(request))
    if (record === undefined) throw new GatewayError('not_found', 'There is no finished request with this call id.')
    const { id, startedAt, router, tier: decided, features } = record
    if (!canLabel(record) || router === null || decided === null || features === null) {
      const message = 'No router decided this request by its text, so there is nothing a label could teach.'
      throw new GatewayError('conflict', message)
    }
    const label = { id, startedAt, router, decided, tier, features, at: now() }
    await labels.put(label)
    return sendJson(reply, labelView(label))
  }
  const remove = async (request: FastifyRequest, reply: FastifyReply) => {
    const id = idOf(request)
    if (await labels.delete(id)) return sendJson(reply, { deleted: id })
    throw new GatewayError('not_found', 'This request has no label.')
  }
  const list = async (_request: FastifyRequest, reply: FastifyReply) =>
    sendJson(reply, { labels: (await labels.recent(mostLabels)).map(labelView) })

  return [
    {
      methods: ['POST'],
      path,
      access: 'control',
      handler: put,
      documentation: {
        summary: 'Says which tier a request should have had; keeps its features, not its text',
        body: LabelRequestSchema,
        answer: LabelSchema,
      },
    },
    {
      methods: ['DELETE'],
      path,
      access: 'control',
      handler: remove,
      documentation: { summary: 'Takes a label back' },
    },
    {
      methods: ['GET'],
      path: controlRoutes.labels,
      access: 'control-read',
      handler: list,
      documentation: { summary: 'Labels, newest first', answer: LabelListSchema },
    },
  ]
}

function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id
}
