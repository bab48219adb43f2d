import type { FastifyReply, FastifyRequest } from 'fastify'
import { createGeminiCodec } from '../../dialects/gemini/codec.ts'
import { countGeminiTokens } from '../../dialects/gemini/count-tokens.ts'
import { readGeminiFacts } from '../../dialects/gemini/read-facts.ts'
import type { UrlFacts } from '../../dialects/request-source.ts'
import { GatewayError } from '../../model/errors.ts'
import { isJsonObject } from '../../model/json.ts'
import { type ListedModel, listModels } from '../../routing/list-models.ts'
import { planQuestion } from '../../routing/plan.ts'
import { markEstimate, sendJson } from '../json-reply.ts'
import type { RouteGroup } from '../route-registry.ts'
import { createLlmHandler, type LlmApi, type LlmDependencies } from './llm-handler.ts'
import { readJsonBody } from './read-json-body.ts'

/** Gemini's API, which Gemini CLI speaks: the model and the method stand in the path. */
export function geminiRoutes(dependencies: LlmDependencies): RouteGroup {
  const sse = createLlmHandler(dependencies, geminiApi('sse'))
  const array = createLlmHandler(dependencies, geminiApi('json-array'))
  const count = createCountHandler(dependencies)

  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    const { method } = readTarget(request)
    if (method === 'countTokens') return count(request, reply)
    const wantsArray = method === 'streamGenerateContent' && !/[?&]alt=sse(?:&|$)/u.test(request.raw.url ?? '')
    return wantsArray ? array(request, reply) : sse(request, reply)
  }
  const visible = (request: FastifyRequest) =>
    listModels(dependencies.snapshot(request.identity?.allowedModels)).map(geminiModel)
  const list = (request: FastifyRequest, reply: FastifyReply) => sendJson(reply, { models: visible(request) })
  const find = (request: FastifyRequest, reply: FastifyReply) => {
    const id = (request.params as { readonly '*': string })['*']
    const found = visible(request).find(({ displayName }) => displayName === id)
    if (found !== undefined) return sendJson(reply, found)
    throw new GatewayError(
      'model_not_found',
      `There is no model "${id.slice(0, 200)}"; GET /v1beta/models lists them.`,
      {
        status: 404,
      },
    )
  }
  return ['/v1beta/models', '/v1/v1beta/models'].flatMap((path) => [
    { methods: ['POST'], path: `${path}/*`, access: 'llm', handler },
    { methods: ['GET', 'HEAD'], path, access: 'llm', handler: list },
    { methods: ['GET', 'HEAD'], path: `${path}/*`, access: 'llm', handler: find },
  ])
}

function geminiModel(model: ListedModel) {
  return {
    name: `models/${model.name}`,
    displayName: model.name,
    inputTokenLimit: model.contextWindow,
    outputTokenLimit: model.maxOutputTokens,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent', 'countTokens'],
  }
}

interface GeminiTarget {
  readonly model: string
  readonly method: 'generateContent' | 'streamGenerateContent' | 'countTokens'
}

/** `{model}:{method}`; a model id may hold slashes, as written or percent-encoded, and colons. */
function readTarget(request: FastifyRequest): GeminiTarget {
  const target = (request.params as { readonly '*': string })['*']
  const match = /^(.+):(generateContent|streamGenerateContent|countTokens)$/u.exec(target)
  if (match?.[1] === undefined) {
    throw new GatewayError(
      'not_found',
      'The path must be /v1beta/models/{model}:generateContent, :streamGenerateContent or :countTokens.',
    )
  }
  return { model: match[1], method: match[2] as GeminiTarget['method'] }
}

function readUrl(request: FastifyRequest): UrlFacts {
  const { model, method } = readTarget(request)
  return { model, stream: method === 'streamGenerateContent' }
}

function geminiApi(framing: 'sse' | 'json-array'): LlmApi {
  return {
    codec: createGeminiCodec({ framing }),
    readFacts: readGeminiFacts,
    readUrl,
    prepareBody: (body) => body,
    dialectHeaders: () => ({}),
  }
}

function createCountHandler({ snapshot }: LlmDependencies) {
  return (request: FastifyRequest, reply: FastifyReply) => {
    const { json, bytes } = readJsonBody(request.body)
    // The whole request may stand inside, as the SDKs send it.
    const asked = isJsonObject(json.generateContentRequest) ? json.generateContentRequest : json
    const facts = readGeminiFacts(asked, bytes.length, request.raw.headers, readUrl(request))
    planQuestion(facts, snapshot(request.identity?.allowedModels))
    return sendJson(markEstimate(reply), { totalTokens: countGeminiTokens(json) })
  }
}
