import type { FastifyReply, FastifyRequest } from 'fastify'
import { RequestListSchema } from '../../contract/requests.ts'
import { type RequestStory, RequestStorySchema } from '../../contract/request-story.ts'
import { controlRoutes } from '../../contract/routes.ts'
import { isPlain, readRequestQuery } from '../../ledger/request-query.ts'
import type { RequestRecord } from '../../ledger/request-record.ts'
import { requestView } from '../../ledger/request-view.ts'
import type { SessionPlace } from '../../ledger/session-place.ts'
import { GatewayError } from '../../model/errors.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { sendJson } from '../json-reply.ts'
import { queryParameters } from '../query.ts'
import type { RouteGroup } from '../route-registry.ts'
import { requestStory } from './request-story.ts'
import { findRouter } from './router-view.ts'

type Dependencies = Pick<HttpDependencies, 'ledger' | 'feed' | 'reports' | 'labels' | 'priceOf' | 'snapshot' | 'logger'>

/** `GET /api/requests` and one of them: running ones from memory, finished ones from the ledger. */
export function requestRoutes(dependencies: Dependencies): RouteGroup {
  const { ledger, feed, reports } = dependencies
  const list = async (request: FastifyRequest, reply: FastifyReply) => {
    const query = readRequestQuery(queryParameters(request))
    if (!isPlain(query)) return sendJson(reply, await reports.findRequests(query))
    const { limit, before } = query
    const records = before === undefined ? await ledger.recent(limit) : await ledger.recent(limit, before)
    const next = records.length < limit ? null : (records.at(-1)?.id ?? null)
    return sendJson(reply, { requests: records.map(requestView), next, bounded: false })
  }
  const find = async (request: FastifyRequest, reply: FastifyReply) => {
    const { id } = request.params as { readonly id: string }
    const record = await ledger.find(id)
    if (record !== undefined) return sendJson(reply, await storyOf(record, dependencies))
    const running = feed.recent().find((view) => view.id === id)
    if (running !== undefined) return sendJson(reply, { ...running, ...noStory } satisfies RequestStory)
    throw new GatewayError('not_found', 'There is no request with this call id in the ledger.')
  }
  return [
    {
      methods: ['GET'],
      path: controlRoutes.requests,
      access: 'control-read',
      handler: list,
      documentation: { summary: 'Requests, newest first, with filters and search', answer: RequestListSchema },
    },
    {
      methods: ['GET'],
      path: `${controlRoutes.requests}/:id`,
      access: 'control-read',
      handler: find,
      documentation: { summary: 'One request and the whole story of it', answer: RequestStorySchema },
    },
  ]
}

const noStory = {
  why: null,
  candidates: [],
  sameTokens: null,
  sessionSummary: null,
  label: null,
  canLabel: false,
}

async function storyOf(record: RequestRecord, dependencies: Dependencies): Promise<RequestStory> {
  const snapshot = dependencies.snapshot(undefined)
  const [session, label] = await Promise.all([sessionOf(record, dependencies), dependencies.labels.find(record.id)])
  const router = record.router === null ? undefined : findRouter(record.router, snapshot)
  return requestStory(record, { config: snapshot.config, router, priceOf: dependencies.priceOf, session, label })
}

/** A page without its session is better than none. */
async function sessionOf(
  { sessionId, startedAt }: RequestRecord,
  { reports, logger }: Dependencies,
): Promise<SessionPlace | undefined> {
  if (sessionId === null) return undefined
  try {
    return await reports.sessionPlace({ session: sessionId, startedAt })
  } catch (failure) {
    logger.warn({ err: failure }, 'the session of a request could not be read')
    return undefined
  }
}
