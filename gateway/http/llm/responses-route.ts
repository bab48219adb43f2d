import { readResponsesFacts } from '../../dialects/responses/read-facts.ts'
import { responsesCodec } from '../../dialects/responses/codec.ts'
import type { RouteGroup } from '../route-registry.ts'
import { createLlmHandler, type LlmApi, type LlmDependencies } from './llm-handler.ts'

/** OpenAI's Responses API, which Codex speaks. Nothing is stored, so there is no route to read a response again. */
export function responsesRoutes(dependencies: LlmDependencies): RouteGroup {
  const handler = createLlmHandler(dependencies, responsesApi)
  return ['/v1/responses', '/responses', '/v1/v1/responses'].map((path) => ({
    methods: ['POST'],
    path,
    access: 'llm',
    handler,
  }))
}

const responsesApi: LlmApi = {
  codec: responsesCodec,
  readFacts: readResponsesFacts,
  readUrl: () => ({}),
  prepareBody: (body) => body,
  dialectHeaders: () => ({}),
}
