import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { messagesCodec } from '../../dialects/messages/codec.ts'
import { countMessageTokens } from '../../dialects/messages/count-tokens.ts'
import { readMessagesFacts } from '../../dialects/messages/read-facts.ts'
import { planQuestion } from '../../routing/plan.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { markEstimate, sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { createLlmHandler, type LlmApi, type LlmDependencies } from './llm-handler.ts'
import { readJsonBody } from './read-json-body.ts'

type MessagesDependencies = LlmDependencies & Pick<HttpDependencies, 'countTokens'>

/** Anthropic's Messages API, which Claude Code speaks, and its token count. */
export function messagesRoutes(dependencies: MessagesDependencies): RouteGroup {
  const handler = createLlmHandler(dependencies, messagesApi)
  const count = createCountHandler(dependencies)
  return ['/v1/messages', '/v1/v1/messages'].flatMap((path) => [
    { methods: ['POST'], path, access: 'llm', handler },
    { methods: ['POST'], path: `${path}/count_tokens`, access: 'llm', handler: count },
  ])
}

/**
 * Without a row, since it bills nobody: by the upstream itself where it counts, else by an estimate made here. Claude Code
 * asks for 25 counts in parallel. The model must be one that the key may use, as for a real request.
 */
function createCountHandler({ snapshot, countTokens }: MessagesDependencies) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { headers } = request.raw
    const { json, bytes, fields } = readJsonBody(request.body)
    const facts = readMessagesFacts(json, bytes.length, headers)
    const planned = planQuestion(facts, snapshot(request.identity?.allowedModels))
    const counted = await countTokens({ plan: planned, body: bytes, fields, dialectHeaders: anthropicHeaders(headers) })
    if (counted !== undefined) return sendJson(reply, { input_tokens: counted })
    return sendJson(markEstimate(reply), { input_tokens: countMessageTokens(json) })
  }
}

const messagesApi: LlmApi = {
  codec: messagesCodec,
  readFacts: readMessagesFacts,
  readUrl: () => ({}),
  prepareBody: (body) => body,
  dialectHeaders: anthropicHeaders,
}

function anthropicHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of ['anthropic-version', 'anthropic-beta']) {
    const value = headers[name]
    if (typeof value === 'string') kept[name] = value
  }
  return kept
}
