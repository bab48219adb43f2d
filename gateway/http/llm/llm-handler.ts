import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from '../../access/identity.ts'
import type { DialectCodec } from '../../dialects/codec.ts'
import type { RequestHeaders, UrlFacts } from '../../dialects/request-source.ts'
import { GatewayError, toGatewayError } from '../../model/errors.ts'
import type { JsonObject } from '../../model/json.ts'
import type { RequestFacts } from '../../model/request-facts.ts'
import { planHeaders } from '../../relay/answer-headers.ts'
import type { Caller } from '../../relay/relay-request.ts'
import type { Plan } from '../../routing/plan-types.ts'
import { outlineOnAccount } from '../../routing/account-plan.ts'
import { outline } from '../../routing/plan.ts'
import { createCallId, readWantedCallId } from '../call-id.ts'
import { readClientIdentity } from '../client-identity.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { type AdmittedPlan, admitPlan } from './admit-plan.ts'
import { createCallIds } from './call-ids.ts'
import { keyedFacts } from './keyed-facts.ts'
import { refuseForeignMock } from './mock-failures.ts'
import { type ReadBody, readJsonBody } from './read-json-body.ts'
import type { ReadUpload } from './read-upload.ts'
import { refusalRecord } from './refusal-record.ts'

export type LlmDependencies = Pick<
  HttpDependencies,
  'now' | 'monotonic' | 'snapshot' | 'relay' | 'ledger' | 'recordRefusal' | 'admission'
>

/** What an endpoint other than a conversation is upstream: the path stands behind the base URL. */
export interface EndpointTarget {
  readonly method: 'POST' | 'GET' | 'DELETE'
  readonly path: string
}

/** What one API of the gateway adds to the way of every LLM request. */
export interface LlmApi {
  readonly codec: DialectCodec
  /** Set for endpoints other than conversations. */
  readonly readTarget?: (request: FastifyRequest) => EndpointTarget
  /** True for what one account keeps (files): one deployment is asked, and no other. */
  readonly keptByAccount?: boolean
  /** Reads the body where it need not be JSON. */
  readonly readBody?: (request: FastifyRequest) => ReadUpload
  /** True for a form of the dialect that no upstream is asked in: it never passes through. */
  readonly alwaysTranslated?: boolean
  readonly readFacts: (body: JsonObject, bodyBytes: number, headers: RequestHeaders, url: UrlFacts) => RequestFacts
  /** Model and stream, where the URL says them. */
  readonly readUrl: (request: FastifyRequest) => UrlFacts
  /** Checks and changes of the body before it is read; throws GatewayError. */
  readonly prepareBody: (body: ReadBody, url: UrlFacts) => ReadBody
  /** Headers of the client that an upstream of the same dialect may see. */
  readonly dialectHeaders: (headers: IncomingHttpHeaders) => Readonly<Record<string, string>>
}

export type LlmHandler = (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>

/** The hot path: synchronous up to the relay, unless the client brings its own call id, which is looked up first. */
export function createLlmHandler(dependencies: LlmDependencies, api: LlmApi): LlmHandler {
  const { now, monotonic, snapshot, relay, recordRefusal, admission } = dependencies
  const callIds = createCallIds(dependencies)

  const planRequest = (facts: RequestFacts, caller: Caller, identity: Identity, carried: Carried): AdmittedPlan => {
    const refused = (error: GatewayError, planned: Plan | undefined): GatewayError => {
      const { callId, request, reply } = carried
      const totalMs = monotonic() - request.startedMonotonic
      if (planned !== undefined) reply.headers(planHeaders(planned))
      recordRefusal(
        refusalRecord({ callId, startedAt: request.startedAt, totalMs, caller, facts, plan: planned, error }),
      )
      return error
    }
    const state = snapshot(identity.allowedModels)
    let planned: Plan
    try {
      const makePlan = api.keptByAccount === true ? outlineOnAccount : outline
      planned = makePlan(facts, state)
    } catch (thrown) {
      throw refused(toGatewayError(thrown), undefined)
    }
    // With something to wait for, the relay has the last word.
    if (planned.refusal !== undefined && planned.waiting.length === 0) throw refused(planned.refusal, planned)
    const writesText = api.readTarget === undefined
    const verdict = admitPlan(admission, { facts, identity, snapshot: state, plan: planned, writesText })
    if (verdict.kind === 'admitted') return verdict
    carried.reply.headers(verdict.headers)
    throw refused(verdict.error, planned)
  }

  const carry = (request: FastifyRequest, reply: FastifyReply, callId: string): void => {
    // Every refusal from here on carries it; the relay writes its own head and repeats it.
    reply.header('x-litellm-call-id', callId)
    const identity = requireIdentity(request)
    const url = api.readUrl(request)
    const { headers } = request.raw
    const target = api.readTarget?.(request)
    const read: ReadUpload = api.readBody?.(request) ?? readJsonBody(request.body)
    const body = api.prepareBody(read, url)
    const facts = keyedFacts(api.readFacts(body.json, body.bytes.length, headers, url), identity.settings)
    refuseForeignMock(facts.controls, request.raw.socket.remoteAddress)
    const { agent, sessionId } = readClientIdentity(headers, identity.settings.agent)
    const caller: Caller = {
      keyId: identity.keyId,
      keyAlias: identity.alias,
      userId: identity.settings.userId,
      teamId: identity.settings.teamId,
      agent,
      sessionId,
    }
    const admitted = planRequest(facts, caller, identity, { request, reply, callId })
    reply.hijack()
    relay.carry({
      callId,
      startedAt: request.startedAt,
      startedMonotonic: request.startedMonotonic,
      caller,
      facts,
      features: admitted.plan.features ?? null,
      plan: admitted.plan,
      keyHeaders: admitted.headers,
      onFinished: admitted.finish,
      body: body.bytes,
      fields: body.fields,
      ...(target === undefined ? {} : { endpoint: target.path, method: target.method }),
      ...(read.form === undefined ? {} : { form: read.form }),
      alwaysTranslated: api.alwaysTranslated ?? false,
      codec: api.codec,
      input: { body: body.json, headers, url },
      dialectHeaders: api.dialectHeaders(headers),
      response: reply.raw,
    })
  }

  return (request, reply) => {
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
