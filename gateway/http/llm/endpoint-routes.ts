import type { FastifyRequest } from 'fastify'
import { chatCodec } from '../../dialects/chat-completions/codec.ts'
import { readEndpointFacts } from '../../dialects/chat-completions/read-endpoint-facts.ts'
import type { RouteGroup } from '../route-registry.ts'
import { createLlmHandler, type LlmApi, type LlmDependencies } from './llm-handler.ts'

/** Endpoints with a JSON body that names a model. Uploads (transcriptions, files) are multipart, which no route takes. */
const endpoints = ['/embeddings', '/moderations', '/rerank', '/images/generations', '/audio/speech'] as const

/** OpenAI's other endpoints: the client's bytes through to a provider that has them, with key, plan, ledger row and cost. */
export function endpointRoutes(dependencies: LlmDependencies): RouteGroup {
  return endpoints.flatMap((endpoint) => {
    const handler = createLlmHandler(dependencies, endpointApi(endpoint))
    return [endpoint, `/v1${endpoint}`, `/v1/v1${endpoint}`].map((path) => ({
      methods: ['POST'] as const,
      path,
      access: 'llm' as const,
      handler,
    }))
  })
}

function endpointApi(endpoint: string): LlmApi {
  return {
    codec: chatCodec,
    endpoint,
    readFacts: (body, bodyBytes, headers) => readEndpointFacts(body, bodyBytes, headers),
    readUrl: (_request: FastifyRequest) => ({}),
    prepareBody: (body) => body,
    dialectHeaders: () => ({}),
  }
}
