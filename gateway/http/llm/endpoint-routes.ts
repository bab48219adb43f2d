import { chatCodec } from '../../dialects/chat-completions/codec.ts'
import { readEndpointFacts } from '../../dialects/chat-completions/read-endpoint-facts.ts'
import type { RouteDefinition, RouteGroup } from '../route-registry.ts'
import { createLlmHandler, type LlmApi, type LlmDependencies } from './llm-handler.ts'
import { readUpload } from './read-upload.ts'

/** Endpoints with a JSON body that names a model. */
const jsonEndpoints = ['/embeddings', '/moderations', '/rerank', '/images/generations', '/audio/speech'] as const

/** Endpoints that take files and a model: forms, and JSON where a client sends it. */
const uploadEndpoints = ['/audio/transcriptions', '/audio/translations', '/images/edits', '/images/variations'] as const

/** OpenAI's other endpoints: the client's bytes through to a provider that has them, with key, plan, ledger row and cost. */
export function endpointRoutes(dependencies: LlmDependencies): RouteGroup {
  const routesOf = (endpoint: string, api: LlmApi, upload: boolean): RouteDefinition[] => {
    const handler = createLlmHandler(dependencies, api)
    return pathsOf(endpoint).map((path) => ({ methods: ['POST'], path, access: 'llm', handler, upload }))
  }
  return [
    ...jsonEndpoints.flatMap((endpoint) => routesOf(endpoint, endpointApi(endpoint), false)),
    ...uploadEndpoints.flatMap((endpoint) =>
      routesOf(endpoint, { ...endpointApi(endpoint), readBody: readUpload }, true),
    ),
  ]
}

function pathsOf(endpoint: string): string[] {
  const paths = [endpoint, `/v1${endpoint}`, `/v1/v1${endpoint}`]
  return endpoint === '/rerank' ? [...paths, '/v2/rerank'] : paths
}

function endpointApi(endpoint: string): LlmApi {
  return {
    codec: chatCodec,
    readTarget: () => ({ method: 'POST', path: endpoint }),
    readFacts: readEndpointFacts,
    readUrl: () => ({}),
    prepareBody: (body) => body,
    dialectHeaders: () => ({}),
  }
}
