import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from '../../access/identity.ts'
import { readChatFacts } from '../../dialects/chat-completions/read-facts.ts'
import { GatewayError, toGatewayError } from '../../model/errors.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import { planHeaders } from '../../relay/answer-headers.ts'
import type { Caller } from '../../relay/relay-request.ts'
import type { Plan } from '../../routing/plan-types.ts'
import { outline, type PlanOutline } from '../../routing/plan.ts'
import { createCallId, readWantedCallId } from '../call-id.ts'
import { readClientIdentity } from '../client-identity.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import type { RouteGroup } from '../route-registry.ts'
import { createCallIds } from './call-ids.ts'
import { requireChatFields, withModel } from './chat-request.ts'
import { type ReadBody, readJsonBody } from './read-json-body.ts'
import { refusalRecord } from './refusal-record.ts'

type ChatDependencies = Pick<HttpDependencies, 'now' | 'monotonic' | 'snapshot' | 'relay' | 'ledger' | 'recordRefusal'>

/** Chat completions under every path that clients use; `/v1/v1` is what a base URL with one `/v1` too many makes of it. */
export function chatRoutes(dependencies: ChatDependencies): RouteGroup {
  const handler = createChatHandler(dependencies)
  const paths = [
    '/v1/chat/completions',
    '/chat/completions',
    '/v1/v1/chat/completions',
    '/engines/:model/chat/completions',
    '/v1/engines/:model/chat/completions',
    '/openai/deployments/:model/chat/completions',
  ]
  return paths.map((path) => ({ methods: ['POST'], path, access: 'llm', handler }))
}

/** The hot path: synchronous up to the relay, unless the client brings its own call id, which is looked up first. */
function createChatHandler(dependencies: ChatDependencies) {
  const { now, monotonic, snapshot, relay, recordRefusal } = dependencies
  const callIds = createCallIds(dependencies)

  const planRequest = (facts: RequestFacts, caller: Caller, identity: Identity, carried: Carried): Plan => {
    const refused = (error: GatewayError, planned: Plan | undefined): GatewayError => {
      const { callId, request, reply } = carried
      const totalMs = monotonic() - request.startedMonotonic
      if (planned !== undefined) reply.headers(planHeaders(planned))
      recordRefusal(
        refusalRecord({ callId, startedAt: request.startedAt, totalMs, caller, facts, plan: planned, error }),
      )
      return error
    }
    let planned: PlanOutline
    try {
      planned = outline(facts, snapshot(identity.allowedModels))
    } catch (thrown) {
      throw refused(toGatewayError(thrown), undefined)
    }
    if (planned.refusal !== undefined) throw refused(planned.refusal, planned)
    return planned
  }

  const carry = (request: FastifyRequest, reply: FastifyReply, callId: string): void => {
    // Every refusal from here on carries it; the relay writes its own head and repeats it.
    reply.header('x-litellm-call-id', callId)
    const identity = requireIdentity(request)
    const body = readBody(request)
    requireChatFields(body.json)
    const facts = readChatFacts(body.json, body.bytes.length, request.raw.headers)
    const caller = toCaller(identity, request)
    const planned = planRequest(facts, caller, identity, { request, reply, callId })
    reply.hijack()
    relay.chat({
      callId,
      startedAt: request.startedAt,
      startedMonotonic: request.startedMonotonic,
      caller,
      facts,
      features: planned.features ?? null,
      plan: planned,
      body: body.bytes,
      fields: body.fields,
      response: reply.raw,
    })
  }

  return (request: FastifyRequest, reply: FastifyReply): void | Promise<void> => {
    const wanted = readWantedCallId(request.raw.headers['x-litellm-call-id'])
    if (wanted === undefined) return carry(request, reply, createCallId(now()))
    return callIds.claim(wanted, reply.raw).then((callId) => carry(request, reply, callId))
  }
}

interface Carried {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly callId: string
}

function requireIdentity(request: FastifyRequest): Identity {
  if (request.identity === null) throw new GatewayError('missing_key', 'No key was sent.')
  return request.identity
}

function readBody(request: FastifyRequest): ReadBody {
  const body = readJsonBody(request.body)
  const model = (request.params as { readonly model?: string }).model
  return model === undefined ? body : withModel(body, model)
}

function toCaller(identity: Identity, request: FastifyRequest): Caller {
  const { agent, sessionId } = readClientIdentity(request.raw.headers)
  return { keyId: identity.keyId, keyAlias: identity.alias, agent, sessionId }
}
